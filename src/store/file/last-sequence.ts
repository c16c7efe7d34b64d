import { open, type FileHandle } from 'node:fs/promises';
import type { SegmentFile } from './journal-files.js';
import { decodeLine } from './read-segment.js';

const LINE_FEED = 0x0a;
const CHUNK_BYTES = 256 * 1024;

/**
 * Number of the last whole line of a segment, read from its end, and where that line ends.
 * @returns zeros for one without a whole line. A gzipped segment is over: its number is the largest there is.
 * @throws the error of the file system.
 */
export async function lastSequence(segment: SegmentFile): Promise<{ sequence: number; endBytes: number }> {
  if (segment.gzipped) return { sequence: Number.MAX_SAFE_INTEGER, endBytes: 0 };
  const handle = await open(segment.file, 'r');
  try {
    return await readBack(handle);
  } finally {
    await handle.close();
  }
}

async function readBack(handle: FileHandle): Promise<{ sequence: number; endBytes: number }> {
  const { size } = await handle.stat();
  for (let length = Math.min(size, CHUNK_BYTES); ; length = Math.min(size, length * 4)) {
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, size - length);
    for (let end = bytes.lastIndexOf(LINE_FEED); end >= 0;) {
      const before = end === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, end - 1);
      if (before === -1 && length < size) break;
      const line = { bytes: bytes.subarray(before + 1, end), number: 0, ended: true };
      const decoded = decodeLine(line, { bodies: false }, () => undefined);
      if (decoded !== undefined) return { sequence: decoded.sequence, endBytes: size - length + end + 1 };
      end = before;
    }
    if (length >= size) return { sequence: 0, endBytes: 0 };
  }
}
