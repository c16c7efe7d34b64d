import { hashText } from './text-hash.js';

/**
 * Remembers texts with a number each, in 12 bytes a text whatever its length: a million rows must fit into a small memory. Texts are told apart by 64 bits
 * of hash: among a million, two are confounded once in 37 million files.
 */
export class RowIndex {
  #mask: number;
  #low: Uint32Array;
  #high: Uint32Array;
  /** Number + 1; 0 = free. */
  #numbers: Uint32Array;
  #size = 0;

  constructor() {
    this.#mask = 1023;
    this.#low = new Uint32Array(1024);
    this.#high = new Uint32Array(1024);
    this.#numbers = new Uint32Array(1024);
  }

  /** The number that `text` was first entered with; `undefined` when it is new, and then `number` is kept. */
  enter(text: string, number: number): number | undefined {
    const [low, high] = hashText(text);
    const slot = this.#slotOf(low, high);
    const known = this.#numbers[slot] ?? 0;
    if (known !== 0) return known - 1;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#numbers[slot] = number + 1;
    this.#size += 1;
    if (this.#size > this.#mask * 0.75) this.#grow();
    return undefined;
  }

  #slotOf(low: number, high: number): number {
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      if (this.#numbers[slot] === 0 || (this.#low[slot] === low && this.#high[slot] === high)) return slot;
    }
  }

  #grow(): void {
    const [low, high, numbers] = [this.#low, this.#high, this.#numbers];
    const length = numbers.length * 2;
    this.#mask = length - 1;
    this.#low = new Uint32Array(length);
    this.#high = new Uint32Array(length);
    this.#numbers = new Uint32Array(length);
    for (let from = 0; from < numbers.length; from += 1) {
      const number = numbers[from] ?? 0;
      if (number === 0) continue;
      const slot = this.#slotOf(low[from] ?? 0, high[from] ?? 0);
      this.#low[slot] = low[from] ?? 0;
      this.#high[slot] = high[from] ?? 0;
      this.#numbers[slot] = number;
    }
  }
}
