import type { AppError, ErrorCode } from '../errors.js';

/** How often a request may be sent again. */
export interface RetryLimits {
  /** Further tries after network faults and 5xx; default 3. */
  readonly retries?: number | undefined;
  /** One-minute waits for flow control; default 1. */
  readonly flowControlWaits?: number | undefined;
}

/** One failure, and what went before it. */
export interface FailedTry {
  /** Tries so far for other reasons than flow control, this one included: from 1. */
  readonly attempt: number;
  /** Waits for flow control so far. */
  readonly flowControlWaitsDone: number;
  readonly error: AppError;
  /** Whether the request changes something at the platform. */
  readonly change: boolean;
  /** What `Retry-After` asks for; see {@link parseRetryAfter}. */
  readonly retryAfterMs?: number | undefined;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly limits?: RetryLimits | undefined;
}

const FLOW_CONTROL_WAIT_MS = 60_000;
const RETRY_AFTER_CAP_MS = 600_000;
const FIRST_BACKOFF_MS = 500;
const BACKOFF_CAP_MS = 8_000;

const TRANSIENT: readonly ErrorCode[] = [
  'network-unreachable',
  'network-timeout',
  'network-interrupted',
  'platform-failure',
];

/**
 * How long to wait before the next try, in milliseconds; `undefined` = give up.
 * Flow control waits a minute, changes too: a refused request did nothing. Everything else is tried again for questions only, after
 * `random × min(8 s, 0.5 s × 2^(attempt−1))`; result code 1023002 once. Refused signatures are never tried again: repeated failures
 * block the address for 30 minutes. `Retry-After` makes a wait longer, up to 10 minutes.
 * Source of the minute and of 1023002: privatenumber_04_0009_1 (read 2026-07).
 */
export function nextDelayMs(failed: FailedTry): number | undefined {
  const { attempt, error, limits = {} } = failed;
  const asked = Math.min(Math.max(failed.retryAfterMs ?? 0, 0), RETRY_AFTER_CAP_MS);
  if (error.code === 'flow-control') {
    return failed.flowControlWaitsDone < (limits.flowControlWaits ?? 1)
      ? Math.max(FLOW_CONTROL_WAIT_MS, asked)
      : undefined;
  }
  if (failed.change || !TRANSIENT.includes(error.code)) return undefined;
  const retries = error.platform?.resultcode === '1023002' ? 1 : (limits.retries ?? 3);
  if (attempt > Math.min(retries, limits.retries ?? 3)) return undefined;
  const ceiling = Math.min(BACKOFF_CAP_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  return Math.max(Math.floor(failed.random() * ceiling), asked);
}

/**
 * Reads a `Retry-After` header: seconds, or a date.
 * @returns milliseconds from `now`, negative for a date that is past; `undefined` when it is neither.
 */
export function parseRetryAfter(text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  if (/^-?\d+$/.test(text.trim())) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at - now.getTime();
}
