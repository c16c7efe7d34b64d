import type { Sleep } from '../sleep.js';

/** How fast, and by which clock. */
export interface ThrottleOptions {
  readonly bytesPerSecond: number;
  /** A clock that never steps back, in milliseconds. */
  readonly milliseconds: () => number;
  readonly sleep: Sleep;
}

/** After a pause so much may come at once, in seconds of the rate. */
const BURST_SECONDS = 1;
/** A piece is waited for in parts no longer than this, so that a stop is heard. */
const LONGEST_SLEEP_MS = 10_000;

/**
 * A limit of bytes per second for all downloads together (a token bucket). Pieces wait in the order in which they asked; a piece larger than a
 * second's worth is let through when the debt of those before it is paid.
 * @returns waits until `bytes` more may be written; rejects with what `sleep` rejects with.
 */
export function buildThrottle(options: ThrottleOptions): (bytes: number, signal: AbortSignal) => Promise<void> {
  const { bytesPerSecond, milliseconds, sleep } = options;
  // The instant at which everything taken so far would have come at the allowed rate.
  let paidAt = milliseconds() - BURST_SECONDS * 1000;
  return async (bytes, signal) => {
    const dueAt = Math.max(paidAt, milliseconds() - BURST_SECONDS * 1000) + (bytes / bytesPerSecond) * 1000;
    paidAt = dueAt;
    for (let left = dueAt - milliseconds(); left > 0; left = dueAt - milliseconds()) {
      signal.throwIfAborted();
      await sleep(Math.min(Math.ceil(left), LONGEST_SLEEP_MS), signal);
    }
  };
}
