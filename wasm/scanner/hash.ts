// Hashes and comparison of bytes, 16 at a time.

import { MASKS } from './memory';

export const P1: u64 = 0xa0761d6478bd642f;
const P2: u64 = 0xe7037ed1a0b428db;
const P3: u64 = 0x8ebc6af09c88c6e3;
export const TAG_TEXT: u64 = 0x589965cc75374cc3;

@inline
export function block(from: usize, length: i32): v128 {
  return v128.and(v128.load(from), v128.load(MASKS + 16 - length));
}

@inline
export function fold(hash: u64, bytes: v128): u64 {
  hash = (hash ^ i64x2.extract_lane(bytes, 0)) * P1;
  hash ^= hash >> 32;
  hash = (hash ^ i64x2.extract_lane(bytes, 1)) * P2;
  return hash ^ (hash >> 29);
}

@inline
export function finish(hash: u64): u64 {
  hash *= P3;
  return hash ^ (hash >> 32);
}

/** Hash of some bytes; 16 at a time, the last ones filled up with 0, which no JSON text holds. */
export function foldAll(hash: u64, from: usize, length: i32): u64 {
  let left = length;
  while (left > 16) {
    hash = fold(hash, v128.load(from));
    from += 16;
    left -= 16;
  }
  return left > 0 ? fold(hash, block(from, left)) : hash;
}

export function sameBytes(one: usize, other: usize, length: i32): bool {
  let left = length;
  while (left > 16) {
    if (v128.any_true(v128.xor(v128.load(one), v128.load(other)))) return false;
    one += 16;
    other += 16;
    left -= 16;
  }
  return !v128.any_true(v128.xor(block(one, left), block(other, left)));
}
