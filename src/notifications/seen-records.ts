import { type NotificationRecord, recordKey } from '../domain/notification-record.js';
import { ContentHash } from './content-hash.js';
import { HashSet } from './hash-set.js';

/** Remembers which records have been seen, by a 60-bit hash of key and content; see {@link HashSet} for memory and certainty. */
export class SeenRecords {
  readonly #hash = new ContentHash();
  readonly #seen = new HashSet();

  /** @returns whether the record is met for the first time; always true for a record without a key. It is remembered. */
  add(record: NotificationRecord): boolean {
    const key = keyBesideContent(record);
    if (key === undefined) return true;
    this.#hash.add(record.raw);
    const { high, low } = this.#hash;
    this.#hash.add(key);
    return this.#seen.add(high ^ this.#hash.high, low ^ this.#hash.low);
  }
}

/** What `raw` does not say: the key of a CDR follows from its fields, so that its kind is enough. `undefined` without a key. */
function keyBesideContent(record: NotificationRecord): string | undefined {
  if (record.kind !== 'CallRecord') return recordKey(record);
  return record.icid === undefined && record.sessionId === undefined ? undefined : 'fee';
}
