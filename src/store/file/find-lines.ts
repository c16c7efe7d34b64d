import { type FilePart, readChunks } from './read-chunks.js';

/** How a line of a keyed log begins, as this tool writes it; others are parsed. */
const KEY_START = Buffer.from('{"v":1,"key":"');
const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Which keys of a part are wanted: those of which some line holds all of `texts`, and those of `keys`. Without texts every key. */
export interface WantedLines {
  /** JSON texts, as a line has them: `"+8613800000001"`. */
  readonly texts: readonly string[];
  readonly keys?: Iterable<string> | undefined;
}

/**
 * The latest line of each wanted key, in the order in which these keys first appear in the part, which begins with a line. Two passes over the bytes, without parsing a line that is
 * not wanted: a million lines take about a second and no memory to speak of. A line without its end is not there yet; whether a line is whole is not checked.
 */
export async function findLines(part: FilePart, wanted: WantedLines): Promise<ReadonlyMap<string, Buffer>> {
  const latest = new Map<string, Buffer>();
  if (part.end <= part.start) return latest;
  const needles = wanted.texts.map((text) => Buffer.from(text));
  const keys = needles.length === 0 ? undefined : new Set(wanted.keys);
  if (keys !== undefined) await addMatching(part, needles, keys);
  if (keys?.size === 0) return latest;
  for await (const block of blocksOf(part)) {
    let start = 0;
    for (let end = block.indexOf(LINE_FEED); end >= 0; end = block.indexOf(LINE_FEED, start)) {
      const line = block.subarray(start, end);
      const key = keyOf(line);
      // A copy: a slice would keep its whole block alive.
      if (key !== undefined && keys?.has(key) !== false) latest.set(key, Buffer.from(line));
      start = end + 1;
    }
  }
  return latest;
}

/** Adds the keys of which some line holds all needles. */
async function addMatching(part: FilePart, needles: readonly Buffer[], keys: Set<string>): Promise<void> {
  const [first] = needles;
  if (first === undefined) return;
  for await (const block of blocksOf(part)) {
    for (let at = block.indexOf(first); at >= 0;) {
      const end = block.indexOf(LINE_FEED, at);
      const line = block.subarray(block.lastIndexOf(LINE_FEED, at) + 1, end);
      const key = needles.every((needle) => line.includes(needle)) ? keyOf(line) : undefined;
      if (key !== undefined) keys.add(key);
      at = block.indexOf(first, end);
    }
  }
}

/** Whole lines, many at a time: a turn of the event loop's queue for each line would take longer than looking at it. */
async function* blocksOf(part: FilePart): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of readChunks(part)) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield bytes.subarray(0, end);
    held = Buffer.from(bytes.subarray(end));
  }
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
