// Times in the form of the platform.

import { NONE } from './memory';

let dayLow: u64 = 0;
let dayHigh: u16 = 0;
let daySeconds: i32 = 0;

@inline
function pair(at: usize): i32 {
  const tens = <u32>load<u8>(at) - 0x30;
  const ones = <u32>load<u8>(at + 1) - 0x30;
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

/** Midnight of `2019-01-23` in seconds since 1970; NONE for no date, and before 1970 and after 2037. */
function parseDay(at: usize): i32 {
  if (load<u8>(at + 4) != 0x2d || load<u8>(at + 7) != 0x2d) return NONE;
  const century = pair(at);
  const ofCentury = pair(at + 2);
  const month = pair(at + 5);
  const day = pair(at + 8);
  if (century > 99 || ofCentury > 99) return NONE;
  const year = century * 100 + ofCentury;
  if (year < 1970 || year > 2037 || month < 1 || month > 12 || day < 1) return NONE;
  const leap = year % 4 == 0;
  const longest = month == 2 ? (leap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  if (day > longest) return NONE;
  const marchYear = month > 2 ? year : year - 1;
  const marchDay = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  const days = marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + marchDay - 719468;
  return days * 86400;
}

/** `2019-01-23 09:15:14` in seconds since 1970, UTC; NONE for anything else. */
@inline
export function parseTime(at: usize): i32 {
  const low = load<u64>(at);
  const high = load<u16>(at + 8);
  if (low != dayLow || high != dayHigh) {
    const seconds = parseDay(at);
    if (seconds == NONE) return NONE;
    dayLow = low;
    dayHigh = high;
    daySeconds = seconds;
  }
  const digits = load<u64>(at + 11) ^ 0x30303a30303a3030;
  if (((digits + 0x06067f06067f0606) | digits) & 0xf0f080f0f080f0f0) return NONE;
  const hour = <i32>(digits & 0xff) * 10 + <i32>((digits >> 8) & 0xff);
  const minute = <i32>((digits >> 24) & 0xff) * 10 + <i32>((digits >> 32) & 0xff);
  const second = <i32>((digits >> 48) & 0xff) * 10 + <i32>(digits >> 56);
  if (hour > 23 || minute > 59 || second > 59 || load<u8>(at + 10) != 0x20) return NONE;
  return daySeconds + (hour * 60 + minute) * 60 + second;
}
