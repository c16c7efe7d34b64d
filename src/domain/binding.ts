import type { BindingMode } from './mode.js';

/** Who may start a call of a binding. */
export type BindingDirection = 'both' | 'a-to-b' | 'b-to-a';

/** A relation of real numbers with a privacy number, as the platform or the ledger tells it. */
export interface Binding {
  readonly kind: 'Binding';
  /** Binding ID. For AXYB the ID of A and X; every Y of it has the same. */
  readonly subscriptionId: string;
  readonly mode: BindingMode;
  /** Numbers in global format. */
  readonly a?: string | undefined;
  readonly b?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  /** Extension, AXE only. */
  readonly extension?: string | undefined;
  readonly direction?: BindingDirection | undefined;
  readonly recording?: boolean | undefined;
  readonly sms?: boolean | undefined;
  readonly userData?: string | undefined;
  /** By our clock, when this tool made the binding; `undefined` for a binding only seen in an answer. */
  readonly createdAt?: Date | undefined;
  /** By our clock; `null` when it never expires, `undefined` when not known. */
  readonly expiresAt?: Date | null | undefined;
  /** The platform's own text for the time of binding; its zone is not documented. */
  readonly subscribeTime?: string | undefined;
  /** The answer, or the answer's part, as the platform sent it. */
  readonly raw?: unknown;
}
