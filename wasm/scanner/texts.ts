// Where texts and words end.

import { BACKSLASH, SMALL } from './memory';

/** Whether bytes are UTF-8 as a decoder takes it without a replacement. */
function isUtf8(from: usize, end: usize): bool {
  while (from < end) {
    const lead = <u32>load<u8>(from++);
    if (lead < 0x80) continue;
    let more: i32 = 0;
    let least: u32 = 0x80;
    let most: u32 = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) more = 1;
    else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2;
      if (lead == 0xe0) least = 0xa0;
      if (lead == 0xed) most = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3;
      if (lead == 0xf0) least = 0x90;
      if (lead == 0xf4) most = 0x8f;
    } else return false;
    for (; more > 0; more--) {
      if (from >= end) return false;
      const next = <u32>load<u8>(from++);
      if (next < least || next > most) return false;
      least = 0x80;
      most = 0xbf;
    }
  }
  return true;
}

/** Where a text ends of which the rest begins at `from`, at its closing quote; 0 when it is odd: an escape, a control character, no UTF-8. */
export function endOfText(from: usize): usize {
  let p = from;
  let high = 0;
  while (true) {
    const bytes = v128.load(p);
    const stops = v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, v128.load(BACKSLASH)));
    const ends = i8x16.bitmask(v128.or(stops, i8x16.lt_u(bytes, i8x16.splat(0x20))));
    if (ends == 0) {
      high |= i8x16.bitmask(bytes);
      p += 16;
      continue;
    }
    const index = ctz(ends);
    high |= i8x16.bitmask(bytes) & ((1 << index) - 1);
    p += index;
    return load<u8>(p) == 0x22 && (high == 0 || isUtf8(from, p)) ? p : 0;
  }
}

/** Length of `null`, `true` or `false` at `at`, 0 for anything else. */
export function wordLength(at: usize): i32 {
  const word = load<u32>(at);
  if (word == 0x6c6c756e || word == 0x65757274) return 4;
  return word == 0x736c6166 && load<u8>(at + 4) == 0x65 ? 5 : 0;
}

/** Bits of the bytes at which a text may end: the quote, an escape, what is no ASCII, and all up to the quote, of which a blank is the only usual one. */
@inline
export function stopsOf(bytes: v128): i32 {
  return i8x16.bitmask(v128.or(i8x16.lt_s(bytes, v128.load(SMALL)), i8x16.eq(bytes, v128.load(BACKSLASH))));
}
