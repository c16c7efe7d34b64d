import type { TextPair } from '../../domain/text-pair.js';
import type { TableRow } from '../../tables/read-table.js';
import { normalizeHeading } from '../../tables/normalize-heading.js';
import type { RowReading } from './row-values.js';

/** What a results file has beside the columns of its input, as it is compared: only all of them together make it one. */
const OF_RESULTS = ['subscriptionid', 'outcome', 'code', 'message'];
/** Outcomes of a row that no binding came of. */
const NOT_BOUND = ['refused', 'waiting'];

/** Why such a row needs no request. */
export const NEVER_BOUND: TextPair = {
  zh: '文件中的结果说明该行从未绑定',
  en: 'its outcome in the file says that it was never bound',
};

/**
 * Builds the test for rows of a results file (`--out`) that were refused or never sent and name no binding ID: to unbind or update them would hit what
 * others have on the same X. A bind takes such rows.
 */
export function buildNeverBound({ operation, columns }: RowReading): (row: TableRow) => boolean {
  const headings = columns.headings.map(normalizeHeading);
  if (operation === 'bind' || !OF_RESULTS.every((one) => headings.includes(one))) return () => false;
  const outcome = headings.indexOf('outcome');
  const ids = [...columns.fields].filter(([{ name }]) => name === 'id').flatMap(([, indices]) => indices);
  return ({ cells }) =>
    NOT_BOUND.includes((cells[outcome] ?? '').trim()) && ids.every((index) => (cells[index] ?? '').trim() === '');
}
