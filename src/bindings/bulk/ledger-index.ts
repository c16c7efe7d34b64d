import { ledgerState } from '../ledger-state.js';
import { isSameBinding } from '../same-binding.js';
import type { BindingMode } from '../../domain/mode.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { KeyedLog, LedgerEntry } from '../../store/store.js';

/** What the ledger holds of one mode at one instant, found by number: one pass over the ledger for any number of rows. */
export interface LedgerIndex {
  /** An active binding of the numbers that a bind names. */
  same(values: Values): LedgerEntry | undefined;
  /** A bind of the same numbers of which nobody knows the outcome. */
  doubt(values: Values): LedgerEntry | undefined;
  /** A bind of the same numbers that a person has said did not happen. */
  closed(values: Values): LedgerEntry | undefined;
  /** An active binding that makes the platform refuse a bind with this X: of another pair of A or B (AXB), of another A (AX), of the extension (AXE). */
  blocking(values: Values): LedgerEntry | undefined;
  /** Every active binding of the numbers given. */
  matching(values: Values): readonly LedgerEntry[];
  /** Active bindings on each X. */
  readonly onX: ReadonlyMap<string, number>;
}

/** Reads the ledger once. Expired bindings are as good as gone. */
export async function buildLedgerIndex(
  ledger: Pick<KeyedLog<LedgerEntry>, 'entries'>,
  mode: BindingMode,
  now: Date,
): Promise<LedgerIndex> {
  const active = new Map<string, LedgerEntry[]>();
  const doubts = new Map<string, LedgerEntry[]>();
  const closed = new Map<string, LedgerEntry[]>();
  const onX = new Map<string, number>();
  const ids = new Set<string>();
  for await (const entry of ledger.entries()) {
    if (entry.mode !== mode) continue;
    const state = ledgerState(entry, now);
    if (entry.closedByHand === true) for (const text of keysOf(entry.binding)) append(closed, text, entry);
    if (state !== 'active' && !(state === 'in-doubt' && entry.action === 'bind')) continue;
    const { binding } = entry;
    const target = state === 'active' ? active : doubts;
    for (const text of keysOf(binding)) append(target, text, entry);
    const { x } = binding;
    if (state !== 'active' || x === undefined) continue;
    const once = `${x} ${binding.subscriptionId}`;
    // Every Y of an AXYB binding has a line of its own.
    if (mode !== 'axyb' || !ids.has(once)) onX.set(x, (onX.get(x) ?? 0) + 1);
    if (mode === 'axyb') ids.add(once);
  }
  const candidates = (from: ReadonlyMap<string, LedgerEntry[]>, values: Values): readonly LedgerEntry[] =>
    from.get(rarestKey(values)) ?? [];
  const matching = (values: Values): readonly LedgerEntry[] =>
    candidates(active, values).filter((entry) => isSameBinding(values, entry.binding));
  return {
    same: (values) => matching(values)[0],
    doubt: (values) => candidates(doubts, values).find((entry) => isSameBinding(values, entry.binding)),
    closed: (values) => candidates(closed, values).findLast((entry) => isSameBinding(values, entry.binding)),
    matching,
    onX,
    blocking: ({ a, b, x, extension }) => {
      if (x === undefined) return undefined;
      if (mode === 'ax') return active.get(`x ${String(x)}`)?.[0];
      if (mode === 'axb')
        return active.get(`u ${String(x)} ${String(a)}`)?.[0] ?? active.get(`u ${String(x)} ${String(b)}`)?.[0];
      if (mode === 'axe' && extension !== undefined) return active.get(`e ${String(x)} ${String(extension)}`)?.[0];
      return undefined;
    },
  };
}

function keysOf({ a, b, x, extension, subscriptionId, mode }: LedgerEntry['binding']): string[] {
  const keys = [`i ${subscriptionId}`];
  if (a !== undefined) keys.push(`a ${a}`);
  if (mode === 'axb' && x !== undefined) {
    if (a !== undefined) keys.push(`u ${x} ${a}`);
    if (b !== undefined) keys.push(`u ${x} ${b}`);
  }
  if (mode === 'ax' && x !== undefined) keys.push(`x ${x}`);
  if (mode === 'axe' && x !== undefined && extension !== undefined) keys.push(`e ${x} ${extension}`);
  return keys;
}

/** The key under which fewest entries stand: an X may carry thousands, an ID or A few. */
function rarestKey({ id, a, b, x, extension }: Values): string {
  if (id !== undefined) return `i ${String(id)}`;
  if (a !== undefined) return `a ${String(a)}`;
  if (x !== undefined && b !== undefined) return `u ${String(x)} ${String(b)}`;
  if (x !== undefined && extension !== undefined) return `e ${String(x)} ${String(extension)}`;
  return `x ${String(x)}`;
}

function append(map: Map<string, LedgerEntry[]>, key: string, entry: LedgerEntry): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}
