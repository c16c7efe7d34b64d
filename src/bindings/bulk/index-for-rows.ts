import type { Values } from '../../platform/declarations/declaration.js';
import type { Table } from '../../tables/read-table.js';
import type { KeyedLog } from '../../store/keyed-log.js';
import type { LedgerEntry } from '../../store/ledger-entry.js';
import { buildLedgerIndex, keysAsked, type LedgerIndex } from './ledger-index.js';
import { nearbyLedger } from './nearby-ledger.js';
import { readRow, type RowReading } from './row-values.js';
import { TextFilter } from './text-filter.js';

/**
 * What of the ledger the rows of a file can meet. A large ledger is read once, and only what some row asks for is held; one more pass over the file says
 * what that is.
 * @throws AppError `input-invalid` where the file itself cannot be read on; `storage-…`.
 */
export async function indexForRows(
  ledger: Pick<KeyedLog<LedgerEntry>, 'entries' | 'find' | 'findsQuickly'>,
  table: Pick<Table, 'rows'>,
  { reading, now }: { readonly reading: RowReading; readonly now: Date },
): Promise<LedgerIndex> {
  const { mode } = reading;
  const nearby = await nearbyLedger(ledger, table, reading);
  if (nearby !== ledger || (await ledger.findsQuickly?.()) !== true) return buildLedgerIndex(nearby, mode, now);
  const asked = new TextFilter();
  let isAsked = false;
  for await (const batch of table.rows()) {
    for (const row of batch) {
      const read = readRow(reading, row);
      if (!('values' in read) || namesItsBinding(reading, read.values)) continue;
      isAsked = true;
      for (const key of keysAsked(mode, read.values)) asked.add(key);
    }
  }
  return buildLedgerIndex(isAsked ? ledger : { entries: noEntries }, mode, now, asked);
}

/** The ledger is not asked about these: the platform is. */
function namesItsBinding({ operation }: RowReading, { id }: Values): boolean {
  return operation === 'update' || (operation === 'unbind' && id !== undefined);
}

async function* noEntries(): AsyncGenerator<never> {
  // Nothing.
}
