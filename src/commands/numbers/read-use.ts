import type { NotificationRecord } from '../../domain/notification-record.js';
import type { Words } from '../../domain/text-pair.js';
import { tallyUse, type NumberUse } from '../../numbers/tally-use.js';
import type { CommandContext } from '../command-context.js';
import { EMPTY_JOURNAL, openRecords } from '../open-records.js';

/** A day in milliseconds. */
export const DAY_MS = 86_400_000;

/** Use of every X by the journal. */
export interface JournalUse {
  readonly use: ReadonlyMap<string, NumberUse>;
  /** What could not be read, for people. */
  readonly warnings: readonly Words[];
  /** Arrival of the first push that was read; `undefined` without any. */
  readonly firstAt: Date | undefined;
}

/** Reads the journal from `from` on and counts calls and texts of every number. @throws AppError `storage-…`. */
export async function readUse(context: CommandContext, from: Date): Promise<JournalUse> {
  const records = await openRecords(context, [], { from, kinds: ['CallRecord', 'Sms'] });
  const progress = await context.progress({ zh: '正在读取推送日志', en: 'reading the journal' });
  const whole = async function* (): AsyncGenerator<NotificationRecord> {
    for await (const { record } of records.items) yield record;
  };
  try {
    const use = await tallyUse(whole(), from);
    const warnings = records.warnings.filter((warning) => warning !== EMPTY_JOURNAL);
    return { use, warnings, firstAt: records.firstPushAt() };
  } finally {
    progress.stop();
  }
}
