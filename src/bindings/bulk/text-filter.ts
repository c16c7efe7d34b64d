import { hashText } from './text-hash.js';

/** Tells of nearly every text that was not added that it was not; of each one that was added that it was. Some 8 bytes a text. */
export class TextFilter {
  /** Hashes; 0 = free. */
  #slots = new Uint32Array(1024);
  #size = 0;

  add(text: string): void {
    const hash = hashOf(text);
    const slot = this.#slotOf(hash);
    if (this.#slots[slot] === hash) return;
    this.#slots[slot] = hash;
    this.#size += 1;
    if (this.#size > this.#slots.length * 0.75) this.#grow();
  }

  /** May be true of one other text in four thousand where a million were added. */
  mayHave(text: string): boolean {
    return this.#slots[this.#slotOf(hashOf(text))] !== 0;
  }

  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (const hash of old) if (hash !== 0) this.#slots[this.#slotOf(hash)] = hash;
  }
}

function hashOf(text: string): number {
  const [low] = hashText(text);
  return low === 0 ? 1 : low;
}
