import { type NotificationRecord, recordKey } from '../domain/notification-record.js';
import { ContentHash } from './content-hash.js';
import { HashSet } from './hash-set.js';
import type { CallRows } from './quick/call-rows.js';
import { RowHash } from './quick/row-hash.js';
import type { RecordHash } from './record-hash.js';

/** Calls differ in length, so that there may be more than expected: running out of room just before the end would cost most. */
const ROOM = 1.03;

/** Remembers which records have been seen, by a 64-bit hash of key and content; see {@link HashSet} for memory and certainty. */
export class SeenRecords {
  /** Of CDRs. */
  readonly #hash: RecordHash;
  /** Of all others: the scanner reads none of them. */
  readonly #plain = new ContentHash();
  readonly #known = new HashSet();

  /** @param options `scanned` where calls may come as the scanner left them: all are hashed as it does. */
  constructor({ scanned }: { readonly scanned: boolean } = { scanned: false }) {
    this.#hash = scanned ? new RowHash() : new ContentHash();
  }

  /** @returns whether the record is met for the first time; always true for a record without a key. It is remembered. */
  add(record: NotificationRecord): boolean {
    const key = recordKey(record);
    if (key === undefined) return true;
    if (record.kind === 'CallRecord') {
      // Its key follows from its fields.
      this.#hash.add(record.raw);
      return this.#known.add(this.#hash.high, this.#hash.low);
    }
    this.#plain.add(record.raw);
    const { high, low } = this.#plain;
    this.#plain.add(key);
    return this.#known.add(high ^ this.#plain.high, low ^ this.#plain.low);
  }

  /** The calls that are met for the first time, and those without a key. They are remembered. */
  newOf(rows: CallRows): CallRows {
    const known = this.#known;
    if (rows.expected !== undefined) known.expect(rows.expected * ROOM);
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
}
