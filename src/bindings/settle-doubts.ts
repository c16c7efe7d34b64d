import { collect } from './collect.js';
import { entriesWith, IN_DOUBT } from './entries-with.js';
import { isSameBinding } from './same-binding.js';
import type { Binding } from '../domain/binding.js';
import type { LedgerEntry } from '../store/ledger-entry.js';
import type { Bookkeeping } from './bookkeeping.js';

/** Binds of which nobody knows the outcome. */
export async function openDoubts(books: Pick<Bookkeeping, 'ledger' | 'openDoubts'>): Promise<readonly LedgerEntry[]> {
  if (books.openDoubts !== undefined) return books.openDoubts();
  const entries = await collect(entriesWith(books.ledger, [IN_DOUBT]));
  return entries.filter((entry) => entry.state === 'in-doubt' && entry.action === 'bind');
}

/**
 * Ledger lines that settle what was in doubt about binding these numbers: now that a binding of them is certain, earlier binds of the
 * same numbers whose answer was lost are no longer open. Changes nothing by itself.
 */
export async function settleDoubts(
  books: Pick<Bookkeeping, 'ledger' | 'now' | 'openDoubts'>,
  binding: Binding,
): Promise<LedgerEntry[]> {
  const open = (await openDoubts(books)).filter(
    (entry) => entry.mode === binding.mode && isSameBinding(entry.request ?? {}, binding),
  );
  const note = `settled: bound as ${binding.subscriptionId}`;
  return open.map((entry) => ({ ...entry, at: books.now(), state: 'gone', note }));
}
