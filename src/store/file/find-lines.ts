import type { FileHandle } from 'node:fs/promises';
import { splitLines } from './split-lines.js';
import { createReadStream } from 'node:fs';

const CHUNK_BYTES = 1024 * 1024;
/** How a line of a keyed log begins, as this tool writes it; others are parsed. */
const KEY_START = Buffer.from('{"v":1,"key":"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Part of a file: its first `size` bytes. */
export interface FilePart {
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * The latest line of each key of which some line holds all of `texts`, in the order in which the keys first appear. Two passes over the bytes, without
 * parsing a line that is not wanted: a million lines take about a second and no memory to speak of. A line without its end is not there yet.
 * @param texts JSON texts, as a line has them: `"+8613800000001"`.
 */
export async function findLines(part: FilePart, texts: readonly string[]): Promise<readonly Buffer[]> {
  const needles = texts.map((text) => Buffer.from(text));
  const [first] = needles;
  if (first === undefined || part.size === 0) return [];
  const keys = new Set<string>();
  for await (const line of linesOf(part)) {
    if (!line.includes(first) || !needles.every((needle) => line.includes(needle))) continue;
    const key = keyOf(line);
    if (key !== undefined) keys.add(key);
  }
  if (keys.size === 0) return [];
  const latest = new Map<string, Buffer>();
  for await (const line of linesOf(part)) {
    const key = keyOf(line);
    // A copy: a slice would keep its whole chunk alive.
    if (key !== undefined && keys.has(key)) latest.set(key, Buffer.from(line));
  }
  return [...latest.values()];
}

async function* linesOf({ handle, size }: FilePart): AsyncGenerator<Buffer> {
  const chunks = createReadStream('', {
    fd: handle,
    autoClose: false,
    start: 0,
    end: size - 1,
    highWaterMark: CHUNK_BYTES,
  });
  for await (const { bytes, ended } of splitLines(chunks)) if (ended && bytes !== undefined) yield bytes;
}

/** `undefined` for what is no line of a keyed log. */
function keyOf(line: Buffer): string | undefined {
  const start = KEY_START.length;
  if (line.subarray(0, start).equals(KEY_START)) {
    const end = line.indexOf(QUOTE, start);
    const plain = line.subarray(start, end);
    if (end > 0 && !plain.includes(BACKSLASH)) return plain.toString('utf8');
  }
  try {
    const { key } = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
    return typeof key === 'string' ? key : undefined;
  } catch {
    return undefined;
  }
}
