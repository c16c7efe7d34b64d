import type { Cause } from './cause.js';

/** Change of the state of one X number. Source: numstatus_notify_axb. */
export interface NumberStatus {
  readonly kind: 'NumberStatus';
  readonly x?: string | undefined;
  readonly status?: Cause | undefined;
  /** Only with status 10. */
  readonly cause?: Cause | undefined;
  /** When it was received; the push itself carries no time. */
  readonly at?: Date | undefined;
  /** The `numInfo` entry as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}
