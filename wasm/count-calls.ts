// AssemblyScript, built into src/notifications/quick/counter-binary.ts by `npm run wasm`.
//
// Counts calls by groups, from the facts that `scan-calls.ts` leaves of each. What follows from codes, from a zone and from the names of groups is not known
// here: the host is asked when something is met for the first time, and answers by entering it into a table.

/** How many calls are counted at once at most. */
export const MAX_CALLS: i32 = 8192;
/** Where the host writes what the scanner left of each call: 32 bytes of facts; 32 of texts, where something is grouped by them. */
export const FACTS: i32 = 0x1_0000;
export const TEXTS: i32 = 0x5_0000;
/** A byte for each call: 0 where it is not to be counted. */
export const MARKS: i32 = 0x9_0000;
/** Numbers of the calls of one go that the host has to count itself, 4 bytes each. */
export const LEFT: i32 = 0x9_4000;
/** How calls ended, 32 bytes each: codes and signs as in the facts, then what the host says of them: bits of the keys, whether answered. */
const ENDINGS: usize = 0xa_0000;
/** When three quarters of them are used, all are forgotten. */
const MOST_ENDINGS: i32 = 4096;
/** Of each UTC day from 1970 to 2037: 0 for nothing known, what the clock of the zone adds, or the quarters of that day, see {@link hoursOf}. */
const DAYS: usize = 0xc_0000;
const QUARTERS: usize = 0xe_0000;
const QUARTERS_A_DAY: i32 = 96;
/** Days on which the clock changes; the next ones take the place of the first. */
const MOST_CHANGES: i32 = 512;
/** Calls of each hour on the walls of the zone, from {@link HOURS_BEFORE} hours before 1970 on: all, answered. */
export const HOURS: i32 = 0x12_0000;
export const HOURS_BEFORE: i32 = 24;
const TABLES: i32 = 0x60_0000;
const PAGE: i32 = 0x1_0000;

/** What the host is asked for. */
export const NEEDS_OFFSET: i32 = 1;
export const NEEDS_ENDING: i32 = 2;
export const NEEDS_GROUP: i32 = 3;
export const NEEDS_MEMORY: i32 = 4;

const NO_TIME: i32 = i32.MIN_VALUE;
/** Added to the minutes of an offset, so that none is 0 or below. */
const OFFSET_BIAS: i32 = 0x1_0000;
const KNOWN: i32 = i32.MIN_VALUE;

/** A group: X in 16 bytes, the other keys in 8, area in 8, number from 1 on in 4; from {@link GROUP_FIGURES} on calls, answered, talk, billed minutes. */
export const GROUP_BYTES: i32 = 80;
export const GROUP_NUMBER: i32 = 32;
export const GROUP_FIGURES: i32 = 40;
/** A length: seconds × 2, 1 more for talk; number of the group; how often; 4 bytes that are free. */
export const LENGTH_BYTES: i32 = 16;

export let need: i32 = 0;
export let left: i32 = 0;
export let groups: i32 = 0;
export let groupsAt: i32 = 0;
export let groupSlots: i32 = 1024;
export let lengthsAt: i32 = 0;
export let lengthSlots: i32 = 16384;
/** Earliest and latest time that was counted. */
export let earliest: i32 = i32.MAX_VALUE;
export let latest: i32 = NO_TIME;
/** Of the call the host is asked about: hours on the walls of the zone, {@link NO_TIME} where its time is not known. */
export let hours: i32 = NO_TIME;

/** Those of {@link keysOf} that follow from the time. */
const TIME_BITS: i32 = ~0xff;

let keyBits: u64 = 0;
let byTime: bool = false;
let byX: bool = false;
let byArea: bool = false;
let endings: i32 = 0;
let lengths: i32 = 0;
let changes: i32 = 0;
let end: i32 = TABLES;
let asked: i32 = 0;
let askedKeys: u64 = 0;

/** Takes memory that is 0; returns 0 where there is none. */
function take(bytes: i32): i32 {
  const at = end;
  const missing = <i32>((<i64>at + bytes + PAGE - 1) / PAGE) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  end = at + bytes;
  return at;
}

/** Says by what is grouped: bits of {@link keysOf} that count, X, area. Returns false when there is no memory. */
export function begin(low: i32, high: i32, x: bool, area: bool): bool {
  keyBits = (<u64>(<u32>high) << 32) | (<u32>low);
  byTime = (low & TIME_BITS) != 0;
  byX = x;
  byArea = area;
  groupsAt = take(groupSlots * GROUP_BYTES);
  lengthsAt = take(lengthSlots * LENGTH_BYTES);
  return groupsAt != 0 && lengthsAt != 0;
}

@inline
function mix(bits: u64): u64 {
  bits *= 0x9e3779b97f4a7c15;
  return bits ^ (bits >> 32);
}

