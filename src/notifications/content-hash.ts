import { type FieldOrder, FieldOrders, type FieldPath } from './field-orders.js';

/** Deeper levels are not told apart; a notification has six at most. */
const MAX_DEPTH = 100;

const BUFFER_CHARS = 16 * 1024;

/** What a value is goes into its hash, so that `1` and `"1"` differ. */
const TAG = { text: 0x51ed270b, number: 0x2545f491, other: 0x3c6ef372, array: 0x7f4a7c15, object: 0x1b873593 } as const;

const HIGH_FACTOR = 0x01000193;
const LOW_FACTOR = 0x27220a95;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Hashes parsed JSON values to 64 bits, in two lanes of 32: equal values have equal hashes, whatever the order of their fields.
 * For telling repeats from others in one run, not against an adversary. Hashes of two instances do not compare.
 */
export class ContentHash {
  /** The lanes of the last value; as bits, signed. */
  high = 0;
  low = 0;
  readonly #orders = new FieldOrders();
  readonly #words = new Int32Array(BUFFER_CHARS / 2);
  readonly #bytes = Buffer.from(this.#words.buffer);
  /** The texts of the object being read, one behind the other; their lengths and all else are in the lanes. */
  #texts = '';

  /** Hashes a value; the result stands in `high` and `low`. */
  add(value: unknown, depth = 0): void {
    if (typeof value === 'string') this.#text(value, TAG.text);
    else if (typeof value === 'number') this.#text(String(value), TAG.number);
    else if (typeof value !== 'object' || value === null) this.#text(String(value), TAG.other);
    else if (depth >= MAX_DEPTH) this.#text('…', TAG.other);
    else if (Array.isArray(value)) this.#array(value, depth);
    else this.#object(value as Fields, depth);
  }

  #text(text: string, tag: number): void {
    this.high = tag;
    this.low = text.length;
    this.#finish(text);
  }

  #array(values: readonly unknown[], depth: number): void {
    let high: number = TAG.array;
    let low: number = values.length;
    for (const value of values) {
      this.add(value, depth + 1);
      high = (Math.imul(high, HIGH_FACTOR) + this.high) | 0;
      low = (Math.imul(low, LOW_FACTOR) + this.low) | 0;
    }
    this.high = mix(high);
    this.low = mix(low);
  }

  #object(fields: Fields, depth: number): void {
    this.#begin();
    let path: FieldPath | undefined = this.#orders.start;
    for (const name in fields) {
      if (path !== undefined) path = path.lastName === name ? path.last : this.#orders.follow(path, name);
      this.#member(fields[name], depth);
    }
    const order = path?.order ?? this.#orders.find(Object.keys(fields), path);
    if (path?.isInOrder !== true) this.#reread(fields, order, depth);
    const texts = this.#texts;
    this.high ^= order.id;
    this.low = (this.low + order.id) | 0;
    this.#finish(texts);
  }

  #begin(): void {
    this.high = TAG.object;
    this.low = 0;
    this.#texts = '';
  }

  #reread(fields: Fields, order: FieldOrder, depth: number): void {
    this.#begin();
    for (const name of order.names) this.#member(fields[name], depth);
  }

  #member(value: unknown, depth: number): void {
    if (typeof value === 'string') {
      this.#texts += value;
      this.#fold(value.length, TAG.text);
    } else if (typeof value === 'number' && (value | 0) === value) this.#fold(value, TAG.number);
    else this.#other(value, depth);
  }

  #other(value: unknown, depth: number): void {
    const { high, low } = this;
    const texts = this.#texts;
    this.add(value, depth + 1);
    const [otherHigh, otherLow] = [this.high, this.low];
    this.high = Math.imul(high ^ otherHigh, HIGH_FACTOR);
    this.low = Math.imul((low << 7) ^ (low >>> 25) ^ otherLow, LOW_FACTOR);
    this.#texts = texts;
  }

  #fold(bits: number, tag: number): void {
    this.high = Math.imul(this.high ^ bits, HIGH_FACTOR) ^ tag;
    this.low = Math.imul((this.low << 7) ^ (this.low >>> 25) ^ bits, LOW_FACTOR) ^ tag;
  }

  /** Takes the text into the lanes, two characters at a time: reading them from memory takes a third of `charCodeAt`. */
  #finish(text: string): void {
    let { high, low } = this;
    for (let from = 0; from < text.length; from += BUFFER_CHARS) {
      const part = text.length <= BUFFER_CHARS ? text : text.slice(from, from + BUFFER_CHARS);
      const count = this.#bytes.write(part, 'utf16le') / 2;
      if (count % 2 === 1) this.#bytes.writeUInt16LE(0, count * 2);
      for (let at = 0; at < count / 2; at++) {
        const word = this.#words[at] ?? 0;
        high = Math.imul(high ^ word, HIGH_FACTOR);
        high ^= high >>> 15;
        low = Math.imul((low << 5) ^ (low >>> 27) ^ word, LOW_FACTOR);
      }
    }
    this.high = mix(high ^ (low >>> 15));
    this.low = mix(low);
  }
}

/** The finish of MurmurHash3: every bit of the input moves every bit of the result. */
function mix(bits: number): number {
  let mixed = bits;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
