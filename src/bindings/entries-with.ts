import type { KeyedLog, TimeSpan } from '../store/keyed-log.js';
import type { LedgerEntry } from '../store/ledger-entry.js';

/** By this text the ledger finds entries that are in doubt. */
export const IN_DOUBT = 'in-doubt' satisfies LedgerEntry['state'];

/**
 * Latest entries of the ledger, in the order in which they were first entered: all that have these numbers, IDs or other texts and were bound within `span`, and
 * perhaps others. Loads little of a large ledger.
 */
export function entriesWith(
  ledger: Pick<KeyedLog<LedgerEntry>, 'entries' | 'find'>,
  texts: readonly unknown[],
  span: TimeSpan = {},
): AsyncIterable<LedgerEntry> {
  const known = texts.filter((text) => typeof text === 'string');
  const isOpen = known.length === 0 && span.from === undefined && span.to === undefined;
  return (isOpen ? undefined : ledger.find?.(known, span)) ?? ledger.entries();
}
