/** Items that come live, read one after another; ends when the signal aborts and everything that came has been read. */
export class LiveQueue<T> {
  readonly #items: T[] = [];
  readonly #signal: AbortSignal;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** `first`, then what was pushed and is still to come. For one reader. */
  async *from(first: readonly T[]): AsyncGenerator<T> {
    yield* first;
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
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
