/** A hash of 64 bits in two halves. */
export interface TermHash {
  readonly high: number;
  readonly low: number;
}

/** Kinds of texts that an index tells apart: a key and a number of the same digits are not the same. */
export const KEY_KIND = 1;
export const TERM_KIND = 2;

/**
 * Hash of a text in an index with this seed (32 bits). The seed is drawn for each index, so that nobody can make texts that meet.
 * @returns two whole numbers from 0 to 2^32 - 1.
 */
export function hashTerm(text: string, seed: number, kind: typeof KEY_KIND | typeof TERM_KIND): TermHash {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ Math.imul(seed, 0x9e3779b1) ^ kind;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
    high ^= low >>> 15;
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return { high: high >>> 0, low: low >>> 0 };
}
