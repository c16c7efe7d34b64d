import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { takeLock } from '../../disk/lock-file.js';
import { FILE_MODE } from '../../disk/private-folder.js';
import { syncFolder } from '../../disk/sync-folder.js';
import { isAppError } from '../../errors.js';
import { PageWriter } from './index-pages.js';
import type { LineFacts } from './line-facts.js';
import {
  type DamagedLine,
  fingerprintOf,
  type IndexHead,
  type IndexSections,
  LAST_SECOND,
  type LogIndex,
  type LogPart,
  openLogIndex,
  ZONE_LINES,
} from './log-index.js';
import { mergeKeys, mergeTerms } from './merge-index.js';
import { readChunks } from './read-chunks.js';
import { LineError } from './sealed-line.js';
import { splitLines } from './split-lines.js';
import { hashTerm, KEY_KIND, TERM_KIND } from './term-hash.js';
import { WordList } from './word-list.js';

/** Lines taken up at once: what is held of them while they are sorted is some 30 MB. */
const STEP_LINES = 200_000;
const MOST_DAMAGE = 20;
const syncFile = promisify(fsync);

/** The index to bring up to date. */
export interface IndexWork {
  /** Of the index. */
  readonly file: string;
  readonly log: LogPart;
  readonly pid: number;
  /** `undefined` for an empty line; a `LineError` for a damaged one. Without bytes a line is too long. */
  readonly read: (bytes: Buffer | undefined) => LineFacts | LineError | undefined;
  /** Told how much of the log is indexed, from 0 to 1: before each step, and at the end. */
  readonly onPart?: ((part: number) => void) | undefined;
}

/** What a step has read, ready to be merged. */
interface Step {
  readonly firstLine: number;
  readonly starts: number[];
  readonly seed: number;
  /** Pairs of a line and the upper half of a hash. */
  readonly terms: WordList;
  readonly keys: WordList;
  /** Lower halves of the keys' hashes, by line of the step. */
  readonly lows: number[];
  /** Pairs: earliest and latest second. */
  readonly zones: number[];
  readonly damaged: { count: number; readonly first: DamagedLine[] };
  covered: number;
}

/**
 * Brings the index of a log up to its last whole line: beside the old one, then put in its place, so that readers see the old or the new. One process at a time.
 * @returns whether it is up to date; false when another process is at it.
 * @throws the error of the file system, or `AppError` `storage-…`: the old index then stands.
 */
export async function extendLogIndex(work: IndexWork): Promise<boolean> {
  const lock = await takeLock(`${work.file}.lock`, { pid: work.pid, waitMs: 0 }).catch((error: unknown) => {
    if (isAppError(error, 'storage-locked')) return undefined;
    throw error;
  });
  if (lock === undefined) return false;
  try {
    for (;;) {
      const old = openLogIndex(work.file, work.log);
      try {
        work.onPart?.((old?.head.covered ?? 0) / work.log.size);
        const step = await readStep(work, old);
        if (step.starts.length === 0) return true;
        await publish(work, old, step);
      } finally {
        old?.close();
      }
    }
  } finally {
    work.onPart?.(1);
    await lock.release();
  }
}

/** Whether people wait for it: with the usual 4 MiB that may stay unindexed, from about a second of work on. */
export function isLongWork(bytes: number, unindexedBytes: number): boolean {
  return bytes > unindexedBytes * 8;
}

