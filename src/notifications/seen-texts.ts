import { createHash } from 'node:crypto';

/**
 * Remembers which texts have been seen, by 64 bits of their SHA-256 in one typed array: some 16 bytes a text, so ten million of
 * them fit beside the rest of a small process. Two texts are taken for one about once in 10^5 runs of that size.
 */
export class SeenTexts {
  #slots = new BigUint64Array(1024);
  #size = 0;

  /** @returns true when `text` is new; it is remembered. */
  add(text: string): boolean {
    const hash = createHash('sha256').update(text).digest().readBigUInt64LE(0) || 1n;
    if (!insert(this.#slots, hash)) return false;
    this.#size++;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new BigUint64Array(this.#slots.length * 2);
    for (const hash of this.#slots) if (hash !== 0n) insert(larger, hash);
    this.#slots = larger;
  }
}

/** 0 marks a free slot. @returns false when `hash` is there already. */
function insert(slots: BigUint64Array, hash: bigint): boolean {
  const mask = slots.length - 1;
  let at = Number(hash & BigInt(mask));
  while (slots[at] !== 0n) {
    if (slots[at] === hash) return false;
    at = (at + 1) & mask;
  }
  slots[at] = hash;
  return true;
}
