import { type NotificationRecord, recordKey } from '../domain/notification-record.js';
import { ContentHash } from './content-hash.js';
import { HashSet } from './hash-set.js';
import type { RecordHash } from './record-hash.js';
import { ScannedCall } from './quick/scanned-call.js';

/** Remembers which records have been seen, by a 64-bit hash of key and content; see {@link HashSet} for memory and certainty. */
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
    return this.areNew([record])[0] === true;
  }

  /** {@link add} for many records, which is quicker than one by one. */
  areNew(records: readonly (NotificationRecord | ScannedCall)[]): boolean[] {
    const answers: boolean[] = [];
    const most = this.#seen.mostAtOnce;
    for (let from = 0; from < records.length; from += most) this.#addSome(records.slice(from, from + most), answers);
    return answers;
  }

  #addSome(records: readonly (NotificationRecord | ScannedCall)[], answers: boolean[]): void {
    const { pairs } = this.#seen;
    const withKey: number[] = [];
    for (const record of records) {
      const at = withKey.length * 2;
      if (record instanceof ScannedCall ? this.#putCall(record, pairs, at) : this.#putRecord(record, pairs, at)) {
        withKey.push(answers.length);
      }
      answers.push(true);
    }
    const results = this.#seen.addAll(withKey.length);
    withKey.forEach((index, at) => {
      answers[index] = results[at] === 1;
    });
  }

  /** @returns whether there was something to put. */
  #putCall(call: ScannedCall, pairs: Int32Array, at: number): boolean {
    pairs[at] = call.low ^ this.#ofCall.low;
    pairs[at + 1] = call.high ^ this.#ofCall.high;
    return call.hasKey;
  }

  #putRecord(record: NotificationRecord, pairs: Int32Array, at: number): boolean {
    const key = keyBesideContent(record);
    if (key === undefined) return false;
    this.#hash.add(record.raw);
    const { high, low } = this.#hash;
    this.#hash.add(key);
    pairs[at] = low ^ this.#hash.low;
    pairs[at + 1] = high ^ this.#hash.high;
    return true;
  }
}

const CALL = 'fee';

/** What `raw` does not say: the key of a CDR follows from its fields, so that its kind is enough. `undefined` without a key. */
function keyBesideContent(record: NotificationRecord): string | undefined {
  if (record.kind !== 'CallRecord') return recordKey(record);
  return record.icid === undefined && record.sessionId === undefined ? undefined : CALL;
}
