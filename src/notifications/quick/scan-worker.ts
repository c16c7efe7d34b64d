import type { readSync } from 'node:fs';
import type { ChunkedFile, ChunkScanner, ReadBytes, ScannedChunk } from './scan-chunk.js';

/** Memories of a thread: it fills one while the other is read. */
export const SLOTS = 2;

/** Words that all threads share: the next chunk that nobody has taken; 1 when threads are to stop; how often a slot was filled. */
export const SHARED = { chunk: 0, stop: 1, filled: 2, words: 3 } as const;

/** Words of a slot: 1 while it is full, its chunk, its lines, those not understood. */
export const SLOT = { full: 0, chunk: 1, count: 2, odd: 3, words: 4 } as const;

/** What a thread is told. */
export interface ScanWork {
  readonly module: WebAssembly.Module;
  /** One for each slot; their fields are named already. */
  readonly memories: readonly WebAssembly.Memory[];
  readonly fd: number;
  readonly file: ChunkedFile;
  /** See {@link SHARED}. */
  readonly shared: Int32Array;
  /** See {@link SLOT}. */
  readonly slots: Int32Array;
  /** Of each slot where the next chunk begins, see {@link ScannedChunk}. */
  readonly next: Float64Array;
  readonly names: { readonly SHARED: typeof SHARED; readonly SLOT: typeof SLOT };
}

interface Modules {
  readonly readSync: typeof readSync;
}

type ScanChunk = (chunk: number, file: ChunkedFile, scanner: ChunkScanner, read: ReadBytes) => ScannedChunk;

/**
 * A thread's whole program: takes chunk after chunk until there are no more. It is handed over as text like `scanChunk`: nothing outside of it may be named
 * in it but its arguments.
 */
export function scanChunks(work: ScanWork, scanChunk: ScanChunk, fs: Modules): void {
  const { memories, fd, file, shared, slots, next, names } = work;
  const { SHARED: ofAll, SLOT: of } = names;
  const scanners = memories.map((memory): ChunkScanner => {
    const scanner = new WebAssembly.Instance(work.module, { env: { memory } }).exports as unknown as {
      INPUT: WebAssembly.Global;
      MARGIN: WebAssembly.Global;
      lineCount: WebAssembly.Global;
      oddCount: WebAssembly.Global;
      scan(from: number, end: number): number;
    };
    const bytes = Buffer.from(memory.buffer);
    const start = scanner.INPUT.value;
    const margin = scanner.MARGIN.value;
    const scan = (from: number, end: number): { count: number; odd: number; next: number } => {
      // What stands behind the chunk is not to be taken for its rest.
      bytes.fill(0, start + end, start + end + margin);
      const stop = scanner.scan(start + from, start + end) - start;
      return { count: scanner.lineCount.value, odd: scanner.oddCount.value, next: stop };
    };
    return { input: bytes.subarray(start, bytes.length - margin), scan };
  });
  const read: ReadBytes = (into, offset, length, position) => fs.readSync(fd, into, offset, length, position);
  const chunks = Math.ceil(file.sizeBytes / file.chunkBytes);
  for (let slot = 0; ; slot = (slot + 1) % scanners.length) {
    const at = slot * of.words;
    while (Atomics.load(slots, at + of.full) === 1) Atomics.wait(slots, at + of.full, 1);
    const scanner = scanners[slot];
    if (Atomics.load(shared, ofAll.stop) === 1 || scanner === undefined) return;
    const chunk = Atomics.add(shared, ofAll.chunk, 1);
    if (chunk >= chunks) return;
    let scanned: ScannedChunk = { count: 0, odd: 0, next: -1 };
    try {
      scanned = scanChunk(chunk, file, scanner, read);
    } finally {
      // A chunk that cannot be read is left to the caller, who meets the same and says so.
      slots[at + of.chunk] = chunk;
      slots[at + of.count] = scanned.count;
      slots[at + of.odd] = scanned.odd;
      next[slot] = scanned.next;
      Atomics.store(slots, at + of.full, 1);
      Atomics.add(shared, ofAll.filled, 1);
      Atomics.notify(shared, ofAll.filled);
    }
  }
}
