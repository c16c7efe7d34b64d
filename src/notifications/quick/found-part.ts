import type { ReadItem } from '../read-item.js';
import { CallRows } from './call-rows.js';

/** What a reader found: one whole record, or calls of which the scanner took the usual fields. */
export type FoundPart = ReadItem | CallRows;

/** How many records they are. */
export function countRecords(parts: readonly FoundPart[]): number {
  return parts.reduce((sum, part) => sum + (part instanceof CallRows ? part.count : 1), 0);
}

/** Their whole records in order, which may be kept; each is made when it is asked for. */
export function* wholeItemsOf(parts: readonly FoundPart[]): Generator<ReadItem> {
  for (const part of parts) {
    if (part instanceof CallRows) for (const call of part.calls()) yield call.toItem();
    else yield part;
  }
}
