import { Batched } from '../domain/batched.js';

/** Items that wait for a slow reader; beyond it the oldest is let go. */
const MOST_WAITING = 10_000;

/** Items that come live, read one after another; ends when the signal aborts and everything that came has been read. */
export class LiveQueue<T> {
  #items: T[] = [];
  readonly #signal: AbortSignal;
  #dropped = 0;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
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
        continue;
      }
      if (this.#signal.aborted) return;
      await this.#next();
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#signal.removeEventListener('abort', done);
        resolve();
      };
      this.#wake = done;
      this.#signal.addEventListener('abort', done, { once: true });
    });
  }
}
