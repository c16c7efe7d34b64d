import type { Sleep } from '../../sleep.js';

/** How fast requests may leave. */
export interface PaceOptions {
  /** Infinity = as fast as the answers come. */
  readonly ratePerSecond: number;
  readonly sleep: Sleep;
  /** A clock that never goes back, milliseconds. */
  readonly elapsedMs: () => number;
}

/** A slowed rate is never below this part of the one that was asked for. */
const LOWEST_PART = 1 / 8;
/** Requests that must go well before a slowed rate is doubled again. */
const RECOVERY = 20;

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

  /**
   * The platform limits the requests: a pause, and half the rate until {@link RECOVERY} requests have gone well. What several workers are told at once
   * counts once.
   */
  slowDown(pauseMs: number): void {
    if (this.#heldUntil <= this.#options.elapsedMs() && Number.isFinite(this.#rate)) {
      this.#rate = Math.max(this.#options.ratePerSecond * LOWEST_PART, this.#rate / 2);
    }
    this.#wellSince = 0;
    this.hold(pauseMs);
  }

  /** A request has gone well. */
  well(): void {
    this.#wellSince += 1;
    if (this.#wellSince < RECOVERY || this.#rate >= this.#options.ratePerSecond) return;
    this.#wellSince = 0;
    this.#rate = Math.min(this.#rate * 2, this.#options.ratePerSecond);
  }
}
