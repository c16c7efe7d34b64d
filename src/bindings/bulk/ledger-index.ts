import { ledgerState } from '../ledger-state.js';
import { isSameBinding } from '../same-binding.js';
import type { BindingMode } from '../../domain/mode.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { KeyedLog } from '../../store/keyed-log.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';
import { bindingKeys, blockingKeys, countKey } from './binding-keys.js';
import { type KnownBinding, KnownBindings } from './known-bindings.js';
import type { TextFilter } from './text-filter.js';

/** What the ledger holds of one mode at one instant, found by number: one pass over the ledger for any number of rows. */
export interface LedgerIndex {
  /** An active binding of the numbers that a bind names. */
  same(values: Values): KnownBinding | undefined;
  /** A bind of the same numbers of which nobody knows the outcome. */
  doubt(values: Values): KnownBinding | undefined;
  /** A bind of the same numbers that a person has said did not happen. */
  closed(values: Values): KnownBinding | undefined;
  /** An active binding that makes the platform refuse a bind with this X: of another pair of A or B (AXB), of another A (AX), of the extension (AXE). */
  blocking(values: Values): KnownBinding | undefined;
  /** Every active binding of the numbers given. */
  matching(values: Values): readonly KnownBinding[];
  /** Active bindings on each X that was asked for. */
  readonly onX: ReadonlyMap<string, number>;
}

/**
 * Reads the ledger once. Expired bindings are as good as gone.
 * @param asked the {@link keysAsked} of everything that will be asked of the index; without it everything is held.
 */
export async function buildLedgerIndex(
  ledger: Pick<KeyedLog<LedgerEntry>, 'entries'>,
  mode: BindingMode,
  now: Date,
  asked?: Pick<TextFilter, 'mayHave'>,
): Promise<LedgerIndex> {
  const active = new KnownBindings(mode, asked);
  const doubts = new KnownBindings(mode, asked);
  const closed = new KnownBindings(mode, asked);
  const onX = new Map<string, number>();
  const ids = new Set<string>();
  for await (const entry of ledger.entries()) {
    if (entry.mode !== mode) continue;
    const state = ledgerState(entry, now);
    if (entry.closedByHand === true) closed.add(entry);
    if (state === 'in-doubt' && entry.action === 'bind') doubts.add(entry);
    if (state !== 'active') continue;
    active.add(entry);
    const { x, subscriptionId } = entry.binding;
    if (x === undefined || asked?.mayHave(countKey(x)) === false) continue;
    const once = `${x} ${subscriptionId}`;
    // Every Y of an AXYB binding has a line of its own.
    if (mode !== 'axyb' || !ids.has(once)) onX.set(x, (onX.get(x) ?? 0) + 1);
    if (mode === 'axyb') ids.add(once);
  }
  const fitting = (from: KnownBindings, values: Values): KnownBinding[] => {
    const [rarest] = bindingKeys(mode, values);
    return rarest === undefined ? [] : from.with(rarest).filter(({ binding }) => isSameBinding(values, binding));
  };
  return {
    same: (values) => fitting(active, values)[0],
    doubt: (values) => fitting(doubts, values)[0],
    closed: (values) => fitting(closed, values).at(-1),
    matching: (values) => fitting(active, values),
    onX,
    blocking: (values) => blockingKeys(mode, values).flatMap((key) => active.with(key))[0],
  };
}

/** The keys under which the index looks for what these values can meet. */
export function keysAsked(mode: BindingMode, values: Values): string[] {
  const { x } = values;
  const keys = [...bindingKeys(mode, values).slice(0, 1), ...blockingKeys(mode, values)];
  return x === undefined ? keys : [...keys, countKey(String(x))];
}
