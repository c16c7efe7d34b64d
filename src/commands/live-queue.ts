import { Batched } from '../domain/batched.js';

/** Items that wait for a slow reader; beyond it the oldest is let go. */
const MOST_WAITING = 10_000;

/** Items that come live, read one after another; ends when the signal aborts and everything that came has been read. */
export class LiveQueue<T> {
  #items: T[] = [];
  readonly #signal: AbortSignal;
  readonly #gatherMs: number;
  #dropped = 0;
  #wake: () => void = () => undefined;

  /**
   * @param options `gatherMs`: for so long after items were read those that come are gathered, so that a flood of them is read in few pieces; 0 by
   * default. The first one after a silence does not wait.
   */
  constructor(signal: AbortSignal, options: { readonly gatherMs?: number } = {}) {
    this.#signal = signal;
    this.#gatherMs = options.gatherMs ?? 0;
  }

  /** Items let go because the reader was too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  push(item: T): void {
    this.#items.push(item);
    if (this.#items.length > MOST_WAITING) {
      this.#items.shift();
      this.#dropped += 1;
    }
    this.#wake();
  }

  /** `first`, then what was pushed and is still to come. For one reader. */
  from(first: readonly T[]): Batched<T> {
    return new Batched(this.#batches(first));
  }

  async *#batches(first: readonly T[]): AsyncGenerator<readonly T[]> {
    if (first.length > 0) yield first;
    for (;;) {
      if (this.#items.length > 0) {
        const items = this.#items;
        this.#items = [];
        yield items;
        if (this.#gatherMs > 0 && !this.#signal.aborted) await this.#until((done) => setTimeout(done, this.#gatherMs));
        continue;
      }
      if (this.#signal.aborted) return;
      await this.#until((done) => {
        this.#wake = done;
        return undefined;
      });
    }
  }

  /** Waits for what `begin` waits for, no longer than the signal allows. */
  #until(begin: (done: () => void) => NodeJS.Timeout | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = begin(done);
      this.#signal.addEventListener('abort', done, { once: true });
    });
  }
}
