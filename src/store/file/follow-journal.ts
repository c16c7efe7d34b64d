import { setTimeout as delay } from 'node:timers/promises';
import type { FollowQuery, StoredPush } from '../journal.js';
import { listDays, listSegments } from './journal-files.js';
import { judgeLine, readJournal } from './journal-reader.js';
import type { JournalLine } from './journal-line.js';
import { SeenKeys } from './seen-keys.js';
import { SegmentTail } from './segment-tail.js';

/** How often the folder is looked at. */
const POLL_MS = 250;
/** A push that comes just before midnight is written just after it, and clocks differ. */
const DAY_MS = 86_400_000;

/** Where and how long to follow. */
export interface FollowPlace {
  /** `<data>/journal`; it may come into being later. */
  readonly journalFolder: string;
  readonly now: () => Date;
  /** The follower ends, without an error, when it aborts. */
  readonly signal: AbortSignal;
}

/**
 * Gives what the journal holds from `query.from` on, in order of arrival, then what is written into it: by every process, into segments and
 * days that begin later too. Of what came together in a quarter of a second the order is that of arrival. A line that is half written is
 * waited for.
 * @throws the error of the file system.
 */
export async function* followJournal(
  place: FollowPlace,
  query: FollowQuery,
): AsyncGenerator<StoredPush, void, undefined> {
  const { journalFolder, signal } = place;
  const seen = new SeenKeys();
  const tails = new Map<string, SegmentTail>();
  for (const day of await daysToWatch(place)) {
    for (const segment of await listSegments(journalFolder, day)) {
      if (!segment.gzipped) tails.set(segment.id, await SegmentTail.atEnd(segment));
    }
  }
  const given = new Map<string, number>();
  if (query.from !== undefined) {
    for await (const push of readJournal(journalFolder, query, seen)) {
      if (signal.aborted) return;
      const colon = push.id.lastIndexOf(':');
      given.set(push.id.slice(0, colon), Number(push.id.slice(colon + 1)));
      yield push;
    }
  }
  while (!signal.aborted) {
    const round = await readRound(place, tails, query);
    for (const { line, segmentId } of round.lines) {
      // Written while the history was read, and given with it.
      if (line.sequence <= (given.get(segmentId) ?? 0)) continue;
      const push = judgeLine(line, segmentId, query, seen);
      if (push !== undefined) yield push;
    }
    if (!round.more) await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function daysToWatch({ journalFolder, now }: FollowPlace): Promise<string[]> {
  return listDays(journalFolder, { from: new Date(now().getTime() - DAY_MS) });
}

interface NewLine {
  readonly line: JournalLine;
  readonly segmentId: string;
}

/** What is new in all segments, by arrival; `more` when there is more at once. */
async function readRound(
  place: FollowPlace,
  tails: Map<string, SegmentTail>,
  query: FollowQuery,
): Promise<{ readonly lines: readonly NewLine[]; readonly more: boolean }> {
  const lines: NewLine[] = [];
  let more = false;
  for (const day of await daysToWatch(place)) {
    for (const segment of await listSegments(place.journalFolder, day)) {
      // A gzipped segment has ended: its lines were given while it grew.
      if (segment.gzipped) continue;
      const tail = tails.get(segment.id) ?? SegmentTail.whole(segment);
      tails.set(segment.id, tail);
      const found = await tail.next(query.onDamage);
      for (const line of found) lines.push({ line, segmentId: segment.id });
      more ||= found.length > 0 && (await tail.hasMore());
    }
  }
  lines.sort((one, other) => one.line.push.at.getTime() - other.line.push.at.getTime());
  return { lines, more };
}
