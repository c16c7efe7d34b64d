import type { ReadItem } from '../read-item.js';
import { ScannedCall } from './scanned-call.js';

/** What a reader found: a whole record, or a call of which the scanner took the usual fields. */
export type FoundRecord = ReadItem | ScannedCall;

/** The whole record of what was found, which may be kept. */
export function wholeItem(found: FoundRecord): ReadItem {
  return found instanceof ScannedCall ? found.toItem() : found;
}
