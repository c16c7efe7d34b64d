import { open, type FileHandle } from 'node:fs/promises';
import type { JournalDamage } from '../journal.js';
import type { SegmentFile } from './journal-files.js';
import type { JournalLine } from './journal-line.js';
import { decodeLine } from './read-segment.js';

const LINE_FEED = 0x0a;
/** Read at a time; a longer line takes as much as it needs. */
const CHUNK_BYTES = 1024 * 1024;

/** A segment that may grow, and how far it has been read: always to the end of a line. */
export class SegmentTail {
  readonly segment: SegmentFile;
  #offset: number;
  /** Size at which the rest was found to hold no whole line. */
  #lookedAt = 0;
  #chunkBytes = CHUNK_BYTES;

  private constructor(segment: SegmentFile, offset: number) {
    this.segment = segment;
    this.#offset = offset;
  }

  /** A tail that reads from the beginning. */
  static whole(segment: SegmentFile): SegmentTail {
    return new SegmentTail(segment, 0);
  }

  /** A tail that reads from the line that begins at byte `offset`. */
  static from(segment: SegmentFile, offset: number): SegmentTail {
    return new SegmentTail(segment, offset);
  }

  /** Bytes read so far: where the next line begins. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * A tail that reads what follows the last whole line of now: a line that is just being written counts as still to come.
   * @throws the error of the file system; a segment that is gone is read from its beginning.
   */
  static async atEnd(segment: SegmentFile): Promise<SegmentTail> {
    const offset = await withFile(segment.file, endOfLastLine);
    return new SegmentTail(segment, offset ?? 0);
  }

  /**
   * Whole lines behind those given before, at most a chunk of them. A last line without its line feed is waited for.
   * @returns empty when there is nothing new.
   * @throws the error of the file system; a segment that is gone has nothing new.
   */
  async next(onDamage: ((damage: JournalDamage) => void) | undefined): Promise<readonly JournalLine[]> {
    const found = await withFile(this.segment.file, async (handle) => {
      const { size } = await handle.stat();
      // An abandoned segment is cut to what was acknowledged.
      if (size < this.#offset) this.#offset = size;
      if (size <= this.#offset || size === this.#lookedAt) return [];
      const bytes = await readAt(handle, this.#offset, Math.min(this.#chunkBytes, size - this.#offset));
      const end = bytes.lastIndexOf(LINE_FEED) + 1;
      if (end === 0) {
        if (this.#offset + bytes.length >= size) this.#lookedAt = size;
        else this.#chunkBytes *= 2;
        return [];
      }
      this.#chunkBytes = CHUNK_BYTES;
      this.#lookedAt = 0;
      const start = this.#offset;
      this.#offset += end;
      return this.#decode(handle, { bytes: bytes.subarray(0, end), start }, onDamage);
    });
    return found ?? [];
  }

  /** Whether there may be more at once: the last chunk did not reach the end. */
  async hasMore(): Promise<boolean> {
    const size = await withFile(this.segment.file, async (handle) => (await handle.stat()).size);
    return size !== undefined && size > this.#offset && size !== this.#lookedAt;
  }

  async #decode(
    handle: FileHandle,
    { bytes, start }: { readonly bytes: Buffer; readonly start: number },
    onDamage: ((damage: JournalDamage) => void) | undefined,
  ): Promise<JournalLine[]> {
    const lines: JournalLine[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      const reasons: string[] = [];
      const line = { bytes: bytes.subarray(from, end), number: 0, ended: true };
      const decoded = decodeLine(line, { bodies: true }, (reason) => reasons.push(reason));
      if (decoded !== undefined) lines.push(decoded);
      for (const reason of reasons) {
        // Only damage needs the number, so only damage pays for counting.
        const number = 1 + (await countLines(handle, start)) + countIn(bytes.subarray(0, from));
        onDamage?.({ file: this.segment.file, line: number, reason });
      }
      from = end + 1;
    }
    return lines;
  }
}

/** @returns `undefined` when the file is gone. */
async function withFile<T>(file: string, use: (handle: FileHandle) => Promise<T>): Promise<T | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function endOfLastLine(handle: FileHandle): Promise<number> {
  let end = (await handle.stat()).size;
  while (end > 0) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const found = (await readAt(handle, start, end - start)).lastIndexOf(LINE_FEED);
    if (found !== -1) return start + found + 1;
    end = start;
  }
  return 0;
}

async function countLines(handle: FileHandle, end: number): Promise<number> {
  let count = 0;
  for (let position = 0; position < end; position += CHUNK_BYTES) {
    count += countIn(await readAt(handle, position, Math.min(CHUNK_BYTES, end - position)));
  }
  return count;
}

function countIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
