import { batchesOf } from '../domain/batched.js';
import { compareTexts } from '../domain/compare-texts.js';
import { Told } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { memberAt } from '../output/plain-data.js';
import type { Column } from '../output/view.js';

/** What `--sort` asks for. */
export interface SortOrder {
  readonly field: string;
  readonly descending: boolean;
}

/** Help of the flag. */
export const SORT_HELP = 'by a field, FIELD or FIELD:desc; reads all rows first; rows without it come last';

/**
 * Reads `talkSeconds`, `talkSeconds:asc` or `talkSeconds:desc`.
 * @param fields the names that there are; `raw.` and a name of the platform works too.
 * @throws AppError `flag-invalid` for another order or a field that there is not.
 */
export function parseSort(text: string, fields: readonly string[]): SortOrder {
  const [, field = '', order = 'asc'] = /^([^:]*)(?::(.*))?$/s.exec(text.trim()) ?? [];
  if (order !== 'asc' && order !== 'desc') {
    throw new AppError('flag-invalid', {
      zh: `--sort ${text}：顺序为 asc 或 desc`,
      en: `--sort ${text}: the order is asc or desc`,
    });
  }
  if (!fields.includes(field) && !/^raw\../.test(field)) {
    throw new AppError(
      'flag-invalid',
      { zh: `--sort ${text}：没有该字段`, en: `--sort ${text}: no such field` },
      { hint: { zh: '--fields 不带值时列出全部字段。', en: 'A bare --fields names them all.' } },
    );
  }
  return { field, descending: order === 'desc' };
}

/** So many rows more than are asked for are held before the worst of them go. */
const SPARE_ROWS = 1000;

interface Keyed<T> {
  readonly item: T;
  readonly key: unknown;
}

/**
 * Reads all items, then gives the first `limit` of them in order: instants and numbers by size, texts as people sort them (2 before 10), items
 * without the field last in either direction. Equal items keep their order. Holds little more than `limit` items.
 */
export async function* sortItems<T>(
  items: AsyncIterable<T>,
  order: SortOrder,
  { columns, limit }: { readonly columns: readonly Column<T>[]; readonly limit: number },
): AsyncGenerator<T> {
  const value = columns.find(({ field }) => field === order.field)?.value;
  const sign = order.descending ? -1 : 1;
  let best: Keyed<T>[] = [];
  let worst: Keyed<T> | undefined;
  const sortBest = (): void => {
    best = best.sort((one, other) => compareKeys(one.key, other.key, sign)).slice(0, limit);
  };
  for await (const batch of batchesOf(items)) {
    for (const item of batch) {
      const key = value?.(item, 'en') ?? memberAt(item, order.field);
      // Of equal ones the first counts: what is no better than the worst of `limit` has no place.
      if (worst !== undefined && compareKeys(key, worst.key, sign) >= 0) continue;
      best.push({ item, key });
      if (best.length < limit + SPARE_ROWS) continue;
      sortBest();
      worst = best.at(-1);
    }
  }
  sortBest();
  for (const { item } of best) yield item;
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
  if (key instanceof Told) return key.in('en');
  return typeof key === 'string' ? key : JSON.stringify(key);
}
