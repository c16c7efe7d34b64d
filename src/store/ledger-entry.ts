import type { Binding } from '../domain/binding.js';
import type { Mode } from '../domain/mode.js';

/** One line of the ledger. Key: mode, `subscriptionId` and, for AXYB, Y; for a bind in doubt, the request's own ID. */
export interface LedgerEntry {
  readonly key: string;
  readonly at: Date;
  readonly mode: Mode;
  readonly action: 'bind' | 'update' | 'unbind' | 'seen';
  /** `in-doubt`: the answer was lost and nobody knows yet. `gone`: unbound, expired or found missing. */
  readonly state: 'active' | 'gone' | 'in-doubt';
  /** As far as it is known after this change. */
  readonly binding: Binding;
  /** Own values of the request, without credentials. */
  readonly request?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** On lines after the bind: what it and the updates since have asked for, by own names. */
  readonly settings?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Why it is gone or in doubt, for people. */
  readonly note?: string | undefined;
  /** A person said that a bind in doubt did not happen: it may be sent again. */
  readonly closedByHand?: boolean | undefined;
}
