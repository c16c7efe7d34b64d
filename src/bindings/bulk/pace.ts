/** How fast requests may leave. */
export interface PaceOptions {
  /** Infinity = as fast as the answers come. */
  readonly ratePerSecond: number;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A clock that never goes back, milliseconds. */
  readonly elapsedMs: () => number;
}

/** Rate after a first flow control where none was set. */
const CAREFUL_RATE = 10;
const LOWEST_RATE = 0.2;
/** Requests that must go well before a slowed rate is doubled again. */
const RECOVERY = 50;

/** Lets the requests of all workers leave one after the other, at a rate; holds and slows them together. */
export class Pace {
  readonly #options: PaceOptions;
  #rate: number;
  #nextAt = 0;
  #heldUntil = 0;
  #wellSince = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#rate = options.ratePerSecond;
  }

  /** Requests a second as it stands. */
  get ratePerSecond(): number {
    return this.#rate;
  }

  /** Resolves when the next request may leave. Rejects when `signal` aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const { elapsedMs, sleep } = this.#options;
    signal.throwIfAborted();
    const now = elapsedMs();
    const at = Math.max(now, this.#nextAt, this.#heldUntil);
    this.#nextAt = at + 1000 / this.#rate;
    if (at > now) await sleep(at - now, signal);
    // A hold that came in the meantime is for those who wait too.
    while (this.#heldUntil > elapsedMs()) await sleep(this.#heldUntil - elapsedMs(), signal);
    signal.throwIfAborted();
  }

  /** No request leaves for so long. */
  hold(milliseconds: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#options.elapsedMs() + milliseconds);
  }

  /** Halves the rate until {@link RECOVERY} requests have gone well. */
  slowDown(): void {
    this.#rate = Math.max(LOWEST_RATE, Math.min(this.#rate / 2, CAREFUL_RATE));
    this.#wellSince = 0;
  }

  /** A request has gone well. */
  well(): void {
    this.#wellSince += 1;
    if (this.#wellSince < RECOVERY || this.#rate >= this.#options.ratePerSecond) return;
    this.#wellSince = 0;
    this.#rate = Math.min(this.#rate * 2, this.#options.ratePerSecond);
  }
}
