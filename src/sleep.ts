import { setTimeout as delay } from 'node:timers/promises';

/** Waits so many milliseconds. Rejects with the signal's reason once it aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** 24.8 days. A timer of Node.js that is set to more rings at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** {@link Sleep} by the clock of this machine. It may be as long as a rate or a saved time asks for: months, or for ever with `Infinity`. */
export const sleep: Sleep = async (milliseconds, signal) => {
  let left = milliseconds;
  do {
    const part = Math.min(left, LONGEST_TIMER_MS);
    await delay(part, undefined, { signal }).catch((error: unknown) => {
      // Of its own it says only that it was cut short.
      signal.throwIfAborted();
      throw error;
    });
    left -= part;
  } while (left > 0);
};
