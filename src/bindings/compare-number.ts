import { isSameBinding } from './same-binding.js';
import { ledgerKey } from './ledger-key.js';
import { ledgerState } from './ledger-state.js';
import { mergeBinding } from './merge-binding.js';
import type { Binding } from '../domain/binding.js';
import type { LedgerEntry } from '../store/ledger-entry.js';

/**
 * What became of one ledger entry, or of a binding that the ledger did not hold. `adopted`: the platform has it, the ledger did not hold it as active.
 * `updated`: both have it, with other values. `expired`: gone, and by our clock its life is over. `missing`: gone, and nobody can say why. `settled`: a
 * request whose answer was lost is no longer open.
 */
export const BINDING_CHANGES = ['adopted', 'updated', 'expired', 'missing', 'settled'] as const;
export type BindingChange = (typeof BINDING_CHANGES)[number];

/** One difference between ledger and platform, and the ledger line that ends it. */
export interface Difference {
  readonly change: BindingChange;
  readonly entry: LedgerEntry;
}

/** What the platform said of an X, and what the ledger holds of it. */
export interface NumberComparison {
  /** Every binding that the platform has on the X. */
  readonly found: readonly Binding[];
  /** Ledger entries of the keys of `found` and all those that name the X, whatever their state; latest of each key. */
  readonly known: ReadonlyMap<string, LedgerEntry>;
  /** When the question was asked: what the ledger learnt later is newer than the answer. */
  readonly askedAt: Date;
  readonly now: Date;
}

/** A bind that left within this time before the question may reach the platform after it. */
const ON_ITS_WAY_MS = 10 * 60_000;
/** What a query tells and what an update elsewhere can have changed. */
const COMPARED = ['a', 'b', 'x', 'y', 'extension', 'direction', 'recording', 'sms', 'userData'] as const;

/** Compares ledger and platform on one X. Changes nothing. */
export function compareNumber(comparison: NumberComparison): Difference[] {
  const { found, known } = comparison;
  const differences: Difference[] = [];
  const present = new Set(found.map(ledgerKey));
  // A's X has a line of its own in AXYB; the platform may name it with its Y only.
  for (const { mode, subscriptionId } of found) if (mode === 'axyb') present.add(ledgerKey({ mode, subscriptionId }));
  for (const binding of found) {
    const difference = compareFound(binding, known.get(ledgerKey(binding)), comparison);
    if (difference !== undefined) differences.push(difference);
  }
  for (const entry of known.values()) {
    if (present.has(entry.key) || entry.state === 'gone') continue;
    const difference = compareMissing(entry, comparison);
    if (difference !== undefined) differences.push(difference);
  }
  return differences;
}

function compareFound(
  binding: Binding,
  entry: LedgerEntry | undefined,
  { askedAt, now }: NumberComparison,
): Difference | undefined {
  const seen = { key: ledgerKey(binding), at: now, mode: binding.mode, action: 'seen', state: 'active' } as const;
  if (entry === undefined) return { change: 'adopted', entry: { ...seen, binding } };
  if (isNewer(entry, askedAt)) return undefined;
  if (entry.state === 'in-doubt') {
    const note = 'settled: the platform still has it';
    return { change: 'settled', entry: { ...seen, binding: mergeBinding(entry.binding, binding), note } };
  }
  if (ledgerState(entry, now) === 'active') {
    const names = COMPARED.filter((name) => binding[name] !== undefined && binding[name] !== entry.binding[name]);
    if (names.length === 0) return undefined;
    const note = `the platform has another ${names.join(', ')}`;
    return { change: 'updated', entry: { ...seen, binding: mergeBinding(entry.binding, binding), note } };
  }
  const { createdAt } = entry.binding;
  const note =
    entry.state === 'gone'
      ? 'was gone in the ledger, but the platform has it'
      : 'its time was over by our clock, but the platform has it';
  return { change: 'adopted', entry: { ...seen, binding: { ...binding, createdAt }, note } };
}

function compareMissing(entry: LedgerEntry, { found, askedAt, now }: NumberComparison): Difference | undefined {
  if (isNewer(entry, askedAt)) return undefined;
  const gone = { ...entry, at: now, state: 'gone' as const };
  if (entry.state === 'in-doubt') {
    if (entry.action !== 'bind') {
      return { change: 'settled', entry: { ...gone, note: 'settled: the platform no longer has it' } };
    }
    const bound = found.find((binding) => binding.mode === entry.mode && isSameBinding(entry.request ?? {}, binding));
    if (bound !== undefined)
      return { change: 'settled', entry: { ...gone, note: `settled: bound as ${bound.subscriptionId}` } };
    if (askedAt.getTime() - entry.at.getTime() < ON_ITS_WAY_MS) return undefined;
    return { change: 'settled', entry: { ...gone, note: 'settled: the platform has no such binding on X' } };
  }
  const seen = { ...gone, action: 'seen' as const };
  if (ledgerState(entry, askedAt) === 'expired') {
    return {
      change: 'expired',
      entry: { ...seen, note: 'expired: its time was over, and the platform has it no more' },
    };
  }
  const end = entry.binding.expiresAt;
  const why = end === undefined ? 'expired, unbound elsewhere or moved' : 'unbound elsewhere, or X was moved';
  return {
    change: 'missing',
    entry: { ...seen, note: `the platform no longer has it; it does not say why: ${why}` },
  };
}

function isNewer(entry: LedgerEntry, askedAt: Date): boolean {
  return entry.at.getTime() > askedAt.getTime();
}
