import { sleep, type Sleep } from '../sleep.js';
import type { ReplayItem } from './replay-item.js';

/** The time of a replay: monotonic milliseconds and waiting. */
export interface ReplayClock {
  readonly milliseconds: () => number;
  readonly sleep: Sleep;
}

/** The time of this machine. */
export const REAL_CLOCK: ReplayClock = { milliseconds: () => performance.now(), sleep };

/** How pushes are spaced. */
export interface PacerOptions {
  readonly clock: ReplayClock;
  /** Most pushes a second; no limit unless given. */
  readonly ratePerSecond?: number | undefined;
  /** The pauses between the saved arrivals are divided by it; none are kept unless given. */
  readonly speed?: number | undefined;
}

/** Says when the next push may leave, by rate and by the saved arrivals. */
export class Pacer {
  readonly #clock: ReplayClock;
  readonly #gapMs: number;
  readonly #speed: number;
  #nextMs: number | undefined;
  #origin: { readonly arrivedMs: number; readonly sentMs: number } | undefined;

  constructor({ clock, ratePerSecond, speed }: PacerOptions) {
    this.#clock = clock;
    this.#gapMs = ratePerSecond === undefined ? 0 : 1000 / ratePerSecond;
    this.#speed = speed ?? Number.POSITIVE_INFINITY;
  }

  /** @returns `undefined` when the push may leave at once. */
  wait(item: ReplayItem, signal: AbortSignal): Promise<void> | undefined {
    if (this.#gapMs === 0 && this.#speed === Number.POSITIVE_INFINITY) return undefined;
    const now = this.#clock.milliseconds();
    const at = Math.max(now, this.#nextMs ?? now, this.#dueByArrival(item, now));
    this.#nextMs = at + this.#gapMs;
    return at > now ? this.#clock.sleep(at - now, signal) : undefined;
  }

  #dueByArrival(item: ReplayItem, now: number): number {
    const arrivedMs = item.receivedAt?.getTime();
    if (arrivedMs === undefined || this.#speed === Number.POSITIVE_INFINITY) return now;
    this.#origin ??= { arrivedMs, sentMs: now };
    return this.#origin.sentMs + (arrivedMs - this.#origin.arrivedMs) / this.#speed;
  }
}
