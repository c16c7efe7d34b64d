import type { Sleep } from '../sleep.js';

/** A pause that all downloads of a run share. */
export interface SharedPause {
  /** Waits until no pause is on. Rejects when the signal aborts. */
  ready(signal: AbortSignal): Promise<void>;
  /** Begins a pause, or makes the one that is on longer; never shorter. */
  hold(milliseconds: number): void;
}

/**
 * What a `Retry-After` of the storage means for the whole run: it asked one connection to wait, and it means the customer.
 * @param milliseconds a clock that never steps back.
 */
export function buildPause(milliseconds: () => number, sleep: Sleep): SharedPause {
  let endsAt = Number.NEGATIVE_INFINITY;
  return {
    ready: async (signal) => {
      for (let left = endsAt - milliseconds(); left > 0; left = endsAt - milliseconds()) {
        signal.throwIfAborted();
        await sleep(Math.ceil(left), signal);
      }
    },
    hold: (length) => {
      if (length > 0) endsAt = Math.max(endsAt, milliseconds() + length);
    },
  };
}
