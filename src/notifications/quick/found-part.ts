import type { ReadItem } from '../read-item.js';
import type { CallRows } from './call-rows.js';

/** What a reader found: one whole record, or calls of which the scanner took the usual fields. */
export type FoundPart = ReadItem | CallRows;

/** Whether it is calls as the scanner left them. Told by its form: their class comes with the scanner, and small files are read without that. */
export function isCallRows(part: object): part is CallRows {
  return 'words' in part;
}

/** How many records they are. */
export function countRecords(parts: readonly FoundPart[]): number {
  return parts.reduce((sum, part) => sum + (isCallRows(part) ? part.count : 1), 0);
}

/** Their whole records in order, which may be kept; each is made when it is asked for. */
export function* wholeItemsOf(parts: readonly FoundPart[]): Generator<ReadItem> {
  for (const part of parts) {
    if (isCallRows(part)) for (const call of part.calls()) yield call.toItem();
    else yield part;
  }
}
