import { AppError, isAppError } from '../errors.js';
import { TransportError } from '../platform/transport.js';

/**
 * What may help after a failed try: `wait` and go on with what is there; `anew`: wait and begin from the first byte; `at-once`:
 * begin from the first byte without waiting; another address of the same file; nothing.
 */
export type Remedy = 'wait' | 'anew' | 'at-once' | 'fresh-address' | 'none';

/** Why one try failed, and what may help. */
export class TryFailed extends Error {
  override readonly name = 'TryFailed';
  readonly failure: AppError;
  readonly remedy: Remedy;
  /** What the storage asks to wait, 0 to 600,000. */
  readonly retryAfterMs: number;

  constructor(failure: AppError, remedy: Remedy, retryAfterMs = 0) {
    super(failure.message);
    this.failure = failure;
    this.remedy = remedy;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Sorts what a try was ended by. Certificates that are refused are tried again like every fault of the network, as strictly.
 * @throws `error` itself when it is no failure of a try: a defect.
 */
export function tryFailureOf(error: unknown): TryFailed {
  if (error instanceof TryFailed) return error;
  if (!(error instanceof AppError)) throw error;
  // What does not end where it was to end: more came than was announced.
  if (error instanceof TransportError && error.code === 'answer-unreadable' && error.reached === 'maybe') {
    return new TryFailed(error, 'anew');
  }
  const passing = isAppError(
    error,
    'network-unreachable',
    'network-timeout',
    'network-interrupted',
    'network-proxy',
    'network-tls',
  );
  return new TryFailed(error, passing ? 'wait' : 'none');
}
