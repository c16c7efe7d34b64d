import { type NotificationRecord, recordKey } from '../domain/notification-record.js';
import { ContentHash } from './content-hash.js';
import { HashSet } from './hash-set.js';
import type { RecordHash } from './record-hash.js';
import { ScannedCall } from './quick/scanned-call.js';

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
  add(record: NotificationRecord | ScannedCall): boolean {
    return this.areNew([record])[0] === true;
  }

  /** {@link add} for many records, which is quicker than one by one. */
  areNew(records: readonly (NotificationRecord | ScannedCall)[]): boolean[] {
    const [only] = records;
    if (this.#known === undefined && this.#first === undefined && records.length === 1 && isWhole(only)) {
      this.#first = only;
      return [true];
    }
    this.#known ??= new HashSet();
    if (this.#first !== undefined) this.#addSome(this.#known, [this.#first], []);
    this.#first = undefined;
    const answers: boolean[] = [];
    const most = this.#known.mostAtOnce;
    for (let from = 0; from < records.length; from += most) {
      this.#addSome(this.#known, records.slice(from, from + most), answers);
    }
    return answers;
  }

  #addSome(known: HashSet, records: readonly (NotificationRecord | ScannedCall)[], answers: boolean[]): void {
    const { pairs } = known;
    const withKey: number[] = [];
    for (const record of records) {
      const at = withKey.length * 2;
      if (record instanceof ScannedCall ? this.#putCall(record, pairs, at) : this.#putRecord(record, pairs, at)) {
        withKey.push(answers.length);
      }
      answers.push(true);
    }
    const results = known.addAll(withKey.length);
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

function isWhole(record: NotificationRecord | ScannedCall | undefined): record is NotificationRecord {
  return record !== undefined && !(record instanceof ScannedCall);
}

const CALL = 'fee';

/** What `raw` does not say: the key of a CDR follows from its fields, so that its kind is enough. `undefined` without a key. */
function keyBesideContent(record: NotificationRecord): string | undefined {
  if (record.kind !== 'CallRecord') return recordKey(record);
  return record.icid === undefined && record.sessionId === undefined ? undefined : CALL;
}
