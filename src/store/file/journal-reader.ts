import { closeSync, openSync, readSync } from 'node:fs';
import { Batched } from '../../domain/batched.js';
import type { JournalQuery, StoredPush } from '../journal.js';
import { listDays, listSegments, type SegmentFile } from './journal-files.js';
import type { JournalLine } from './journal-line.js';
import { decodeOf, readLines, readSegment, type ReadSegmentOptions } from './read-segment.js';
import { SeenKeys } from './seen-keys.js';
import type { Line } from './split-lines.js';

const LINE_FEED = 0x0a;

/** A segment in the merge of a day, standing at its next line. */
interface Source {
  readonly segment: SegmentFile;
  /** What is left to read; made when its turn comes. */
  batches: AsyncGenerator<readonly Line[], void, undefined> | undefined;
  /** Read, and from `next` on not decoded yet. */
  lines: readonly Line[];
  next: number;
  head: JournalLine | undefined;
  /** Arrival of the next line, in ms. */
  headMs: number;
}

/** A line and where it stands. */
interface MergedLine {
  readonly line: JournalLine;
  readonly segment: SegmentFile;
}

/**
 * Reads the pushes of every process that wrote into the journal, in order of arrival, in constant memory but 20 to 25 bytes for each push of 24 hours. Days
 * outside the query are not opened. What two processes both stored, or one stored again after a refused write, counts as a duplicate.
 * @param seen the pushes met before; those read are added.
 * @returns pushes whose reading throws the error of the file system.
 */
export function readJournal(journalFolder: string, query: JournalQuery, seen = new SeenKeys()): Batched<StoredPush> {
  return new Batched(readDays(journalFolder, query, seen));
}

async function* readDays(
  journalFolder: string,
  query: JournalQuery,
  seen: SeenKeys,
): AsyncGenerator<readonly StoredPush[]> {
  for (const day of await listDays(journalFolder, query)) {
    for await (const lines of mergeDay(journalFolder, day, query)) {
      const pushes: StoredPush[] = [];
      for (const { line, segment } of lines) {
        const stored = judgeLine(line, segment.id, query, seen);
        if (stored !== undefined) pushes.push(stored);
      }
      if (pushes.length > 0) yield pushes;
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

/** All lines of a day by arrival; nothing is kept back while the disk makes us wait. */
async function* mergeDay(
  journalFolder: string,
  day: string,
  query: JournalQuery,
): AsyncGenerator<readonly MergedLine[], void, undefined> {
  const { bodiesOf: bodies = true, headers, onDamage } = query;
  const options = { bodies, headers, onDamage };
  const sources: Source[] = [];
  for (const segment of await listSegments(journalFolder, day)) {
    const headMs = await firstArrivalMs(segment);
    sources.push({ segment, batches: undefined, lines: [], next: 0, head: undefined, headMs });
  }
  let merged: MergedLine[] = [];
  try {
    for (let source = earliest(sources); source !== undefined; source = earliest(sources)) {
      if (source.head !== undefined) merged.push({ line: source.head, segment: source.segment });
      while (!stepOn(source, options)) {
        if (merged.length > 0) yield merged;
        merged = [];
        // Opened only when its turn comes: a day of many short segments must not need as many open files.
        source.batches ??= readLines(source.segment, { onDamage });
        const more = await source.batches.next();
        source.lines = more.done === true ? [] : more.value;
        source.next = 0;
        if (more.done !== true) continue;
        sources.splice(sources.indexOf(source), 1);
        break;
      }
    }
    if (merged.length > 0) yield merged;
  } finally {
    for (const source of sources) await source.batches?.return();
  }
}

/** Goes to the next good line of what was read. @returns whether there is one. */
function stepOn(source: Source, options: ReadSegmentOptions): boolean {
  const { segment, lines } = source;
  for (let line = lines[source.next]; line !== undefined; line = lines[source.next]) {
    source.next += 1;
    source.head = decodeOf(segment, line, options);
    if (source.head === undefined) continue;
    source.headMs = source.head.push.at.getTime();
    return true;
  }
  return false;
}

function earliest(sources: readonly Source[]): Source | undefined {
  let found: Source | undefined;
  for (const source of sources) {
    if (found === undefined || source.headMs < found.headMs) found = source;
  }
  return found;
}

/** What is surely enough for a first line, or nearly surely. */
const FIRST_BYTES = 8 * 1024;

/** A segment without a good line comes first, so that its damage is reported. */
async function firstArrivalMs(segment: SegmentFile): Promise<number> {
  const first = segment.gzipped ? undefined : firstLine(segment.file);
  const quick = first && decodeOf(segment, first, { bodies: false });
  if (quick !== undefined) return quick.push.at.getTime();
  for await (const line of readSegment(segment, { bodies: false })) return line.push.at.getTime();
  return Number.NEGATIVE_INFINITY;
}

/** @returns `undefined` where it is long, or the file is gone. */
function firstLine(file: string): Line | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    const bytes = Buffer.allocUnsafe(FIRST_BYTES);
    const end = bytes.subarray(0, readSync(fd, bytes, 0, FIRST_BYTES, 0)).indexOf(LINE_FEED);
    return end < 0 ? undefined : { bytes: bytes.subarray(0, end), number: 1, ended: true };
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
