import { entriesWith } from '../entries-with.js';
import type { Table } from '../../tables/read-table.js';
import type { KeyedLog } from '../../store/keyed-log.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';
import { readRow, type RowReading } from './row-values.js';

/** With more rows than these reading the whole ledger is quicker than looking for each of them. */
const FEW_ROWS = 100;

/**
 * What of the ledger a few rows can meet: the entries with their IDs, A and X numbers, or with B where a row has B alone. The ledger itself where there are many rows, or where it
 * finds no quicker than it is read.
 */
export async function nearbyLedger(
  ledger: Pick<KeyedLog<LedgerEntry>, 'entries' | 'find' | 'findsQuickly'>,
  table: Pick<Table, 'rows'>,
  reading: RowReading,
): Promise<Pick<KeyedLog<LedgerEntry>, 'entries'>> {
  if ((await ledger.findsQuickly?.()) !== true) return ledger;
  const [names, numbers] = [new Set<unknown>(), new Set<unknown>()];
  let count = 0;
  for await (const batch of table.rows()) {
    count += batch.length;
    if (count > FEW_ROWS) return ledger;
    for (const row of batch) {
      const read = readRow(reading, row);
      if (!('values' in read)) continue;
      const { a, b, id, x } = read.values;
      names.add(a).add(id);
      // B finds what has nothing else: everything that A, ID or X finds is there already.
      numbers.add(x ?? (a === undefined && id === undefined ? b : undefined));
    }
  }
  const nearby = new Map<string, LedgerEntry>();
  // A and ID first: entries of one A keep their order, in which the latest request in doubt is told.
  for (const text of [...names, ...numbers]) {
    if (text === undefined) continue;
    for await (const entry of entriesWith(ledger, [text])) nearby.set(entry.key, entry);
  }
  return {
    entries: async function* () {
      yield* await Promise.resolve(nearby.values());
    },
  };
}
