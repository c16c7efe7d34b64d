/** What was scanned. */
export interface ScannedLineCounts {
  readonly count: number;
  /** So many of them were not understood. */
  readonly odd: number;
  /** Where the first line begins that was not read. */
  readonly next: number;
}

/** What a chunk is scanned by; a {@link CallScanner} is one. Places are counted from the start of `input`. */
export interface ChunkScanner {
  readonly input: Uint8Array;
  scan(from: number, end: number): ScannedLineCounts;
}

/** A file that is scanned chunk by chunk. */
export interface ChunkedFile {
  readonly sizeBytes: number;
  readonly chunkBytes: number;
  /** The rest of the last line is read so much at a time. */
  readonly stepBytes: number;
  /** A line that goes on so far behind its chunk is left to the caller. */
  readonly tailBytes: number;
}

/** What became of a chunk. */
export interface ScannedChunk {
  /** Lines in the scanner. */
  readonly count: number;
  /** So many of them were not understood. */
  readonly odd: number;
  /** Where the next chunk's first line begins, from the start of the file; -1 when the chunk is left to the caller. */
  readonly next: number;
}

/** Reads bytes of the file, as `readSync` of `node:fs` does. */
export type ReadBytes = (into: Uint8Array, offset: number, length: number, position: number) => number;

/**
 * Reads the lines that begin in a chunk into a scanner's input and scans them. It is handed to threads as text, so that it runs from the sources, the modules and
 * the bundle alike: nothing outside of it may be named in it but its arguments.
 * @throws what `read` throws.
 */
export function scanChunk(chunk: number, file: ChunkedFile, scanner: ChunkScanner, read: ReadBytes): ScannedChunk {
  const { sizeBytes, chunkBytes, stepBytes, tailBytes } = file;
  const { input } = scanner;
  const LINE_FEED = 10;
  const left = { count: 0, odd: 0, next: -1 };
  // The byte before tells whether a line begins with the chunk. The others before it keep what is copied apart: where the addresses of source and target agree
  // in their last twelve bits, processors of some makes take three times as long.
  const lead = Math.min(64, chunk * chunkBytes);
  const begin = chunk * chunkBytes - lead;
  const end = Math.min((chunk + 1) * chunkBytes, sizeBytes);
  let have = 0;
  const readTo = (wanted: number): void => {
    while (begin + have < wanted) {
      const count = read(input, have, wanted - begin - have, begin + have);
      if (count === 0) return;
      have += count;
    }
  };
  // What stands behind is not searched: where it is empty, that goes to the end of the memory.
  const feedFrom = (from: number): number => {
    const found = input.subarray(from, have).indexOf(LINE_FEED);
    return found < 0 ? -1 : from + found;
  };
  readTo(end);
  const start = chunk === 0 ? 0 : feedFrom(lead - 1) + 1;
  let last = feedFrom(end - 1 - begin);
  const most = Math.min(end + tailBytes, sizeBytes);
  while (last < 0 && begin + have < most) {
    const seen = have;
    readTo(Math.min(begin + have + stepBytes, most));
    if (have === seen) break;
    last = feedFrom(seen);
  }
  if (last < 0 || (start === 0 && chunk > 0)) return left;
  const stop = last + 1;
  if (start >= stop) return { count: 0, odd: 0, next: begin + stop };
  const { count, odd, next } = scanner.scan(start, stop);
  return next === stop ? { count, odd, next: begin + stop } : left;
}
