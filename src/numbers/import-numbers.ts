import { areaCodeOf } from '../domain/catalogues/area-codes.js';
import type { InventoryEntry } from '../store/inventory-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';
import type { NumberRow } from './read-number-file.js';

/** Fields that a row may change. */
const FIELDS = ['mode', 'city', 'areaCode', 'status', 'sms'] as const;

/** One number that an import meets with other content than the inventory has. */
export interface ImportDifference {
  readonly change: 'appeared' | 'changed' | 'vanished';
  readonly x: string;
  /** What changed, as the inventory had it and as the list says it; further columns by heading. */
  readonly was?: Readonly<Record<string, unknown>> | undefined;
  readonly is?: Readonly<Record<string, unknown>> | undefined;
}

/** What an import would do. */
export interface ImportPlan {
  /** Entries that are new or changed, as they will be. */
  readonly entries: readonly InventoryEntry[];
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Entries of earlier imports that the list no longer has; of the modes that are understood in it, where every row of it names one. */
  readonly vanished: readonly InventoryEntry[];
  readonly differences: readonly ImportDifference[];
}

/** Compares the rows of a list with the inventory, read once. Changes nothing. */
export async function planImport(
  inventory: Pick<KeyedLog<InventoryEntry>, 'entries'>,
  rows: readonly NumberRow[],
  now: Date,
): Promise<ImportPlan> {
  const all = new Map<string, InventoryEntry>();
  for await (const entry of inventory.entries()) if (entry.forgotten !== true) all.set(entry.key, entry);
  const entries: InventoryEntry[] = [];
  const differences: ImportDifference[] = [];
  const counts = { added: 0, changed: 0, unchanged: 0 };
  for (const row of rows) {
    const known = all.get(row.number);
    const entry = merge(known, row, now);
    if (known === undefined) {
      counts.added += 1;
      differences.push({ change: 'appeared', x: entry.key });
    } else {
      const difference = compare(known, entry);
      if (difference === undefined && known.origins.includes('import')) {
        counts.unchanged += 1;
        continue;
      }
      counts.changed += 1;
      if (difference !== undefined) differences.push(difference);
    }
    entries.push(entry);
  }
  const vanished = findVanished(all.values(), rows);
  for (const { key } of vanished) differences.push({ change: 'vanished', x: key });
  return { entries, ...counts, vanished, differences };
}

/**
 * Does what was planned, as one write.
 * @param forget whether the vanished numbers leave the inventory; they come back when they are seen again.
 * @throws AppError `disk-full` or `storage-…`; then nothing was entered.
 */
export async function importNumbers(
  inventory: Pick<KeyedLog<InventoryEntry>, 'append'>,
  plan: Pick<ImportPlan, 'entries' | 'vanished'>,
  { forget, now }: { readonly forget: boolean; readonly now: Date },
): Promise<void> {
  const gone = forget ? plan.vanished.map((entry) => ({ ...entry, at: now, forgotten: true })) : [];
  if (plan.entries.length + gone.length > 0) await inventory.append([...plan.entries, ...gone]);
}

function findVanished(known: Iterable<InventoryEntry>, rows: readonly NumberRow[]): InventoryEntry[] {
  const listed = new Set(rows.map(({ number }) => number));
  const modes = new Set(rows.map(({ mode }) => mode));
  const isPart = rows.every(({ mode, hasUnknownMode }) => mode !== undefined || hasUnknownMode === true);
  return Array.from(known).filter(
    ({ key, origins, mode }) => origins.includes('import') && !listed.has(key) && !(isPart && !modes.has(mode)),
  );
}

function merge(known: InventoryEntry | undefined, row: NumberRow, now: Date): InventoryEntry {
  const origins = known?.origins ?? [];
  const earlier = Object.entries(known?.extra ?? {}).filter(([name]) => row.understood?.includes(name) !== true);
  const extra = { ...Object.fromEntries(earlier), ...row.extra };
  const sameStatus = row.status === undefined || row.status === known?.status;
  const city = row.city ?? known?.city;
  return {
    ...known,
    key: row.number,
    at: now,
    mode: row.mode ?? known?.mode,
    city,
    areaCode: row.areaCode ?? codeOf(known, city),
    status: row.status ?? known?.status,
    cause: sameStatus ? known?.cause : undefined,
    statusAt: sameStatus ? known?.statusAt : now,
    sms: row.sms ?? known?.sms,
    origins: origins.includes('import') ? origins : [...origins, 'import'],
    extra: Object.keys(extra).length === 0 ? undefined : extra,
    firstAt: known === undefined ? now : known.firstAt,
  };
}

/** What list or platform have said goes before the table of cities; a code that came from the table follows the city. */
function codeOf(known: InventoryEntry | undefined, city: string | undefined): string | undefined {
  const byTable = (name: string | undefined): string | undefined => (name === undefined ? undefined : areaCodeOf(name));
  const isSaid = known?.areaCode !== undefined && known.areaCode !== byTable(known.city);
  return isSaid ? known.areaCode : byTable(city);
}

function compare(known: InventoryEntry, entry: InventoryEntry): ImportDifference | undefined {
  const before = { ...pick(known), ...known.extra };
  const after = { ...pick(entry), ...entry.extra };
  const names = Object.keys(after).filter((name) => before[name] !== after[name]);
  if (names.length === 0) return undefined;
  const only = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(names.map((name) => [name, values[name]]));
  return { change: 'changed', x: entry.key, was: only(before), is: only(after) };
}

function pick(entry: InventoryEntry): Readonly<Record<string, unknown>> {
  return Object.fromEntries(FIELDS.map((field) => [field, entry[field]]));
}
