import type { NotificationRecord } from '../domain/notification-record.js';

/** How an X number was used, by the records that were read. */
export interface NumberUse {
  calls: number;
  answered: number;
  texts: number;
  /** Start of the latest call. */
  lastCallAt: Date | undefined;
  /** The latest of calls and texts. */
  lastUseAt: Date | undefined;
}

/**
 * Counts calls and texts of every X (and Y) from `from` on; a record without a time counts.
 * @returns use by number; a number without any is not in it.
 */
export async function tallyUse(
  records: AsyncIterable<NotificationRecord>,
  from: Date,
): Promise<ReadonlyMap<string, NumberUse>> {
  const uses = new Map<string, NumberUse>();
  for await (const record of records) {
    if (record.kind !== 'CallRecord' && record.kind !== 'Sms') continue;
    const at = record.kind === 'Sms' ? record.at : (record.startedAt ?? record.endedAt);
    if (at !== undefined && at < from) continue;
    const numbers = record.kind === 'Sms' ? [record.x] : [record.x, record.y];
    for (const number of numbers) {
      if (number === undefined) continue;
      const use = uses.get(number) ?? emptyUse();
      uses.set(number, use);
      use.lastUseAt = latest(use.lastUseAt, at);
      if (record.kind === 'Sms') {
        use.texts += 1;
        continue;
      }
      use.calls += 1;
      if (record.outcome === 'answered') use.answered += 1;
      use.lastCallAt = latest(use.lastCallAt, at);
    }
  }
  return uses;
}

/** The use of a number that no record names. */
export function emptyUse(): NumberUse {
  return { calls: 0, answered: 0, texts: 0, lastCallAt: undefined, lastUseAt: undefined };
}

function latest(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}