/** Where the group with these keys is, or the free place that it could take. */
@inline
function groupOf(x: v128, keys: u64, area: u64): usize {
  let hash = mix(keys);
  if (byX) hash = mix(mix(i64x2.extract_lane(x, 0) ^ hash) ^ i64x2.extract_lane(x, 1));
  if (byArea) hash = mix(hash ^ area);
  let slot = <i32>(hash >> 8) & (groupSlots - 1);
  while (true) {
    const at: usize = groupsAt + slot * GROUP_BYTES;
    if (load<i32>(at + GROUP_NUMBER) == 0) return at;
    const same = load<u64>(at + 16) == keys && load<u64>(at + 24) == area;
    if (same && !v128.any_true(v128.xor(v128.load(at), x))) return at;
    slot = (slot + 1) & (groupSlots - 1);
  }
}

function growGroups(): bool {
  const from = groupsAt;
  const slots = groupSlots;
  const at = take(slots * 2 * GROUP_BYTES);
  if (at == 0) return false;
  groupsAt = at;
  groupSlots = slots * 2;
  for (let index = 0; index < slots; index++) {
    const group: usize = from + index * GROUP_BYTES;
    if (load<i32>(group + GROUP_NUMBER) == 0) continue;
    memory.copy(groupOf(v128.load(group), load<u64>(group + 16), load<u64>(group + 24)), group, GROUP_BYTES);
  }
  return true;
}

/** Enters the group the host was asked for. Returns its number, from 1 on; 0 when there is no memory. */
export function addGroup(): i32 {
  if (groups >= groupSlots - (groupSlots >> 2) && !growGroups()) return 0;
  const texts: usize = TEXTS + (asked << 5);
  const x = byX ? v128.load(texts) : i64x2.splat(0);
  const area = byArea ? load<u64>(texts + 16) : 0;
  const at = groupOf(x, askedKeys, area);
  v128.store(at, x);
  store<u64>(at + 16, askedKeys);
  store<u64>(at + 24, area);
  store<i32>(at + GROUP_NUMBER, ++groups);
  return groups;
}

@inline
function lengthOf(key: u64): usize {
  let slot = <i32>(mix(key) >> 8) & (lengthSlots - 1);
  while (true) {
    const at: usize = lengthsAt + slot * LENGTH_BYTES;
    if (load<u64>(at) == key || load<u64>(at) == 0) return at;
    slot = (slot + 1) & (lengthSlots - 1);
  }
}

@inline
function addLength(group: i32, length: i32): void {
  // The number of a group is above 0, so no key is.
  const key = (<u64>(<u32>group) << 32) | (<u32>length);
  const at = lengthOf(key);
  const count = load<i32>(at + 8);
  if (count == 0) {
    store<u64>(at, key);
    lengths++;
  }
  store<i32>(at + 8, count + 1);
}

function growLengths(): bool {
  const from = lengthsAt;
  const slots = lengthSlots;
  const at = take(slots * 2 * LENGTH_BYTES);
  if (at == 0) return false;
  lengthsAt = at;
  lengthSlots = slots * 2;
  for (let index = 0; index < slots; index++) {
    const length: usize = from + index * LENGTH_BYTES;
    if (load<u64>(length) != 0) v128.store(lengthOf(load<u64>(length)), v128.load(length));
  }
  return true;
}

/** Enters what the clock adds, in minutes, on the whole UTC day of a time, or where it changes on that day in the quarter of an hour. */
export function addOffset(time: i32, minutes: i32, ofDay: bool): void {
  const day: usize = DAYS + ((time / 86400) << 2);
  if (ofDay) {
    store<i32>(day, minutes + OFFSET_BIAS);
    return;
  }
  if (load<i32>(day) == 0) {
    const place = changes++ % MOST_CHANGES;
    for (let at: usize = DAYS; at < QUARTERS; at += 4) if (load<i32>(at) == -1 - place) store<i32>(at, 0);
    memory.fill(QUARTERS + place * QUARTERS_A_DAY * 4, 0, QUARTERS_A_DAY * 4);
    store<i32>(day, -1 - place);
  }
  store<i32>(quarterOf(load<i32>(day), time), minutes + OFFSET_BIAS);
}

@inline
function quarterOf(day: i32, time: i32): usize {
  return QUARTERS + (((-1 - day) * QUARTERS_A_DAY + (time % 86400) / 900) << 2);
}

/** Whole hours on the walls of the zone, {@link HOURS_BEFORE} more than from 1970 on; -1 where the offset has to be asked for. */
@inline
function hoursOf(time: i32): i32 {
  const day = load<i32>(DAYS + ((time / 86400) << 2));
  const offset = day < 0 ? load<i32>(quarterOf(day, time)) : day;
  return offset == 0 ? -1 : (time + (offset - OFFSET_BIAS) * 60 + HOURS_BEFORE * 3600) / 3600;
}

