import type { Words } from '../domain/text-pair.js';
/** What came of handing a push on. */
export type DeliveryOutcome =
  | { readonly state: 'done' }
  /** It will not be tried again. */
  | { readonly state: 'failed'; readonly reason: Words }
  /** This push is tried again, after `afterMs` at the earliest. */
  | { readonly state: 'again'; readonly reason: Words; readonly afterMs?: number | undefined }
  /** Nobody is there: everything waits until somebody is. */
  | { readonly state: 'unreachable'; readonly reason: Words };

/** What a delivery counts; the numbers grow while it runs. */
export interface DeliveryCounts {
  delivered: number;
  /** Tries that were not the last one. */
  retried: number;
  /** Given up, or failed for good. */
  failed: number;
  /** Read from the journal and not yet settled. */
  waiting: number;
  /** Whether the last try found somebody. */
  reachable: boolean;
}

/** Bounds of a delivery. */
export interface DeliveryLimits {
  /** Pause before the second try; doubled for each further one. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** A push is given up when it was tried for so long. */
  readonly giveUpMs: number;
  /** Pushes held while they wait; the others wait in the journal. */
  readonly heldPushes: number;
  readonly heldBytes: number;
  /** How long what is under way may go on when it is stopped. */
  readonly graceMs: number;
  /** How often it is looked whether another process has let the consumer go. */
  readonly standByMs: number;
}

/** The bounds used unless told otherwise. */
export const DELIVERY_LIMITS: DeliveryLimits = {
  firstPauseMs: 1000,
  longestPauseMs: 300_000,
  giveUpMs: 24 * 3_600_000,
  heldPushes: 10_000,
  heldBytes: 32 * 1024 * 1024,
  graceMs: 5000,
  standByMs: 5000,
};

/** Counts at the start. */
export function newCounts(): DeliveryCounts {
  return { delivered: 0, retried: 0, failed: 0, waiting: 0, reachable: true };
}

/** Doubled with each try, up to the longest, less up to a tenth so that many do not come at once. */
export function pauseMs(tries: number, limits: Pick<DeliveryLimits, 'firstPauseMs' | 'longestPauseMs'>): number {
  const full = Math.min(limits.longestPauseMs, limits.firstPauseMs * 2 ** Math.min(tries - 1, 30));
  return full * (1 - Math.random() / 10);
}
