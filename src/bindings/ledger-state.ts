import type { LedgerEntry } from '../store/ledger-entry.js';

/** How a ledger entry stands at an instant; `expired` = its time to live has run out by our clock. */
export const LEDGER_STATES = ['active', 'in-doubt', 'expired', 'gone'] as const;
export type LedgerState = (typeof LEDGER_STATES)[number];

/** State of `entry` at `now`. The platform removes an expired binding by itself and tells nobody. */
export function ledgerState(entry: Pick<LedgerEntry, 'state' | 'binding'>, now: Date): LedgerState {
  const { expiresAt } = entry.binding;
  const over = expiresAt instanceof Date && expiresAt.getTime() <= now.getTime();
  return entry.state === 'active' && over ? 'expired' : entry.state;
}
