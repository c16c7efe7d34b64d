import type { JournalQuery, StoredPush } from '../store.js';
import { listDays, listSegments, type SegmentFile } from './journal-files.js';
import type { JournalLine } from './journal-line.js';
import { readSegment } from './read-segment.js';
import { SeenKeys } from './seen-keys.js';

/** A segment in the merge of a day, standing at its next line. */
interface Source {
  readonly segment: SegmentFile;
  lines: AsyncGenerator<JournalLine, void, undefined> | undefined;
  head: JournalLine | undefined;
  /** Arrival of the next line, in ms. */
  headMs: number;
}

/**
 * Reads the pushes of every process that wrote into the journal, in order of arrival, in constant memory but 20 to 25 bytes for each push of 24 hours. Days
 * outside the query are not opened. What two processes both stored, or one stored again after a refused write, counts as a duplicate.
 * @param seen the pushes met before; those read are added.
 * @throws the error of the file system.
 */
export async function* readJournal(
  journalFolder: string,
  query: JournalQuery,
  seen = new SeenKeys(),
): AsyncGenerator<StoredPush, void, undefined> {
  for (const day of await listDays(journalFolder, query)) {
    for await (const { line, segment } of mergeDay(journalFolder, day, query)) {
      const stored = judgeLine(line, segment.id, query, seen);
      if (stored !== undefined) yield stored;
    }
  }
}

/**
 * The push of a line, and how it stands to those met before.
 * @returns `undefined` for one that the query does not want. A push that is wanted is added to `seen`.
 */
export function judgeLine(
  line: JournalLine,
  segmentId: string,
  query: JournalQuery,
  seen: SeenKeys,
): StoredPush | undefined {
  const { at, kind, key, bytes } = line.push;
  if (query.from !== undefined && at < query.from) return undefined;
  if (query.to !== undefined && at >= query.to) return undefined;
  if (query.kind !== undefined && kind !== query.kind) return undefined;
  const result = line.result === 'duplicate' ? 'duplicate' : strongerOf(line.result, seen.meet(key, line.sha, at));
  if (result === 'duplicate' && query.duplicates !== true) return undefined;
  return {
    ...line.push,
    bytes: result === 'duplicate' ? new Uint8Array() : bytes,
    id: `${segmentId}:${line.sequence}`,
    result,
  };
}

/** The line's own word counts where the push it conflicts with lies before the range that is read. */
function strongerOf(own: 'new' | 'conflict', found: StoredPush['result']): StoredPush['result'] {
  return found === 'new' ? own : found;
}

async function* mergeDay(
  journalFolder: string,
  day: string,
  query: JournalQuery,
): AsyncGenerator<{ line: JournalLine; segment: SegmentFile }, void, undefined> {
  const sources: Source[] = [];
  for (const segment of await listSegments(journalFolder, day)) {
    sources.push({ segment, lines: undefined, head: undefined, headMs: await firstArrivalMs(segment) });
  }
  try {
    for (let next = earliest(sources); next !== undefined; next = earliest(sources)) {
      // Opened only when its turn comes: a day of many short segments must not need as many open files.
      next.lines ??= readSegment(next.segment, { bodies: true, onDamage: query.onDamage });
      const { head } = next;
      const step = await next.lines.next();
      next.head = step.done === true ? undefined : step.value;
      next.headMs = next.head?.push.at.getTime() ?? Number.POSITIVE_INFINITY;
      if (head !== undefined) yield { line: head, segment: next.segment };
      if (next.head === undefined) sources.splice(sources.indexOf(next), 1);
    }
  } finally {
    for (const source of sources) await source.lines?.return();
  }
}

function earliest(sources: readonly Source[]): Source | undefined {
  let found: Source | undefined;
  for (const source of sources) {
    if (found === undefined || source.headMs < found.headMs) found = source;
  }
  return found;
}

/** A segment without a good line comes first, so that its damage is reported. */
async function firstArrivalMs(segment: SegmentFile): Promise<number> {
  for await (const line of readSegment(segment, { bodies: false })) return line.push.at.getTime();
  return Number.NEGATIVE_INFINITY;
}
