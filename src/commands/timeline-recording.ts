import type { CallRecord } from '../domain/call-record.js';
import { planRecordings } from '../recordings/plan-recordings.js';
import type { Store } from '../store/store.js';
import type { ReadItem } from '../notifications/read-item.js';

/** Where the recording of a call is. */
export interface TimelineRecording {
  readonly state: 'waiting' | 'archived' | 'expired' | 'too-short' | 'no-location';
  readonly fileName?: string | undefined;
  readonly domain?: string | undefined;
  /** When the platform deletes it, at the latest. */
  readonly fetchBy?: Date | undefined;
  /** Until then, one decimal place; never below 0. */
  readonly hoursLeft?: number | undefined;
  /** Absolute path in the archive. */
  readonly file?: string | undefined;
}

/**
 * What became of the recording of a call: counted from the arrival of its CDR, else from its end.
 * @returns `undefined` for a call that was not recorded.
 * Source: pn_faq_spec07 (read 2026-07).
 */
export async function findRecording(
  items: readonly ReadItem[],
  archive: Store['archive'],
  now: Date,
): Promise<TimelineRecording | undefined> {
  const records = items.flatMap(({ record, receivedAt }) =>
    record.kind === 'CallRecord' ? [{ record, receivedAt }] : [],
  );
  const plan = await planRecordings(records, { archive }, now);
  const of = ({ recording }: CallRecord) => ({ fileName: recording?.fileName, domain: recording?.domain });
  const [archived] = plan.archived;
  if (archived !== undefined) return { state: 'archived', ...of(archived.record), file: archived.entry.file };
  const [waiting] = plan.toFetch;
  if (waiting !== undefined) {
    const { fetchBy, record } = waiting;
    const hoursLeft =
      fetchBy === undefined ? undefined : Math.max(0, Math.round((fetchBy.getTime() - now.getTime()) / 360_000) / 10);
    return { state: 'waiting', ...of(record), fetchBy, hoursLeft };
  }
  const [expired] = plan.expired;
  if (expired !== undefined) return { state: 'expired', ...of(expired.record), fetchBy: expired.fetchBy };
  if (plan.tooShort.length > 0) return { state: 'too-short' };
  return plan.withoutLocation.length > 0 ? { state: 'no-location' } : undefined;
}
