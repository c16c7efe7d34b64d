import type { ReplayVerdict } from './replay-verdict.js';

/** Gathers the verdicts of pushes under way and hands them on, in the order of the pushes or as they come. */
export class Outbox {
  readonly #inOrder: boolean;
  readonly #ready = new Map<number, ReplayVerdict>();
  #started = 0;
  #taken = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(inOrder: boolean) {
    this.#inOrder = inOrder;
  }

  /** Pushes whose verdict has not been taken. */
  get size(): number {
    return this.#started - this.#taken;
  }

  add(run: Promise<ReplayVerdict>): void {
    const sequence = this.#started;
    this.#started += 1;
    run.then(
      (verdict) => {
        this.#ready.set(sequence, verdict);
        this.#wake?.();
      },
      (error: unknown) => {
        this.#failure ??= { error };
        this.#wake?.();
      },
    );
  }

  /** The verdicts that may be handed on now. @throws what a push failed with that has no verdict. */
  *take(): Generator<ReplayVerdict> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (!this.#inOrder) {
      for (const [sequence, verdict] of this.#ready) {
        this.#ready.delete(sequence);
        this.#taken += 1;
        yield verdict;
      }
      return;
    }
    for (let next = this.#ready.get(this.#taken); next !== undefined; next = this.#ready.get(this.#taken)) {
      this.#ready.delete(this.#taken);
      this.#taken += 1;
      yield next;
    }
  }

  /** Resolves with the next verdict or failure; at once where one waits to be taken. */
  changed(): Promise<void> {
    const waiting = this.#inOrder ? this.#ready.has(this.#taken) : this.#ready.size > 0;
    if (waiting || this.#failure !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
