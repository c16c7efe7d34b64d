import type { Cause } from './cause.js';

/** One push during a call. Numbers in it are not the real ones; the CDR has those. Source: privatenumber_02_0006. */
export interface CallEvent {
  readonly kind: 'CallEvent';
  /** `callin`, `collectInfo`, `callout`, `alerting`, `answer`, `disconnect`, or what a later platform sends. */
  readonly type: string;
  readonly sessionId?: string | undefined;
  readonly at?: Date | undefined;
  readonly caller?: string | undefined;
  readonly callee?: string | undefined;
  readonly subscriptionId?: string | undefined;
  /** Digits keyed in, `collectInfo` of AXE. */
  readonly digits?: string | undefined;
  /** `Block` where the platform waits for an instruction, X mode. */
  readonly notifyMode?: string | undefined;
  /** Only with `disconnect`. */
  readonly cause?: Cause | undefined;
  readonly userData?: string | undefined;
  /** The whole body as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}
