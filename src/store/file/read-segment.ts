import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import type { JournalDamage } from '../store.js';
import type { SegmentFile } from './journal-files.js';
import { decodeJournalLine, type JournalLine } from './journal-line.js';
import { LineError } from './sealed-line.js';
import { splitLines, type Line } from './split-lines.js';

const LINE_START = Buffer.from('{"v":1,"seq":');

/** How a segment is read. */
export interface ReadSegmentOptions {
  /** Whether bodies are wanted, and checked. */
  readonly bodies: boolean;
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
  const damaged = (line: number, reason: string): void => {
    options.onDamage?.({ file: segment.file, line, reason });
  };
  let lastLine = 0;
  try {
    for await (const line of splitLines(open(segment))) {
      lastLine = line.number;
      const decoded = decodeLine(line, options, (reason) => {
        damaged(line.number, reason);
      });
      if (decoded !== undefined) yield decoded;
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') return;
    if (!segment.gzipped || !code.startsWith('Z_')) throw error;
    damaged(lastLine + 1, 'the gzipped segment is incomplete or damaged');
  }
}

function open(segment: SegmentFile): AsyncIterable<Uint8Array> {
  const file = createReadStream(segment.file, { highWaterMark: 256 * 1024 });
  // The gunzip stream carries every error of both to the reader.
  return segment.gzipped ? pipeline(file, createGunzip(), () => undefined) : file;
}

/**
 * Reads one line. One that was cut or changed is told to `damaged`; where the next one ran into it, that is given instead.
 * @returns `undefined` when nothing of it can be trusted.
 */
export function decodeLine(
  line: Line,
  options: Pick<ReadSegmentOptions, 'bodies'>,
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
