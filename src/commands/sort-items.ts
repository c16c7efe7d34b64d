import { compareTexts } from '../domain/compare-texts.js';
import { AppError } from '../errors.js';
import { memberAt } from '../output/plain-data.js';
import type { Column } from '../output/view.js';

/** What `--sort` asks for. */
export interface SortOrder {
  readonly field: string;
  readonly descending: boolean;
}

/** Help of the flag. */
export const SORT_HELP = 'by a field, FIELD or FIELD:desc; holds all rows in memory first; rows without it come last';

/**
 * Reads `talkSeconds`, `talkSeconds:asc` or `talkSeconds:desc`.
 * @param fields the names that there are; `raw.` and a name of the platform works too.
 * @throws AppError `flag-invalid` for another order or a field that there is not.
 */
export function parseSort(text: string, fields: readonly string[]): SortOrder {
  const [, field = '', order = 'asc'] = /^([^:]*)(?::(.*))?$/s.exec(text.trim()) ?? [];
  if (order !== 'asc' && order !== 'desc') {
    throw new AppError('flag-invalid', `--sort ${text}: the order is asc or desc`);
  }
  if (!fields.includes(field) && !/^raw\../.test(field)) {
    throw new AppError('flag-invalid', `--sort ${text}: no such field`, { hint: 'A bare --fields names them all.' });
  }
  return { field, descending: order === 'desc' };
}

/**
 * Reads all items, then gives the first `limit` of them in order: instants and numbers by size, texts as people sort them (2 before 10), items
 * without the field last in either direction. Equal items keep their order.
 */
export async function* sortItems<T>(
  items: AsyncIterable<T>,
  order: SortOrder,
  { columns, limit }: { readonly columns: readonly Column<T>[]; readonly limit: number },
): AsyncGenerator<T> {
  const value = columns.find(({ field }) => field === order.field)?.value;
  const keyed: { readonly item: T; readonly key: unknown }[] = [];
  for await (const item of items) keyed.push({ item, key: value?.(item, 'en') ?? memberAt(item, order.field) });
  keyed.sort((one, other) => compareKeys(one.key, other.key, order.descending ? -1 : 1));
  for (const { item } of keyed.slice(0, limit)) yield item;
}

function compareKeys(one: unknown, other: unknown, sign: 1 | -1): number {
  const missing = [one, other].map((key) => key === undefined || key === null);
  if (missing.includes(true)) return Number(missing[0]) - Number(missing[1]);
  const [left, right] = [sizeOf(one), sizeOf(other)];
  if (left !== undefined && right !== undefined) return (left - right) * sign;
  return compareTexts(textOf(one), textOf(other)) * sign;
}

function sizeOf(key: unknown): number | undefined {
  if (key instanceof Date) return key.getTime();
  return typeof key === 'number' || typeof key === 'boolean' ? Number(key) : undefined;
}

function textOf(key: unknown): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}
