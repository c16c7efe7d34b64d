import type { Values } from '../platform/declarations/declaration.js';
import type { LedgerEntry } from '../store/ledger-entry.js';

/** What names a binding in an update, not what it sets. */
const NAMING: ReadonlySet<string> = new Set(['id', 'x', 'extension']);

/**
 * What a binding was asked to be, by own names: the request of its bind, and of the updates after it. A query does not tell all of it (the tones, above
 * all), so it is known only where this tool has sent it.
 * @returns `undefined` where the ledger has seen neither a bind nor an update.
 */
export function knownSettings(entry: LedgerEntry | undefined): Values | undefined {
  if (entry?.settings !== undefined) return entry.settings;
  return entry?.action === 'bind' ? entry.request : undefined;
}

/** A line that follows `known` in the ledger: with what is known of the settings after it. */
export function withSettings(entry: LedgerEntry, known: LedgerEntry | undefined): LedgerEntry {
  const before = knownSettings(known);
  const asked = entry.action === 'update' ? Object.entries(entry.request ?? {}) : [];
  const set = asked.filter(([name, value]) => value !== undefined && !NAMING.has(name));
  if (before === undefined && set.length === 0) return entry;
  return { ...entry, settings: { ...before, ...Object.fromEntries(set) } };
}
