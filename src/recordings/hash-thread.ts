import type { createHash, Hash } from 'node:crypto';
import { Worker, type parentPort } from 'node:worker_threads';
import { HashLost, type RunningHash } from './running-hash.js';

/** What the thread is told. */
interface Told {
  /** Which hash. */
  readonly id: number;
  /** A memory that further messages name by its place in the order of these. */
  readonly memory?: ArrayBufferLike;
  /** Bytes from the start of a memory. */
  readonly piece?: readonly [memory: number, length: number];
  readonly ends?: boolean;
  /** Answered with what the hash is, or with nothing. */
  readonly asks?: 'digest' | 'nothing';
}

interface Asker {
  readonly resolve: (digest: string) => void;
  readonly reject: (error: Error) => void;
}

/** So many pieces may wait for the thread. */
const MOST_WAITING = 16;

/**
 * Hashes large files in a thread of its own: in ours the hash took a third of the CPU time. The thread is started with the first file
 * that asks for it, and does not keep the process alive but while it is waited for. That it is done with a piece stands in memory that both
 * share: pieces need no answer.
 */
export class HashThread {
  readonly #doneCount = new Int32Array(new SharedArrayBuffer(4));
  readonly #memories = new Map<ArrayBufferLike, number>();
  #worker: Worker | undefined;
  #isLost = false;
  #lastId = 0;
  #askers: Asker[] = [];
  /** Called in order as the thread gets done with pieces. */
  #waiting: (() => void)[] = [];
  /** Pieces that the thread is known to be done with, modulo 2 ** 32 as its own count. */
  #seenCount = 0;

  /** @returns `undefined` where no thread can be had: the caller hashes by itself. */
  begin(): RunningHash | undefined {
    const worker = this.#started();
    if (worker === undefined) return undefined;
    const id = (this.#lastId += 1);
    return {
      update: (bytes, done) => this.#update(worker, { id, bytes, done }),
      digest: () => this.#ask(worker, { id, asks: 'digest' }),
      end: () => {
        worker.postMessage({ id, ends: true } satisfies Told);
      },
    };
  }

  /** Ends the thread. Hashes that run reject. */
  async close(): Promise<void> {
    this.#isLost = true;
    await this.#worker?.terminate();
  }

  #started(): Worker | undefined {
    if (this.#isLost || this.#worker !== undefined) return this.#isLost ? undefined : this.#worker;
    try {
      const program = `(${hashPieces.toString()})(require('node:worker_threads'), require('node:crypto').createHash);`;
      const worker = new Worker(program, { eval: true, execArgv: [], workerData: this.#doneCount });
      worker.unref();
      worker.on('message', (digest: string) => {
        this.#askers.shift()?.resolve(digest);
        if (this.#askers.length === 0) worker.unref();
      });
      worker.on('error', () => undefined);
      worker.on('exit', () => {
        this.#lose();
      });
      this.#worker = worker;
      return worker;
    } catch {
      this.#isLost = true;
      return undefined;
    }
  }

  #update(
    worker: Worker,
    { id, bytes, done }: { readonly id: number; readonly bytes: Uint8Array; readonly done: () => void },
  ): Promise<void> | undefined {
    let memory = this.#memories.get(bytes.buffer);
    if (memory === undefined) {
      memory = this.#memories.size;
      this.#memories.set(bytes.buffer, memory);
      worker.postMessage({ id, memory: bytes.buffer } satisfies Told);
    }
    worker.postMessage({ id, piece: [memory, bytes.length] } satisfies Told);
    this.#waiting.push(done);
    this.#collect();
    return this.#waiting.length < MOST_WAITING ? undefined : this.#catchUp(worker, id);
  }

  async #catchUp(worker: Worker, id: number): Promise<void> {
    await this.#ask(worker, { id, asks: 'nothing' });
    this.#collect();
  }

  #collect(): void {
    const count = Atomics.load(this.#doneCount, 0);
    for (; this.#seenCount !== count; this.#seenCount = (this.#seenCount + 1) | 0) this.#waiting.shift()?.();
  }

  #ask(worker: Worker, told: Told): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#isLost) {
        reject(new HashLost({ zh: '计算哈希的线程已结束', en: 'the thread that hashes has ended' }));
        return;
      }
      if (this.#askers.length === 0) worker.ref();
      this.#askers.push({ resolve, reject });
      worker.postMessage(told);
    });
  }

  #lose(): void {
    this.#isLost = true;
    for (const done of this.#waiting.splice(0)) done();
    for (const { reject } of this.#askers.splice(0))
      reject(new HashLost({ zh: '计算哈希的线程已结束', en: 'the thread that hashes has ended' }));
  }
}

/** Runs in the thread, from its text: nothing outside of it can be used. */
function hashPieces(
  { parentPort: port, workerData: doneCount }: { readonly parentPort: typeof parentPort; readonly workerData: unknown },
  make: typeof createHash,
): void {
  const memories: Uint8Array[] = [];
  const hashes = new Map<number, Hash>();
  port?.on('message', ({ id, memory, piece, ends, asks }: Told) => {
    if (memory !== undefined) {
      memories.push(new Uint8Array(memory));
      return;
    }
    if (ends === true) {
      hashes.delete(id);
      return;
    }
    const hash = hashes.get(id) ?? make('sha256');
    hashes.set(id, hash);
    if (piece !== undefined) {
      const bytes = memories[piece[0]];
      if (bytes === undefined) throw new Error('a memory that was not named before');
      hash.update(bytes.subarray(0, piece[1]));
      Atomics.add(doneCount as Int32Array, 0, 1);
    }
    if (asks !== undefined) port.postMessage(asks === 'digest' ? hash.copy().digest('hex') : '');
  });
}
