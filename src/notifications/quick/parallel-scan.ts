import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { OpenFile } from '../notification-input.js';
import { CallScanner, scannerModule } from './call-scanner.js';
import { type ChunkedFile, scanChunk, type ScannedChunk } from './scan-chunk.js';
import { scanChunks, type ScanWork, SHARED, SLOT, SLOTS } from './scan-worker.js';

/** A part of a file that was scanned; it stands until {@link free} is called. */
export interface ScannedPart extends ScannedChunk {
  readonly scanner: CallScanner;
  readonly free: () => void;
}

/** Each costs some turns of the event loop; larger ones take more memory and no less time. */
export const CHUNK_BYTES = 2 * 1024 * 1024;
const STEP_BYTES = 16 * 1024;
const TAIL_BYTES = 512 * 1024;
/** Parts are handed on without a turn of the event loop; signals wait for so many of them, some milliseconds. */
const PARTS_A_TURN = 16;
/** A thread that died wakes nobody: it is looked for so often. */
const WAIT_MS = 20;

/**
 * Scans a file in this thread and `workers` more: each takes the next chunk when it has nothing else to do. Parts come in the order of the file; they end before
 * its end where a line is very long, where a part does not fit into a scanner, and in any case before a last line without a line end: what is left is for
 * the caller to read. Threads end with the generator.
 */
export async function* scanParts(
  file: Pick<OpenFile, 'fd' | 'sizeBytes'>,
  workers: number,
): AsyncGenerator<ScannedPart> {
  const { fd, sizeBytes } = file;
  const chunked = { sizeBytes, chunkBytes: CHUNK_BYTES, stepBytes: STEP_BYTES, tailBytes: TAIL_BYTES };
  const shared = new Int32Array(new SharedArrayBuffer(SHARED.words * 4));
  const crews = Array.from({ length: workers }, () => new Crew(fd, chunked, shared));
  const own = new OwnScans(fd, chunked, shared);
  const chunks = Math.ceil(sizeBytes / CHUNK_BYTES);
  try {
    for (let chunk = 0; chunk < chunks; chunk++) {
      if (chunk % PARTS_A_TURN === PARTS_A_TURN - 1) await setImmediate();
      let part: ScannedPart | undefined;
      for (;;) {
        const filled = Atomics.load(shared, SHARED.filled);
        part = own.partOf(chunk) ?? partOfCrews(crews, chunk);
        if (part !== undefined) break;
        if (own.takeOne(chunks)) continue;
        if (crews.some(({ failed }) => failed)) return;
        if (Atomics.wait(shared, SHARED.filled, filled, WAIT_MS) === 'timed-out') await setImmediate();
      }
      if (part.next < 0) return;
      yield part;
    }
  } finally {
    Atomics.store(shared, SHARED.stop, 1);
    await Promise.all(crews.map((crew) => crew.end()));
  }
}

function partOfCrews(crews: readonly Crew[], chunk: number): ScannedPart | undefined {
  for (const crew of crews) {
    const part = crew.partOf(chunk);
    if (part !== undefined) return part;
  }
  return undefined;
}

/** Chunks that this thread scans while it would wait for the others. */
class OwnScans {
  readonly #fd: number;
  readonly #file: ChunkedFile;
  readonly #shared: Int32Array;
  readonly #free = Array.from({ length: SLOTS }, () => new CallScanner());
  readonly #done = new Map<number, ScannedPart>();

  constructor(fd: number, file: ChunkedFile, shared: Int32Array) {
    this.#fd = fd;
    this.#file = file;
    this.#shared = shared;
  }

  partOf(chunk: number): ScannedPart | undefined {
    const part = this.#done.get(chunk);
    this.#done.delete(chunk);
    return part;
  }

  /** Scans the next chunk that nobody has taken. @returns false when there is none, or no room. */
  takeOne(chunks: number): boolean {
    const scanner = this.#free.at(-1);
    if (scanner === undefined) return false;
    const chunk = Atomics.add(this.#shared, SHARED.chunk, 1);
    if (chunk >= chunks) return false;
    this.#free.pop();
    const free = (): void => {
      this.#free.push(scanner);
    };
    this.#done.set(chunk, { ...this.#scan(chunk, scanner), scanner, free });
    return true;
  }

  #scan(chunk: number, scanner: CallScanner): ScannedChunk {
    try {
      return scanChunk(chunk, this.#file, scanner, (into, offset, length, position) =>
        readSync(this.#fd, into, offset, length, position),
      );
    } catch {
      // The caller reads there again, and says what is wrong.
      return { count: 0, odd: 0, next: -1 };
    }
  }
}

/** A thread and its memories. */
class Crew {
  failed = false;
  readonly #worker: Worker;
  readonly #scanners = Array.from({ length: SLOTS }, () => new CallScanner());
  readonly #slots = new Int32Array(new SharedArrayBuffer(SLOTS * SLOT.words * 4));
  readonly #next = new Float64Array(new SharedArrayBuffer(SLOTS * 8));

  constructor(fd: number, file: ChunkedFile, shared: Int32Array) {
    const memories = this.#scanners.map(({ memory }) => memory);
    const names = { SHARED, SLOT };
    const work: ScanWork = {
      module: scannerModule(),
      memories,
      fd,
      file,
      shared,
      slots: this.#slots,
      next: this.#next,
      names,
    };
    const program = `(${scanChunks.toString()})(require('node:worker_threads').workerData, ${scanChunk.toString()}, require('node:fs'));`;
    this.#worker = new Worker(program, { eval: true, workerData: work, execArgv: [] });
    this.#worker.on('error', () => (this.failed = true));
  }

  partOf(chunk: number): ScannedPart | undefined {
    for (const [slot, scanner] of this.#scanners.entries()) {
      const at = slot * SLOT.words;
      if (Atomics.load(this.#slots, at + SLOT.full) === 0 || this.#slots[at + SLOT.chunk] !== chunk) continue;
      const free = (): void => {
        Atomics.store(this.#slots, at + SLOT.full, 0);
        Atomics.notify(this.#slots, at + SLOT.full);
      };
      const count = this.#slots[at + SLOT.count] ?? 0;
      return { scanner, count, odd: this.#slots[at + SLOT.odd] ?? 0, next: this.#next[slot] ?? -1, free };
    }
    return undefined;
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