async function readStep({ log, read }: IndexWork, old: LogIndex | undefined): Promise<Step> {
  const firstLine = old?.lineCount ?? 0;
  const start = old?.head.covered ?? 0;
  const seed = old?.head.seed ?? randomBytes(4).readUInt32LE();
  const step: Step = {
    firstLine,
    seed,
    starts: [],
    terms: new WordList(),
    keys: new WordList(),
    lows: [],
    zones: openZone(old),
    damaged: { count: old?.head.damaged.count ?? 0, first: [...(old?.head.damaged.first ?? [])] },
    covered: start,
  };
  if (log.size <= start) return step;
  const chunks = readChunks({ fd: log.fd, start, end: log.size });
  for await (const line of splitLines(chunks)) {
    if (!line.ended || step.starts.length === STEP_LINES) break;
    const number = firstLine + step.starts.length;
    step.starts.push(step.covered);
    step.lows.push(0);
    step.covered += line.lengthBytes + 1;
    const facts = read(line.bytes);
    if (facts === undefined) continue;
    if (facts instanceof LineError) {
      step.damaged.count += 1;
      if (step.damaged.first.length < MOST_DAMAGE) step.damaged.first.push({ line: number + 1, reason: facts.message });
      continue;
    }
    for (const term of new Set(facts.terms)) step.terms.addPair(number, hashTerm(term, seed, TERM_KIND).high);
    const key = hashTerm(facts.key, seed, KEY_KIND);
    step.keys.addPair(number, key.high);
    step.lows[number - firstLine] = key.low;
    widen(step.zones, Math.floor(number / ZONE_LINES) - Math.floor(firstLine / ZONE_LINES), facts.seconds);
  }
  return step;
}

/** The zone that the old index has not filled; it goes on in this step. */
function openZone(old: LogIndex | undefined): number[] {
  if (old === undefined || old.lineCount % ZONE_LINES === 0) return [];
  const { zones } = old.head.sections;
  return [old.reader.word(zones, zones.count - 1, 0), old.reader.word(zones, zones.count - 1, 1)];
}

function widen(zones: number[], zone: number, at: number): void {
  const seconds = Math.min(Math.max(at, 0), LAST_SECOND);
  zones[zone * 2] = Math.min(zones[zone * 2] ?? Infinity, Math.floor(seconds));
  zones[zone * 2 + 1] = Math.max(zones[zone * 2 + 1] ?? 0, Math.ceil(seconds));
}

async function publish({ file, log }: IndexWork, old: LogIndex | undefined, step: Step): Promise<void> {
  const temporary = `${file}.tmp`;
  const fd = openSync(temporary, 'w', FILE_MODE);
  try {
    fchmodSync(fd, FILE_MODE);
    const writer = new PageWriter(fd);
    const terms = mergeTerms(writer, old, step.terms.words);
    const stepKeys = { firstLine: step.firstLine, lines: step.keys.words, lows: Uint32Array.from(step.lows) };
    const keys = mergeKeys(writer, old, stepKeys);
    writer.begin(2);
    copyPairs(writer, old, 'lines', step.firstLine);
    for (const start of step.starts) writer.add(start % 2 ** 32, Math.floor(start / 2 ** 32));
    const lines = writer.end();
    writer.begin(2);
    const wholeZones = Math.floor(step.firstLine / ZONE_LINES);
    copyPairs(writer, old, 'zones', wholeZones);
    for (let zone = 0; zone < Math.ceil(lines.count / ZONE_LINES) - wholeZones; zone += 1)
      writer.add(step.zones[zone * 2] ?? LAST_SECOND, step.zones[zone * 2 + 1] ?? 0);
    const zones = writer.end();
    const head: IndexHead = {
      v: 1,
      identity: log.identity,
      covered: step.covered,
      fingerprint: fingerprintOf(log.fd, step.covered),
      seed: step.seed,
      pages: writer.pages,
      damaged: step.damaged,
      sections: { ...terms, ...keys, lines, zones },
    };
    writer.finish(Buffer.from(JSON.stringify(head)));
    await syncFile(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, file);
  await syncFolder(dirname(file));
}

function copyPairs(
  writer: PageWriter,
  old: LogIndex | undefined,
  section: keyof Pick<IndexSections, 'lines' | 'zones'>,
  count: number,
): void {
  if (old === undefined) return;
  const { reader, head } = old;
  for (let record = 0; record < count; record += 1)
    writer.add(reader.word(head.sections[section], record, 0), reader.word(head.sections[section], record, 1));
}
