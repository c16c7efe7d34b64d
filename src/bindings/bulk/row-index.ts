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
    const [low, high] = hash(text);
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

/** Two independent 32-bit hashes (cyrb53's two halves). */
function hash(text: string): [number, number] {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return [low >>> 0, high >>> 0];
}
