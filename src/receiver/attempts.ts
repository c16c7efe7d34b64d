import { type DeliveryLimits, type DeliveryOutcome, pauseMs } from './delivery.js';

/** Options of {@link Attempts}. */
export interface AttemptsOptions extends Pick<DeliveryLimits, 'firstPauseMs' | 'longestPauseMs'> {
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Lets so many attempts run at once; only one, with growing pauses, while the other side is not reachable. */
export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #queue: ((granted: boolean) => void)[] = [];
  readonly #pauses = new Set<() => void>();
  #running = 0;
  /** Tries in a row that found nobody. */
  #misses = 0;
  /** Not before, by the monotonic clock. */
  #notBeforeMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  readonly #onAbort = (): void => {
    this.stop();
  };

  constructor(options: AttemptsOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (options.signal.aborted) this.#stopped = true;
  }

  /**
   * Runs `attempt` when its turn comes.
   * @returns `undefined` when it was stopped before, or cut in the middle.
   */
  async make(attempt: () => Promise<DeliveryOutcome>): Promise<DeliveryOutcome | undefined> {
    if (!(await this.#turn())) return undefined;
    try {
      const outcome = await attempt();
      this.#note(outcome);
      return outcome;
    } catch (error) {
      // One that was cut says so by failing; any other failure is a defect of ours, and no reason to forget a push.
      const reason = error instanceof Error ? error.name : 'unknown';
      return this.#stopped
        ? undefined
        : { state: 'again', reason: { zh: `意外失败（${reason}）`, en: `it failed unexpectedly (${reason})` } };
    } finally {
      this.#running -= 1;
      this.#pump();
    }
  }

  /** Waits, less when it is stopped. */
  pause(milliseconds: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#pauses.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#pauses.add(done);
    });
  }

  /** Begins no further attempt; those that wait are let go. */
  stop(): void {
    this.#stopped = true;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#timer);
    for (const done of [...this.#pauses]) done();
    for (const refuse of this.#queue.splice(0)) refuse(false);
  }

  #note(outcome: DeliveryOutcome): void {
    const now = performance.now();
    if (outcome.state !== 'unreachable') {
      this.#misses = 0;
      this.#notBeforeMs = 0;
    } else if (now >= this.#notBeforeMs) {
      // Those that were under way together are one miss.
      this.#misses += 1;
      this.#notBeforeMs = now + pauseMs(this.#misses, this.#options);
    }
  }

  /** False when it is stopped before the turn comes. */
  #turn(): Promise<boolean> {
    if (this.#stopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#queue.push(resolve);
      this.#pump();
    });
  }

  #pump(): void {
    const most = this.#misses > 0 ? 1 : this.#options.concurrency;
    while (!this.#stopped && this.#queue.length > 0 && this.#running < most) {
      const waitMs = this.#notBeforeMs - performance.now();
      if (waitMs > 0) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
          this.#pump();
        }, waitMs + 1);
        return;
      }
      this.#running += 1;
      this.#queue.shift()?.(true);
    }
  }
}
