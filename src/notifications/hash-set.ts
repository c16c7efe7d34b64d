/** Bits of the high lane that choose the part: they need not be stored. */
const PART_BITS = 8;
const FIRST_SLOTS = 256;
/** A part grows when it is fuller than this, by a half: on average it is five eighths full. */
const FULLEST = 0.75;
const GROWTH = 1.5;

/**
 * A set of 64-bit hashes that takes some 10 bytes each, so that ten million fit beside the rest of a small process. 56 of the bits
 * count: two hashes are taken for one about once in 1,400 sets of ten million. The parts grow one by one, so there is never a
 * second copy of all.
 */
export class HashSet {
  readonly #parts: Part[] = Array.from({ length: 1 << PART_BITS }, () => new Part());

  /** @returns true when the hash is new; it is remembered. */
  add(high: number, low: number): boolean {
    return this.#parts[high >>> (32 - PART_BITS)]?.add((high >>> 8) & 0xffff, low >>> 0) === true;
  }
}

class Part {
  /** A slot with 0 in both is free. */
  #highs = new Uint16Array(FIRST_SLOTS);
  #lows = new Uint32Array(FIRST_SLOTS);
  #left = Math.floor(FIRST_SLOTS * FULLEST);

  add(high: number, low: number): boolean {
    if (!insert(this.#highs, this.#lows, high, low === 0 && high === 0 ? 1 : low)) return false;
    this.#left--;
    if (this.#left < 0) this.#grow();
    return true;
  }

  #grow(): void {
    const [oldHighs, oldLows] = [this.#highs, this.#lows];
    const length = Math.ceil(oldLows.length * GROWTH);
    this.#highs = new Uint16Array(length);
    this.#lows = new Uint32Array(length);
    this.#left = Math.floor(length * FULLEST);
    for (let at = 0; at < oldLows.length; at++) {
      const low = oldLows[at] ?? 0;
      const high = oldHighs[at] ?? 0;
      if (low === 0 && high === 0) continue;
      insert(this.#highs, this.#lows, high, low);
      this.#left--;
    }
  }
}

/** @returns false when it is there already. */
function insert(highs: Uint16Array, lows: Uint32Array, high: number, low: number): boolean {
  let at = (low * (lows.length / 0x1_0000_0000)) >>> 0;
  while (lows[at] !== 0 || highs[at] !== 0) {
    if (lows[at] === low && highs[at] === high) return false;
    at = at + 1 === lows.length ? 0 : at + 1;
  }
  highs[at] = high;
  lows[at] = low;
  return true;
}
