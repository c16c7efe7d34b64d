import { type NotificationRecord, recordKey } from '../domain/notification-record.js';
import { ContentHash } from './content-hash.js';
import { HashSet } from './hash-set.js';
import type { RecordHash } from './record-hash.js';
import type { CallRows } from './quick/call-rows.js';

/** Remembers which records have been seen, by a 64-bit hash of key and content; see {@link HashSet} for memory and certainty. */
export class SeenRecords {
  /** Of CDRs. */
  readonly #hash: RecordHash;
  /** Of all others: the scanner reads none of them. */
  readonly #plain = new ContentHash();
  #known: HashSet | undefined;
  /** The first record, until there is another: a file of one CDR is read without anything being hashed. */
  #first: NotificationRecord | undefined;

  /** @param hash where scanned calls come too, the one that hashes as the scanner does. */
  constructor(hash: RecordHash = new ContentHash()) {
    this.#hash = hash;
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
    const hashes = rows.hashes();
    let wanted: Uint8Array | undefined;
    for (let from = 0; from < rows.count; from += known.mostAtOnce) {
      const part = hashes.subarray(from * 2, (from + known.mostAtOnce) * 2);
      known.pairs.set(part);
      const isNew = known.addAll(part.length / 2);
      if (!isNew.includes(0)) continue;
      wanted ??= new Uint8Array(rows.count).fill(1);
      for (let index = 0; index < isNew.length; index++) {
        const hasKey = part[index * 2] !== 0 || part[index * 2 + 1] !== 0;
        if (isNew[index] === 0 && hasKey) wanted[from + index] = 0;
      }
    }
    return wanted === undefined ? rows : rows.only(wanted);
  }

  #knownSoFar(): HashSet {
    this.#known ??= new HashSet();
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) this.#addWhole(this.#known, first);
    return this.#known;
  }

  #addWhole(known: HashSet, record: NotificationRecord): boolean {
    const key = recordKey(record);
    if (key === undefined) return true;
    if (record.kind === 'CallRecord') {
      // Its key follows from its fields.
      this.#hash.add(record.raw);
      return known.add(this.#hash.high, this.#hash.low);
    }
    this.#plain.add(record.raw);
    const { high, low } = this.#plain;
    this.#plain.add(key);
    return known.add(high ^ this.#plain.high, low ^ this.#plain.low);
  }
}
