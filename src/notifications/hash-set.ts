/** Bits of the high lane that choose the part: they need not be stored. */
const PART_BITS = 12;
/** A part grows when it is fuller than this, by a quarter: on average it is three quarters full. */
const FULLEST = 0.8;
const GROWTH = 1.25;

/**
 * A set of 64-bit hashes that takes some 9 bytes each, so that ten million fit beside the rest of a small process. 60 of the bits
 * count: two hashes are taken for one about once in 10^4 sets of ten million. The parts grow one by one, so there is never a
 * second copy of all.
 */
export class HashSet {
  readonly #parts: (Part | undefined)[] = Array.from({ length: 1 << PART_BITS }, () => undefined);

  /** @returns true when the hash is new; it is remembered. */
  add(high: number, low: number): boolean {
    const index = high >>> (32 - PART_BITS);
    const part = (this.#parts[index] ??= new Part());
    return part.add((high >>> 4) & 0xffff, low >>> 0);
  }
}

class Part {
  /** A slot with 0 in both is free. */
  #highs = new Uint16Array(8);
  #lows = new Uint32Array(8);
  #size = 0;

  add(high: number, low: number): boolean {
    if (!insert(this.#highs, this.#lows, high, low === 0 && high === 0 ? 1 : low)) return false;
    this.#size++;
    if (this.#size > this.#lows.length * FULLEST) this.#grow();
    return true;
  }

  #grow(): void {
    const length = Math.ceil(this.#lows.length * GROWTH);
    const highs = new Uint16Array(length);
    const lows = new Uint32Array(length);
    this.#lows.forEach((low, at) => {
      const high = this.#highs[at] ?? 0;
      if (low !== 0 || high !== 0) insert(highs, lows, high, low);
    });
    this.#highs = highs;
    this.#lows = lows;
  }
}

/** @returns false when it is there already. */
function insert(highs: Uint16Array, lows: Uint32Array, high: number, low: number): boolean {
  let at = Math.floor((low / 0x1_0000_0000) * lows.length);
  while (lows[at] !== 0 || highs[at] !== 0) {
    if (lows[at] === low && highs[at] === high) return false;
    at = at + 1 === lows.length ? 0 : at + 1;
  }
  highs[at] = high;
  lows[at] = low;
  return true;
}
