import { type NotificationRecord, recordKey } from '../domain/notification-record.js';
import { ContentHash } from './content-hash.js';
import { HashSet } from './hash-set.js';
import type { RecordHash } from './record-hash.js';
import { COLUMN, FLAG } from './quick/call-columns.js';
import type { CallRows } from './quick/call-rows.js';

/** Remembers which records have been seen, by a 64-bit hash of key and content; see {@link HashSet} for memory and certainty. */
export class SeenRecords {
  readonly #hash: RecordHash;
  #known: HashSet | undefined;
  /** The first record, until there is another: a file of one CDR is read without anything being hashed. */
  #first: NotificationRecord | undefined;
  /** Hash of what stands beside the content of a CDR. */
  readonly #ofCall: ContentHash;

  /** @param hash where scanned calls come too, the one that hashes as the scanner does. */
  constructor(hash: RecordHash = new ContentHash()) {
    this.#hash = hash;
    this.#ofCall = new ContentHash();
    this.#ofCall.add(CALL);
  }

  /** @returns whether the record is met for the first time; always true for a record without a key. It is remembered. */
  add(record: NotificationRecord): boolean {
    if (this.#known === undefined && this.#first === undefined) {
      this.#first = record;
      return true;
    }
    return this.#addWhole(this.#knownSoFar(), record);
  }

  /** The calls that are met for the first time, and those without a key. They are remembered. */
  newOf(rows: CallRows): CallRows {
    const known = this.#knownSoFar();
    const { words, places } = rows;
    const isNew = new Uint8Array(rows.count).fill(1);
    const most = known.mostAtOnce;
    const { low, high } = this.#ofCall;
    for (let from = 0; from < places.length; from += most) {
      const { pairs } = known;
      const end = Math.min(places.length, from + most);
      for (let index = from, pair = 0; index < end; index++, pair += 2) {
        const at = places[index] ?? 0;
        const hasKey = ((words[at + COLUMN.flags] ?? 0) & FLAG.key) !== 0;
        // 0 stands for a call without a key: whether it is known does not count.
        pairs[pair] = hasKey ? (words[at + COLUMN.low] ?? 0) ^ low : 0;
        pairs[pair + 1] = hasKey ? (words[at + COLUMN.high] ?? 0) ^ high : 0;
      }
      isNew.set(known.addAll(end - from), from);
    }
    return rows.filter((_, at, index) => isNew[index] === 1 || ((words[at + COLUMN.flags] ?? 0) & FLAG.key) === 0);
  }

  #knownSoFar(): HashSet {
    this.#known ??= new HashSet();
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) this.#addWhole(this.#known, first);
    return this.#known;
  }

  #addWhole(known: HashSet, record: NotificationRecord): boolean {
    const key = keyBesideContent(record);
    if (key === undefined) return true;
    this.#hash.add(record.raw);
    const { high, low } = this.#hash;
    this.#hash.add(key);
    return known.add(high ^ this.#hash.high, low ^ this.#hash.low);
  }
}

const CALL = 'fee';

/** What `raw` does not say: the key of a CDR follows from its fields, so that its kind is enough. `undefined` without a key. */
function keyBesideContent(record: NotificationRecord): string | undefined {
  if (record.kind !== 'CallRecord') return recordKey(record);
  return record.icid === undefined && record.sessionId === undefined ? undefined : CALL;
}