/** Where the ending with the codes and signs of some facts is, or the free place that it could take. */
@inline
function endingOf(facts: usize): usize {
  const codes = v128.load(facts + 16);
  const signs = load<i32>(facts + 12) | KNOWN;
  let slot = <i32>(mix(mix(i64x2.extract_lane(codes, 0)) ^ i64x2.extract_lane(codes, 1) ^ <u64>(<u32>signs)) >> 8);
  while (true) {
    slot &= MOST_ENDINGS - 1;
    const at = ENDINGS + (slot << 5);
    const found = load<i32>(at + 16);
    if (found == 0 || (found == signs && !v128.any_true(v128.xor(v128.load(at), codes)))) return at;
    slot++;
  }
}

/** Enters how the call ended that the host was asked for: its bits of the keys, see {@link keysOf}. */
export function addEnding(low: i32, cause: i32, answered: bool): void {
  if (++endings > MOST_ENDINGS - (MOST_ENDINGS >> 2)) {
    memory.fill(ENDINGS, 0, MOST_ENDINGS << 5);
    endings = 1;
  }
  const facts: usize = FACTS + (asked << 5);
  const ending = endingOf(facts);
  v128.store(ending, v128.load(facts + 16));
  store<i32>(ending + 16, load<i32>(facts + 12) | KNOWN);
  store<i32>(ending + 20, low);
  store<i32>(ending + 24, cause);
  store<i32>(ending + 28, answered ? 1 : 0);
}

/** Keys of a group but X and area, from bit 0 on: outcome 4, mode 4, hour 5, weekday 3, day 16, cause 32. Without a time hour is 24, weekday and day are 0. */
@inline
function keysOf(ending: usize, at: i32): u64 {
  let low = load<u32>(ending + 20);
  if (!byTime) at = NO_TIME;
  if (at < 0) low |= 24 << 8;
  else {
    const day = at / 24;
    // The first of them was a Wednesday; 1 is Monday.
    low |= ((at % 24) << 8) | (((day + 2) % 7 + 1) << 13) | ((day + 1) << 16);
  }
  return ((<u64>load<u32>(ending + 24) << 32) | low) & keyBits;
}

/**
 * Counts calls from number `from` on. Returns the number of the first that is not counted: `to`, or one of which the host has to enter what {@link need}
 * says before it calls again.
 */
export function count(from: i32, to: i32): i32 {
  if (from == 0) left = 0;
  for (let index = from; index < to; index++) {
    if (load<u8>(MARKS + index) == 0) continue;
    const facts: usize = FACTS + (index << 5);
    const texts: usize = TEXTS + (index << 5);
    const x = byX ? v128.load(texts) : i64x2.splat(0);
    const area = byArea ? load<u64>(texts + 16) : 0;
    if (i64x2.extract_lane(x, 0) == -1 || area == -1) {
      store<i32>(LEFT + (left++ << 2), index);
      continue;
    }
    asked = index;
    const time = load<i32>(facts);
    let at = NO_TIME;
    if (time != NO_TIME) {
      at = hoursOf(time);
      if (at < 0) {
        need = NEEDS_OFFSET;
        return index;
      }
    }
    const ending = endingOf(facts);
    if (load<i32>(ending + 16) == 0) {
      need = NEEDS_ENDING;
      return index;
    }
    const keys = keysOf(ending, at);
    const group = groupOf(x, keys, area);
    const number = load<i32>(group + GROUP_NUMBER);
    if (number == 0) {
      need = NEEDS_GROUP;
      askedKeys = keys;
      hours = at;
      return index;
    }
    if (lengths >= lengthSlots - (lengthSlots >> 2) - 2 && !growLengths()) {
      need = NEEDS_MEMORY;
      return index;
    }
    const ring = load<i32>(facts + 4);
    const talk = load<i32>(facts + 8);
    const answered = load<i32>(ending + 28);
    const figures = group + GROUP_FIGURES;
    store<f64>(figures, load<f64>(figures) + 1);
    if (answered != 0) store<f64>(figures + 8, load<f64>(figures + 8) + 1);
    if (talk > 0) {
      store<f64>(figures + 16, load<f64>(figures + 16) + <f64>talk);
      store<f64>(figures + 24, load<f64>(figures + 24) + <f64>((<u32>talk + 59) / 60));
    }
    if (ring >= 0) addLength(number, ring << 1);
    if (answered != 0 && talk >= 0) addLength(number, (talk << 1) | 1);
    if (at < 0) continue;
    const hour: usize = HOURS + (at << 3);
    store<i32>(hour, load<i32>(hour) + 1);
    if (answered != 0) store<i32>(hour + 4, load<i32>(hour + 4) + 1);
    if (time < earliest) earliest = time;
    if (time > latest) latest = time;
  }
  return to;
}
