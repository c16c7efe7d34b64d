import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import type { JournalDamage } from '../journal.js';
import type { SegmentFile } from './journal-files.js';
import { decodeJournalLine, type JournalLine, type LineOptions } from './journal-line.js';
import { readChunks } from './read-chunks.js';
import { LineError } from './sealed-line.js';
import { splitChunks, type Line } from './split-lines.js';

/** What is read at once is decoded at once: with a megabyte, a long journal holds 50 MB more, and takes longer. */
const CHUNK_BYTES = 256 * 1024;

const LINE_START = Buffer.from('{"v":1,"seq":');

/** How a segment is read. */
export interface ReadSegmentOptions extends LineOptions {
  readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
}

/**
 * Reads one segment from its beginning, line by line, in constant memory. A line that was cut or changed is reported and left out;
 * reading goes on behind it. A gzipped segment that is cut gives what could be read. A segment that is gone by now has no lines.
 * @throws the error of the file system.
 */
export async function* readSegment(
  segment: SegmentFile,
  options: ReadSegmentOptions,
): AsyncGenerator<JournalLine, void, undefined> {
  for await (const lines of readLines(segment, options)) {
    for (const line of lines) {
      const decoded = decodeOf(segment, line, options);
      if (decoded !== undefined) yield decoded;
    }
  }
}

/** What a line of the segment says; what is wrong with it goes to `onDamage`. @returns `undefined` when nothing of it can be trusted. */
export function decodeOf(segment: SegmentFile, line: Line, options: ReadSegmentOptions): JournalLine | undefined {
  return decodeLine(line, options, (reason) => {
    options.onDamage?.({ file: segment.file, line: line.number, reason });
  });
}

/** The lines of a segment as they stand there, many at a time; otherwise as {@link readSegment}. */
export async function* readLines(
  segment: SegmentFile,
  { onDamage }: Pick<ReadSegmentOptions, 'onDamage'>,
): AsyncGenerator<readonly Line[], void, undefined> {
  let lastLine = 0;
  try {
    for await (const lines of splitChunks(segment.gzipped ? unpacked(segment.file) : bytesOf(segment.file))) {
      lastLine = lines.at(-1)?.number ?? lastLine;
      yield lines;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') return;
    if (!segment.gzipped || !code.startsWith('Z_')) throw error;
    onDamage?.({ file: segment.file, line: lastLine + 1, reason: 'the gzipped segment is incomplete or damaged' });
  }
}

/** The gunzip stream carries every error of both to the reader. */
function unpacked(file: string): AsyncIterable<Uint8Array> {
  return pipeline(createReadStream(file, { highWaterMark: CHUNK_BYTES }), createGunzip(), () => undefined);
}

/** Without a stream: a year has thousands of short segments, and making one for each takes longer than reading it. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const fd = openSync(file, 'r');
  try {
    // It may grow while it is read.
    for (let start = 0, end = fstatSync(fd).size; end > start; start = end, end = fstatSync(fd).size)
      yield* readChunks({ fd, start, end }, CHUNK_BYTES);
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads one line. One that was cut or changed is told to `damaged`; where the next one ran into it, that is given instead.
 * @returns `undefined` when nothing of it can be trusted.
 */
export function decodeLine(
  line: Line,
  options: LineOptions,
  damaged: (reason: string) => void,
): JournalLine | undefined {
  if (line.bytes === undefined) {
    damaged('the line is too long');
    return undefined;
  }
  try {
    return decodeJournalLine(line.bytes, options);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    damaged(line.ended ? error.message : 'the last line is incomplete: cut off, or being written just now');
    return rescue(line.bytes);
  }
}

/**
 * A line whose own line feed is damaged runs into the next one, which is whole. Its body is checked in any case: a push that
 * carries something like a line in its body must not be taken for one.
 */
function rescue(bytes: Buffer): JournalLine | undefined {
  const start = bytes.lastIndexOf(LINE_START);
  if (start <= 0) return undefined;
  try {
    return decodeJournalLine(bytes.subarray(start), { bodies: true });
  } catch {
    return undefined;
  }
}
