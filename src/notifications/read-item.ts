import type { NotificationRecord } from '../domain/notification-record.js';

/** One record and where it stands. */
export interface ReadItem {
  readonly record: NotificationRecord;
  /** Name of the input. */
  readonly file: string;
  /** First line of its body, from 1. */
  readonly line: number;
  /** Known from the journal only. */
  readonly receivedAt?: Date | undefined;
}
