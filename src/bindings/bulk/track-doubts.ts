import { openDoubts } from '../settle-doubts.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';
import type { Bookkeeping } from '../bookkeeping.js';

/**
 * The same books, keeping in mind which binds are in doubt: read once, then followed by what is appended here. A single bind reads the whole ledger for
 * that; over many rows this would take the square of their number.
 */
export async function trackDoubts(books: Bookkeeping): Promise<Bookkeeping> {
  const open = new Map<string, LedgerEntry>((await openDoubts(books)).map((entry) => [entry.key, entry]));
  return {
    ...books,
    openDoubts: () => [...open.values()],
    ledger: {
      append: async (entries) => {
        await books.ledger.append(entries);
        for (const entry of entries) {
          if (entry.state === 'in-doubt' && entry.action === 'bind') open.set(entry.key, entry);
          else open.delete(entry.key);
        }
      },
      entries: () => books.ledger.entries(),
      find: (texts, span) => books.ledger.find?.(texts, span) ?? books.ledger.entries(),
      findsQuickly: () => books.ledger.findsQuickly?.() ?? Promise.resolve(false),
      get: (key) => books.ledger.get(key),
      getAll: (keys) => books.ledger.getAll(keys),
    },
  };
}
