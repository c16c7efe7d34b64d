import type { Cause } from './cause.js';
import type { Mode } from './mode.js';

/** How a call ended, in the words of people who count calls. */
export const OUTCOMES = [
  'answered',
  'no-answer',
  'busy',
  'rejected',
  'caller-hung-up',
  'unreachable',
  'no-binding',
  'refused',
  'failed',
  'unknown',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Who called whom: A the other party, the other party A, or `abnormal` (no binding, for one). */
export type CallDirection = 'a-to-b' | 'b-to-a' | 'abnormal';

/** Where the recording of a call is. Recorded calls of under 3 seconds have no file. */
export interface RecordingReference {
  readonly fileName?: string | undefined;
  readonly domain?: string | undefined;
  /** Direct address; sent where `fileName` and `domain` are empty. */
  readonly url?: string | undefined;
  readonly startedAt?: Date | undefined;
}

/**
 * One call detail record (CDR), normalised. Everything but `kind` and `raw` may be missing in what the platform sends.
 * Source: FeeInfo, privatenumber_02_0006a / 0006_1a / 0006_2a / 0006_3a.
 */
export interface CallRecord {
  readonly kind: 'CallRecord';
  readonly sessionId?: string | undefined;
  readonly icid?: string | undefined;
  readonly mode?: Mode | undefined;
  readonly direction?: CallDirection | undefined;
  /** Real numbers of the one who called and the one who was called at last. */
  readonly caller?: string | undefined;
  readonly callee?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly extension?: string | undefined;
  readonly subscriptionId?: string | undefined;
  readonly startedAt?: Date | undefined;
  readonly ringingAt?: Date | undefined;
  readonly answeredAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
  /** Ringing until answered, or until the end of an unanswered call; whole seconds. */
  readonly ringSeconds?: number | undefined;
  /** Answer to hang-up, whole seconds; 0 for a call never answered. */
  readonly talkSeconds?: number | undefined;
  /** Started minutes of the talk; 0 for a call never answered. */
  readonly billedMinutes?: number | undefined;
  readonly outcome: Outcome;
  readonly cause?: Cause | undefined;
  /** Present when the platform marked the call as recorded. */
  readonly recording?: RecordingReference | undefined;
  readonly userData?: string | undefined;
  /** The fee object as it came, unknown fields and all. */
  readonly raw: Readonly<Record<string, unknown>>;
}
