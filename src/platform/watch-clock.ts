import type { Transport } from './transport.js';

/** Below this it is the way of the answer, and the whole seconds in which `Date` is told. */
const LEAST_SKEW_MS = 60_000;

/** A transport that listens to the time of day, and the time that it has heard. */
export interface WatchedClock {
  readonly transport: Transport;
  /** The platform's time by the `Date` of its last answer; ours until one came, and while the two are less than a minute apart. */
  readonly platformNow: () => Date;
}

/**
 * Reads the platform's clock from the answers that come by. Each answer counts anew, so that a clock of ours that is set in between does
 * no harm for longer than one request.
 */
export function watchClock(transport: Transport, now: () => Date): WatchedClock {
  let skewMs = 0;
  return {
    transport: {
      send: async (request) => {
        const answer = await transport.send(request);
        // An answer from a cache tells the time at which it was made.
        const theirs = answer.headers.age === undefined ? Date.parse(answer.headers.date ?? '') : NaN;
        if (!Number.isNaN(theirs)) {
          const distanceMs = theirs - now().getTime();
          skewMs = Math.abs(distanceMs) < LEAST_SKEW_MS ? 0 : distanceMs;
        }
        return answer;
      },
    },
    platformNow: () => new Date(now().getTime() + skewMs),
  };
}
