import type { NotificationRecord } from '../domain/notification-record.js';

/** Where a record stands. */
export interface RecordPlace {
  /** Name of the input. */
  readonly file: string;
  /** First line of its body, from 1. */
  readonly line: number;
  /** Known from the journal only. */
  readonly receivedAt?: Date | undefined;
}

/** One record and where it stands. */
export interface ReadItem extends RecordPlace {
  readonly record: NotificationRecord;
}
