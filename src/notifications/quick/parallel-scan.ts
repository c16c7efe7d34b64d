import { Worker } from 'node:worker_threads';
import type { OpenFile } from '../notification-input.js';
import { CallScanner, scannerModule } from './call-scanner.js';
import { CHUNK_BYTES, scanChunks, type ScannedChunk, type ScanWork, SLOTS, TAIL_BYTES } from './scan-worker.js';

/** A part of a file that was scanned; it stands until {@link free} is called. */
export interface ScannedPart {
  readonly scanner: CallScanner;
  /** Lines in `scanner`. */
  readonly count: number;
  /** Where the next part begins, from the start of the file. */
  readonly next: number;
  free(): void;
}

interface Crew {
  readonly worker: Worker;
  readonly scanners: readonly CallScanner[];
  readonly control: Int32Array;
}

/**
 * Scans a file in `workers` threads. Parts come in the order of the file; they end before its end where a line is very long, where a part does not fit
 * into a scanner, and in any case before a last line without a line end: what is left is for the caller to read. Threads end with the generator.
 */
export async function* scanParts(
  file: Pick<OpenFile, 'fd' | 'sizeBytes'>,
  workers: number,
): AsyncGenerator<ScannedPart> {
  const done = new Map<number, ScannedChunk>();
  let wake = (): void => undefined;
  let failure: { readonly error: unknown } | undefined;
  const crews = Array.from({ length: workers }, (_, first) => startCrew(file, first, workers));
  for (const { worker } of crews) {
    worker.on('message', (chunk: ScannedChunk) => {
      done.set(chunk.chunk, chunk);
      wake();
    });
    worker.on('error', (error) => {
      failure = { error };
      wake();
    });
  }
  try {
    const chunks = Math.ceil(file.sizeBytes / CHUNK_BYTES);
    for (let index = 0; index < chunks; index++) {
      while (!done.has(index) && failure === undefined) await new Promise<void>((resolve) => (wake = resolve));
      const scanned = done.get(index);
      // A thread that cannot read leaves the rest to the caller, who meets the same and says so.
      if (scanned === undefined || scanned.next < 0) return;
      done.delete(index);
      const { scanners, control } = crews[index % workers] ?? {};
      const scanner = scanners?.[scanned.slot];
      if (scanner === undefined || control === undefined) return;
      const free = (): void => {
        Atomics.store(control, scanned.slot, 0);
        Atomics.notify(control, scanned.slot);
      };
      yield { scanner, count: scanned.count, next: scanned.next, free };
    }
  } finally {
    for (const { control } of crews) Atomics.store(control, SLOTS, 1);
    await Promise.all(crews.map(({ worker }) => worker.terminate()));
  }
}

function startCrew({ fd, sizeBytes }: Pick<OpenFile, 'fd' | 'sizeBytes'>, first: number, step: number): Crew {
  const scanners = Array.from({ length: SLOTS }, () => new CallScanner());
  const control = new Int32Array(new SharedArrayBuffer((SLOTS + 1) * 4));
  const memories = scanners.map(({ memory }) => memory);
  const place = { fd, sizeBytes, first, step, chunkBytes: CHUNK_BYTES, tailBytes: TAIL_BYTES };
  const work: ScanWork = { module: scannerModule(), memories, control, ...place };
  const program = `const { workerData, parentPort } = require('node:worker_threads');
(${scanChunks.toString()})(workerData, { fs: require('node:fs'), port: parentPort });`;
  return { worker: new Worker(program, { eval: true, workerData: work, execArgv: [] }), scanners, control };
}
