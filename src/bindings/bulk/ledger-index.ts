import { ledgerState } from '../ledger-state.js';
import { isSameBinding } from '../same-binding.js';
import type { BindingMode } from '../../domain/mode.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { Binding } from '../../domain/binding.js';
import type { KeyedLog, LedgerEntry } from '../../store/store.js';
import type { TextFilter } from './text-filter.js';

/** What is held of an entry: no request and no answer. */
export interface KnownBinding {
  readonly at: Date;
  readonly binding: Pick<Binding, 'mode' | 'subscriptionId' | 'a' | 'b' | 'x' | 'y' | 'extension'>;
}

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
  const active = new Map<string, KnownBinding[]>();
  const doubts = new Map<string, KnownBinding[]>();
  const closed = new Map<string, KnownBinding[]>();
  const onX = new Map<string, number>();
  const ids = new Set<string>();
  for await (const entry of ledger.entries()) {
    if (entry.mode !== mode) continue;
    const state = ledgerState(entry, now);
    const isDoubt = state === 'in-doubt' && entry.action === 'bind';
    if (state !== 'active' && !isDoubt && entry.closedByHand !== true) continue;
    const keys = keysOf(entry.binding).filter((key) => asked?.mayHave(key) !== false);
    if (keys.length > 0) {
      const known = knownOf(entry);
      if (entry.closedByHand === true) for (const key of keys) append(closed, key, known);
      if (state === 'active') for (const key of keys) append(active, key, known);
      else if (isDoubt) for (const key of keys) append(doubts, key, known);
    }
    const { binding } = entry;
    const { x } = binding;
    if (state !== 'active' || x === undefined || asked?.mayHave(countKey(x)) === false) continue;
    const once = `${x} ${binding.subscriptionId}`;
    // Every Y of an AXYB binding has a line of its own.
    if (mode !== 'axyb' || !ids.has(once)) onX.set(x, (onX.get(x) ?? 0) + 1);
    if (mode === 'axyb') ids.add(once);
  }
  const candidates = (from: ReadonlyMap<string, KnownBinding[]>, values: Values): readonly KnownBinding[] =>
    from.get(rarestKey(values)) ?? [];
  const matching = (values: Values): readonly KnownBinding[] =>
    candidates(active, values).filter((entry) => isSameBinding(values, entry.binding));
  return {
    same: (values) => matching(values)[0],
    doubt: (values) => candidates(doubts, values).find((entry) => isSameBinding(values, entry.binding)),
    closed: (values) => candidates(closed, values).findLast((entry) => isSameBinding(values, entry.binding)),
    matching,
    onX,
    blocking: (values) =>
      blockingKeys(mode, values)
        .map((key) => active.get(key)?.[0])
        .find((entry) => entry !== undefined),
  };
}

/** The keys under which the index looks for what these values can meet. */
export function keysAsked(mode: BindingMode, values: Values): string[] {
  const { x } = values;
  const keys = [rarestKey(values), ...blockingKeys(mode, values)];
  return x === undefined ? keys : [...keys, countKey(String(x))];
}

function blockingKeys(mode: BindingMode, { a, b, x, extension }: Values): string[] {
  if (x === undefined) return [];
  if (mode === 'ax') return [`x ${String(x)}`];
  if (mode === 'axb') return [`u ${String(x)} ${String(a)}`, `u ${String(x)} ${String(b)}`];
  return mode === 'axe' && extension !== undefined ? [`e ${String(x)} ${String(extension)}`] : [];
}

function countKey(x: string): string {
  return `n ${x}`;
}

function knownOf({ at, binding }: LedgerEntry): KnownBinding {
  const { mode, subscriptionId, a, b, x, y, extension } = binding;
  return { at, binding: { mode, subscriptionId, a, b, x, y, extension } };
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

function append(map: Map<string, KnownBinding[]>, key: string, entry: KnownBinding): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}
