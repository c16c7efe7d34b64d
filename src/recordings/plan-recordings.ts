import { archiveKey, isArchived } from './archive-key.js';
import type { CallRecord } from '../domain/call-record.js';
import type { ArchiveEntry } from '../store/archive-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';
import type { RecordingNote } from '../store/recording-note.js';

/** A call record and when it was received. */
export interface PlannedRecord {
  readonly record: CallRecord;
  readonly receivedAt?: Date | undefined;
}

/** One recording of the plan. */
export interface RecordingItem {
  /** See `archiveKey`. */
  readonly key: string;
  readonly record: CallRecord;
  /** To be fetched by then at the latest; `undefined` when the record holds no time at all. */
  readonly fetchBy: Date | undefined;
  /** What `fetchBy` is counted from. */
  readonly basis: 'arrival' | 'call-end' | 'unknown';
  /** What earlier runs have left to say, unless it is settled. */
  readonly note?: RecordingNote | undefined;
}

/** What is known of recordings; nothing of what is left out. */
export interface RecordingShelf {
  readonly archive?: Pick<KeyedLog<ArchiveEntry>, 'entries'> | undefined;
  readonly recordingNotes?: Pick<KeyedLog<RecordingNote>, 'entries'> | undefined;
}

/** What is to be done with the recordings of some call records. Records of calls that were not recorded are in none. */
export interface RecordingPlan {
  /** Soonest to expire first. */
  readonly toFetch: readonly RecordingItem[];
  readonly archived: readonly (RecordingItem & { readonly entry: ArchiveEntry })[];
  /** Calls of under 3 seconds: the platform keeps no file. */
  readonly tooShort: readonly CallRecord[];
  /** Past their seven days: the platform has deleted them. */
  readonly expired: readonly RecordingItem[];
  /** Recorded, but the record names no file and no address. */
  readonly withoutLocation: readonly CallRecord[];
}

/** Recordings live so long, counted from the push of the CDR. Source: pn_faq_spec07 (read 2026-07). */
const RETENTION_MS = 7 * 86_400_000;
/** The platform pushes a CDR up to 623 minutes after the call (1+4+9+106+203+300). Source: privatenumber_02_0006a. */
const LATEST_PUSH_MS = 623 * 60_000;
/** Shortest call with a file. Source: pn_faq_spec07 (read 2026-07). */
const SHORTEST_SECONDS = 3;

/**
 * Sorts call records by what their recordings need. A recording listed twice counts once, with the earlier deadline. Where
 * the arrival of the CDR is not known, `fetchBy` is counted from the end of the call; the platform counts from the push,
 * so such a recording is tried until the latest possible push is seven days old.
 */
export async function planRecordings(
  records: Iterable<PlannedRecord> | AsyncIterable<PlannedRecord>,
  shelf: RecordingShelf,
  now: Date,
): Promise<RecordingPlan> {
  const items = new Map<string, RecordingItem>();
  const tooShort = new Map<string, CallRecord>();
  const withoutLocation: CallRecord[] = [];
  for await (const { record, receivedAt } of records) {
    if (record.recording === undefined) continue;
    const key = archiveKey(record.recording);
    if (record.talkSeconds !== undefined && record.talkSeconds < SHORTEST_SECONDS) {
      tooShort.set(key ?? `${record.sessionId ?? ''}:${record.icid ?? tooShort.size}`, record);
    } else if (key === undefined) {
      withoutLocation.push(record);
    } else {
      const item = { key, record, ...deadlineOf(record, receivedAt) };
      const earlier = items.get(key);
      if (earlier === undefined || deadline(item) < deadline(earlier)) items.set(key, item);
    }
  }
  const toFetch: RecordingItem[] = [];
  const archived: RecordingPlan['archived'][number][] = [];
  const expired: RecordingItem[] = [];
  // Read once: asking the file for each of ten thousand keys takes seconds.
  const entries = await entriesOf(shelf.archive);
  const notes = await entriesOf(shelf.recordingNotes);
  for (const found of items.values()) {
    const entry = entries.get(found.key);
    const note = notes.get(found.key);
    const item = note === undefined || note.state === 'settled' ? found : { ...found, note };
    if (isArchived(entry, note)) archived.push({ ...item, entry });
    else (isExpired(item, now) ? expired : toFetch).push(item);
  }
  toFetch.sort((one, other) => deadline(one) - deadline(other));
  return { toFetch, archived, tooShort: [...tooShort.values()], expired, withoutLocation };
}

/** What is past its days by our clock is still asked for so long: the platform's clock counts, and ours may be a day ahead. */
const CLOCK_DOUBT_MS = 25 * 3_600_000;

/** The plan with what expired a short while ago among what is to be fetched, last: one question each, and the platform decides. */
export function doubtExpired(plan: RecordingPlan, now: Date): RecordingPlan {
  const isRecent = ({ fetchBy }: RecordingItem): boolean =>
    fetchBy !== undefined && now.getTime() - fetchBy.getTime() < CLOCK_DOUBT_MS;
  const expired = plan.expired.filter((item) => !isRecent(item));
  return { ...plan, toFetch: [...plan.toFetch, ...plan.expired.filter(isRecent)], expired };
}

async function entriesOf<T extends { readonly key: string }>(
  log: Pick<KeyedLog<T>, 'entries'> | undefined,
): Promise<ReadonlyMap<string, T>> {
  const entries = new Map<string, T>();
  if (log !== undefined) for await (const entry of log.entries()) entries.set(entry.key, entry);
  return entries;
}

function deadlineOf(record: CallRecord, receivedAt: Date | undefined): Pick<RecordingItem, 'fetchBy' | 'basis'> {
  const after = (instant: Date): Date => new Date(instant.getTime() + RETENTION_MS);
  if (receivedAt !== undefined) return { fetchBy: after(receivedAt), basis: 'arrival' };
  const end = record.endedAt ?? record.answeredAt ?? record.startedAt ?? record.recording?.startedAt;
  return end === undefined ? { fetchBy: undefined, basis: 'unknown' } : { fetchBy: after(end), basis: 'call-end' };
}

/** Without any time a recording may be the next to go: it sorts first. */
function deadline(item: RecordingItem): number {
  return item.fetchBy?.getTime() ?? 0;
}

function isExpired(item: RecordingItem, now: Date): boolean {
  if (item.fetchBy === undefined) return false;
  const grace = item.basis === 'call-end' ? LATEST_PUSH_MS : 0;
  return item.fetchBy.getTime() + grace <= now.getTime();
}
