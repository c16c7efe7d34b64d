import type { Cause } from './cause.js';
import type { Mode } from './mode.js';

/** One SMS notice. Source: SMSEventInfoType, privatenumber_02_0008 / 0008_2 / 0008_3. */
export interface Sms {
  readonly kind: 'Sms';
  readonly smsId?: string | undefined;
  readonly mode?: Mode | undefined;
  /** `Notify` informs; `Block` waits for a decision. */
  readonly notificationMode?: string | undefined;
  readonly caller?: string | undefined;
  readonly x?: string | undefined;
  readonly callee?: string | undefined;
  readonly subscriptionId?: string | undefined;
  readonly at?: Date | undefined;
  /** Only where support has switched it on. */
  readonly content?: string | undefined;
  /** What became of it; absent in a Block. */
  readonly result?: Cause | undefined;
  readonly userData?: string | undefined;
  /** The whole body as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}
