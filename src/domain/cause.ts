/** Which table a code belongs to. The same number reads differently in different tables. */
export type CauseSource = 'hangup' | 'release' | 'q850' | 'sms' | 'number-status' | 'number-cause' | 'result';

/** Why something ended as it did, with the platform's code. */
export interface Cause {
  readonly source: CauseSource;
  /** As the platform sent it, as text. */
  readonly code: string;
  /** Plain words; `undefined` where the code is in no table. */
  readonly zh?: string | undefined;
  readonly en?: string | undefined;
}
