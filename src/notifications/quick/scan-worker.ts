import type { OpenFile } from '../notification-input.js';

/** Bytes of a file that a worker scans at a time. */
export const CHUNK_BYTES = 1024 * 1024;
/** A line that goes on so far behind its chunk is left to the main thread. */
export const TAIL_BYTES = 512 * 1024;
/** Memories of a worker: it fills one while the other is read. */
export const SLOTS = 2;

/** What a worker is told. */
export interface ScanWork {
  readonly module: WebAssembly.Module;
  /** One for each slot; their fields are named already. */
  readonly memories: readonly WebAssembly.Memory[];
  /** For each slot 1 while it is full; behind them 1 when the worker is to stop. */
  readonly control: Int32Array;
  readonly fd: OpenFile['fd'];
  readonly sizeBytes: number;
  /** The first chunk of this worker, and how many it goes on each time. */
  readonly first: number;
  readonly step: number;
  readonly chunkBytes: number;
  readonly tailBytes: number;
}

/** What became of a chunk. */
export interface ScannedChunk {
  readonly chunk: number;
  readonly slot: number;
  /** Lines of the slot. */
  readonly count: number;
  /** Where the next chunk's first line begins, from the start of the file; -1 when the chunk is left to the main thread. */
  readonly next: number;
}

interface Modules {
  readonly fs: { readSync(fd: number, into: Uint8Array, offset: number, length: number, position: number): number };
  readonly port: { postMessage(message: ScannedChunk): void };
}

/**
 * The worker's whole program. It is handed over as text, so that it runs from the sources, the modules and the bundle alike: nothing outside of it may be
 * named in it but its arguments.
 */
export function scanChunks(work: ScanWork, { fs, port }: Modules): void {
  const { memories, control, fd, sizeBytes, step, chunkBytes, tailBytes } = work;
  const slots = memories.map((memory) => {
    const scanner = new WebAssembly.Instance(work.module, { env: { memory } }).exports as unknown as {
      INPUT: WebAssembly.Global;
      MARGIN: WebAssembly.Global;
      lineCount: WebAssembly.Global;
      scan(from: number, end: number): number;
    };
    return { scanner, bytes: Buffer.from(memory.buffer) };
  });
  const LINE_FEED = 10;
  const readWhole = (bytes: Buffer, at: number, length: number, position: number): number => {
    let have = 0;
    while (have < length) {
      const count = fs.readSync(fd, bytes, at + have, length - have, position + have);
      if (count === 0) break;
      have += count;
    }
    return have;
  };
  const scanOne = (chunk: number, slot: number): ScannedChunk => {
    const left = { chunk, slot, count: 0, next: -1 };
    const filled = slots[slot];
    if (filled === undefined) return left;
    const { scanner, bytes } = filled;
    const input = scanner.INPUT.value;
    // The byte before tells whether a line begins with the chunk.
    const begin = chunk === 0 ? 0 : chunk * chunkBytes - 1;
    const end = Math.min((chunk + 1) * chunkBytes, sizeBytes);
    const have = readWhole(bytes, input, Math.min(end + tailBytes, sizeBytes) - begin, begin);
    const find = (from: number): number => {
      const found = bytes.indexOf(LINE_FEED, input + from - begin);
      return found < 0 || found >= input + have ? -1 : found - input + begin;
    };
    const start = chunk === 0 ? 0 : find(begin) + 1;
    const last = find(end - 1);
    if (last < 0 || (start === 0 && chunk > 0)) return left;
    const from = input + start - begin;
    const stop = input + last + 1 - begin;
    if (from >= stop) return { chunk, slot, count: 0, next: last + 1 };
    // What stands behind the chunk is not to be taken for its rest.
    bytes.fill(0, stop, stop + scanner.MARGIN.value);
    if (scanner.scan(from, stop) !== stop) return left;
    return { chunk, slot, count: scanner.lineCount.value, next: last + 1 };
  };
  const chunks = Math.ceil(sizeBytes / chunkBytes);
  for (let chunk = work.first, turn = 0; chunk < chunks; chunk += step, turn++) {
    const slot = turn % slots.length;
    while (Atomics.load(control, slot) === 1) Atomics.wait(control, slot, 1);
    if (Atomics.load(control, slots.length) === 1) return;
    const scanned = scanOne(chunk, slot);
    Atomics.store(control, slot, 1);
    port.postMessage(scanned);
    if (scanned.next < 0) return;
  }
}
