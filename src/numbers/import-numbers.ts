import type { InventoryEntry, KeyedLog } from '../store/store.js';
import type { NumberRow } from './read-number-file.js';

/** What an import changed in the inventory. */
export interface ImportResult {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

/**
 * Enters the rows of a list in the inventory, as one write. What a row says replaces what was known; what it leaves empty
 * stays; further columns are added to those known.
 * @throws AppError `disk-full` or `storage-…`; then nothing was entered.
 */
export async function importNumbers(
  inventory: KeyedLog<InventoryEntry>,
  rows: readonly NumberRow[],
  now: Date,
): Promise<ImportResult> {
  const result = { added: 0, changed: 0, unchanged: 0 };
  const entries: InventoryEntry[] = [];
  for (const row of rows) {
    const known = await inventory.get(row.number);
    const entry = merge(known, row, now);
    if (known !== undefined && isSame(known, entry)) {
      result.unchanged += 1;
      continue;
    }
    result[known === undefined ? 'added' : 'changed'] += 1;
    entries.push(entry);
  }
  if (entries.length > 0) await inventory.append(entries);
  return result;
}

function merge(known: InventoryEntry | undefined, row: NumberRow, now: Date): InventoryEntry {
  const origins = known?.origins ?? [];
  const extra = { ...known?.extra, ...row.extra };
  return {
    key: row.number,
    at: now,
    mode: row.mode ?? known?.mode,
    city: row.city ?? known?.city,
    areaCode: row.areaCode ?? known?.areaCode,
    status: row.status ?? known?.status,
    sms: row.sms ?? known?.sms,
    origins: origins.includes('import') ? origins : [...origins, 'import'],
    extra: Object.keys(extra).length === 0 ? undefined : extra,
  };
}

function isSame(one: InventoryEntry, other: InventoryEntry): boolean {
  const fields = ['mode', 'city', 'areaCode', 'status', 'sms'] as const;
  const sorted = (entry: InventoryEntry): string => JSON.stringify(Object.entries(entry.extra ?? {}).sort());
  return (
    fields.every((field) => one[field] === other[field]) &&
    one.origins.length === other.origins.length &&
    sorted(one) === sorted(other)
  );
}
