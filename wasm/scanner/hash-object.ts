// Hashes of objects that the full parser has read, the same that the scanner gives.

import { finish, foldAll, P1, TAG_TEXT } from './hash';

/** Where the JSON string that begins at `at` ends, behind its quote. */
function skipText(at: usize): usize {
  at++;
  while (load<u8>(at) != 0x22) at += load<u8>(at) == 0x5c ? 2 : 1;
  return at + 1;
}

/** Where the JSON value that begins at `at` ends. */
function skipValue(at: usize): usize {
  let depth = 0;
  while (true) {
    const char = load<u8>(at);
    if (char == 0x22) at = skipText(at);
    else if (char == 0x7b || char == 0x5b) {
      depth++;
      at++;
    } else if (char == 0x7d || char == 0x5d) {
      if (depth == 0) return at;
      depth--;
      at++;
    } else if (char == 0x2c && depth == 0) return at;
    else at++;
    if (depth == 0 && (char == 0x22 || char == 0x7d || char == 0x5d)) return at;
  }
}

export let high: i32 = 0;
export let low: i32 = 0;

/**
 * Hash of an object, as {@link scanCall} gives it: the same for the same fields in whatever order. The text from `at` is well-formed JSON without blanks
 * between tokens, escaped as JSON.stringify does, the fields of nested objects in one order.
 */
export function hashObject(at: i32): void {
  let p: usize = at;
  let sum: u64 = 0;
  if (load<u8>(p + 1) != 0x7d) {
    do {
      p++;
      const key = p;
      p = skipText(p);
      let hash = foldAll(P1, key, <i32>(p - key));
      p++;
      let from = p;
      p = skipValue(p);
      let length = <i32>(p - from);
      if (load<u8>(from) == 0x22) {
        hash ^= TAG_TEXT;
        from++;
        length -= 2;
      }
      sum += finish(foldAll(hash, from, length));
    } while (load<u8>(p) == 0x2c);
  }
  const hash = finish(sum);
  low = <i32>hash;
  high = <i32>(hash >> 32);
}
