import type { Platform } from '../platform/platform.js';
import type { InventoryEntry } from '../store/inventory-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';
import type { LedgerEntry } from '../store/ledger-entry.js';

/** What every change of a binding needs: the platform, the books and the clock. */
export interface Bookkeeping {
  readonly platform: Platform;
  readonly ledger: KeyedLog<LedgerEntry>;
  readonly inventory: KeyedLog<InventoryEntry>;
  /** The current instant. */
  readonly now: () => Date;
  /** Binds in doubt, where somebody keeps track of them: without it every bind reads the whole ledger for them. */
  readonly openDoubts?: (() => readonly LedgerEntry[]) | undefined;
}
