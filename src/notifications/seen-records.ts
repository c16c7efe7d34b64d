import { type NotificationRecord, recordKey } from '../domain/notification-record.js';
import { ContentHash } from './content-hash.js';
import { HashSet } from './hash-set.js';
import type { RecordHash } from './record-hash.js';
import { ScannedCall } from './quick/scanned-call.js';

/** Remembers which records have been seen, by a 56-bit hash of key and content; see {@link HashSet} for memory and certainty. */
export class SeenRecords {
  readonly #hash: RecordHash;
  readonly #seen = new HashSet();
  /** Hash of what stands beside the content of a CDR. */
  readonly #ofCall: { readonly high: number; readonly low: number };

  /** @param hash where scanned calls come too, the one that hashes as the scanner does. */
  constructor(hash: RecordHash = new ContentHash()) {
    this.#hash = hash;
    const texts = new ContentHash();
    texts.add(CALL);
    this.#ofCall = { high: texts.high, low: texts.low };
  }

  /** @returns whether the record is met for the first time; always true for a record without a key. It is remembered. */
  add(record: NotificationRecord | ScannedCall): boolean {
    if (record instanceof ScannedCall) {
      const { high, low } = this.#ofCall;
      return !record.hasKey || this.#seen.add(high ^ record.high, low ^ record.low);
    }
    const key = keyBesideContent(record);
    if (key === undefined) return true;
    this.#hash.add(record.raw);
    const { high, low } = this.#hash;
    this.#hash.add(key);
    return this.#seen.add(high ^ this.#hash.high, low ^ this.#hash.low);
  }
}

const CALL = 'fee';

/** What `raw` does not say: the key of a CDR follows from its fields, so that its kind is enough. `undefined` without a key. */
function keyBesideContent(record: NotificationRecord): string | undefined {
  if (record.kind !== 'CallRecord') return recordKey(record);
  return record.icid === undefined && record.sessionId === undefined ? undefined : CALL;
}
