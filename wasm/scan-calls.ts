// AssemblyScript, built into src/notifications/quick/scanner-binary.ts by `npm run wasm`.
//
// Finds the CDRs in lines of the platform's own compact form and takes from them what counting and choosing need. Whatever is unusual in a line
// (escapes, blanks between tokens, nested values, a key twice, odd types, times of another form, invalid UTF-8) makes it an odd line, which the
// full parser reads. What is accepted here must mean the same there: change this file only together with test/unit/notifications/quick.

/** Where the host writes the bytes to scan; behind them it leaves {@link MARGIN} bytes of 0. */
export const INPUT: i32 = 0xf0_0000;
export const MARGIN: i32 = 128;
/** Rows of {@link ROW_BYTES}: one CDR each. */
export const ROWS: i32 = 0x20_0000;
export const ROW_BYTES: i32 = 128;
export const MAX_ROWS: i32 = 0x80_0000 / 128;
/** Of each row its hash, 0 where nothing tells the CDR from others. */
export const HASHES: i32 = 0xa0_0000;
/** Of each row what is counted of it, 32 bytes: the time by which it is counted, ring, talk, signs, and the codes as in the row. */
export const FACTS: i32 = 0xb0_0000;
/** Of each row the texts that calls are grouped by, 32 bytes: X in 16, area in 8, filled up with 0; all bits set where a text is longer. */
export const TEXTS: i32 = 0xd0_0000;
/** Lines of 16 bytes: start, end (behind the line end), first row, number of rows or -1 for an odd line. */
export const LINES: i32 = 0x10_0000;
export const MAX_LINES: i32 = 0x10_0000 / 16;
/** Names of the known fields, written by the host: 64 entries of 64 bytes (length, column, name from byte 8). */
export const FIELDS: i32 = 0x1000;
const MAX_FIELDS: i32 = 64;
const MASKS: i32 = 0x800;
const NODES: i32 = 0x4000;
const NODE_BYTES: i32 = 48;
const MAX_NODES: i32 = 4096;
const KEYS: i32 = 0x4_0000;
const KEYS_END: i32 = 0x10_0000;
const LONGEST_KEY: i32 = 64;

const NONE: i32 = i32.MIN_VALUE;

// Columns of a row by the number of the field; the host knows the same numbers.
const FIRST_TIME: i32 = 1;
const LAST_TIME: i32 = 5;
const RELEASE: i32 = 6;
const Q850: i32 = 7;
const DIRECTION: i32 = 8;
const SERVICE: i32 = 9;
const RECORD_FLAG: i32 = 10;
const EXTENSION: i32 = 11;
const NOTIFY_MODE: i32 = 12;
const FIRST_TEXT: i32 = 13;
const LAST_TEXT: i32 = 18;
const SUBSCRIPTION: i32 = 19;
const ICID: i32 = 20;
const NOT_SINGLE: i32 = 21;
const SESSION: i32 = 17;

const HAS_SUBSCRIPTION_FIELD: i32 = 1;
const HAS_SUBSCRIPTION: i32 = 2;
const HAS_EXTENSION: i32 = 4;
const RECORDED: i32 = 8;
const HAS_KEY: i32 = 16;
const BLOCKED: i32 = 32;
const LOOKS_LIKE_CDR: i32 = 64;
const CANNOT_BE_SINGLE: i32 = 128;
/** In the column of a field: an object with it is a CDR. */
const CDR_FIELD: i32 = 0x100;

// Offsets in a row.
const ROW_HASH: usize = 8;
const ROW_TIMES: usize = 16;
const ROW_CODES: usize = 36;
const ROW_FLAGS: usize = 52;
const ROW_TEXTS: usize = 56;
const ROW_X: usize = 56;
const ROW_DIALLED: usize = 64;
const ROW_AREA: usize = 96;

/** Flags that say how a call ended, and two signs beside them. */
const ENDING_FLAGS: i32 = 0x27;
const ANSWERED: i32 = 0x100;
const RANG: i32 = 0x200;

const P1: u64 = 0xa0761d6478bd642f;
const P2: u64 = 0xe7037ed1a0b428db;
const P3: u64 = 0x8ebc6af09c88c6e3;
const TAG_TEXT: u64 = 0x589965cc75374cc3;

let nodes: i32 = 1;
let keysEnd: i32 = KEYS;

for (let at = 0; at < 16; at++) store<u8>(MASKS + at, 0xff);

@inline
function nodeAt(index: i32): usize {
  return NODES + index * NODE_BYTES;
}

@inline
function block(from: usize, length: i32): v128 {
  return v128.and(v128.load(from), v128.load(MASKS + 16 - length));
}

@inline
function fold(hash: u64, bytes: v128): u64 {
  hash = (hash ^ i64x2.extract_lane(bytes, 0)) * P1;
  hash ^= hash >> 32;
  hash = (hash ^ i64x2.extract_lane(bytes, 1)) * P2;
  return hash ^ (hash >> 29);
}

@inline
function finish(hash: u64): u64 {
  hash *= P3;
  return hash ^ (hash >> 32);
}

/** Hash of some bytes; 16 at a time, the last ones filled up with 0, which no JSON text holds. */
function foldAll(hash: u64, from: usize, length: i32): u64 {
  let left = length;
  while (left > 16) {
    hash = fold(hash, v128.load(from));
    from += 16;
    left -= 16;
  }
  return left > 0 ? fold(hash, block(from, left)) : hash;
}

function sameBytes(one: usize, other: usize, length: i32): bool {
  let left = length;
  while (left > 16) {
    if (v128.any_true(v128.xor(v128.load(one), v128.load(other)))) return false;
    one += 16;
    other += 16;
    left -= 16;
  }
  return !v128.any_true(v128.xor(block(one, left), block(other, left)));
}

/** Adds the field whose key begins at `at` to those that may follow `parent`. Returns its node, 0 where the key is odd or repeated. */
function learn(parent: i32, at: usize): i32 {
  if (load<u8>(at) != 0x22) return 0;
  let length = 1;
  while (true) {
    const char = load<u8>(at + length);
    if (char == 0x22) break;
    if (char < 0x20 || char >= 0x7f || char == 0x5c || length >= LONGEST_KEY) return 0;
    length++;
  }
  if (load<u8>(at + length + 1) != 0x3a) return 0;
  // Key with its quotes and colon.
  const whole = length + 2;
  for (let above = parent; above != 0; above = load<i32>(nodeAt(above) + 8)) {
    const node = nodeAt(above);
    if (load<i32>(node + 16) == whole && sameBytes(at, load<i32>(node + 12), whole)) return 0;
  }
  if (nodes >= MAX_NODES || keysEnd + LONGEST_KEY * 2 > KEYS_END) return 0;
  const index = nodes++;
  const node = nodeAt(index);
  memory.copy(keysEnd, at, whole);
  store<i32>(node, 0);
  store<i32>(node + 4, 0);
  store<i32>(node + 8, parent);
  store<i32>(node + 12, keysEnd);
  store<i32>(node + 16, whole);
  store<i32>(node + 20, columnOf(at + 1, length - 1));
  store<u64>(node + 24, foldAll(P1, at, length + 1));
  keysEnd += (whole + 31) & ~15;
  let slot = nodeAt(parent);
  for (let child = load<i32>(slot); child != 0; child = load<i32>(slot)) slot = nodeAt(child) + 4;
  store<i32>(slot, index);
  return index;
}

function columnOf(name: usize, length: i32): i32 {
  for (let index = 0; index < MAX_FIELDS; index++) {
    const field = FIELDS + index * 64;
    if (load<i32>(field) == length && length > 0 && sameBytes(name, field + 8, length)) return load<i32>(field + 4);
  }
  return 0;
}

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
function parseTime(at: usize): i32 {
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

/** A code: digits without leading zeros, at most nine; -1 for an empty text, -2 for anything else. */
function parseCode(from: usize, length: i32): i32 {
  if (length == 0) return -1;
  if (length > 9 || (length > 1 && load<u8>(from) == 0x30)) return -2;
  let code = 0;
  for (let index = 0; index < length; index++) {
    const digit = <u32>load<u8>(from + index) - 0x30;
    if (digit > 9) return -2;
    code = code * 10 + digit;
  }
  return code;
}

const IS_TEXT: i32 = 0;
const IS_NUMBER: i32 = 1;
const IS_TRUTH: i32 = 2;
const IS_NULL: i32 = 3;

let flags: i32 = 0;
let rows: i32 = 0;

/** Puts the value of a known field into the row. Returns false for a value that only the full parser may read. */
function keep(row: usize, column: i32, kind: i32, from: usize, length: i32): bool {
  const field = column & 0xff;
  if (column & CDR_FIELD) flags |= LOOKS_LIKE_CDR;
  if (field >= FIRST_TIME && field <= LAST_TIME) {
    if (kind == IS_NULL || (kind == IS_TEXT && length == 0)) return true;
    if (kind != IS_TEXT || length != 19) return false;
    const seconds = parseTime(from);
    store<i32>(row + ROW_TIMES + ((field - FIRST_TIME) << 2), seconds);
    return seconds != NONE;
  }
  if (kind == IS_NULL) {
    if (field == SUBSCRIPTION) flags |= HAS_SUBSCRIPTION_FIELD;
    else if (field == NOT_SINGLE) flags |= CANNOT_BE_SINGLE;
    return true;
  }
  if (kind == IS_TRUTH) return false;
  if (field == RELEASE || field == Q850 || field == DIRECTION) {
    const code = parseCode(from, length);
    store<i32>(row + ROW_CODES + ((field - RELEASE) << 2), code);
    return code != -2;
  }
  if (kind == IS_TEXT && length > 0 && (load<u8>(from) == 0x20 || load<u8>(from + length - 1) == 0x20)) return false;
  if (field >= FIRST_TEXT && field <= LAST_TEXT) {
    const text = row + ROW_TEXTS + ((field - FIRST_TEXT) << 3);
    store<i32>(text, from);
    store<i32>(text + 4, length);
    if (field == SESSION && length > 0) flags |= HAS_KEY;
    return true;
  }
  switch (field) {
    case SERVICE: {
      if (length > 3) return false;
      let code = 0;
      for (let index = 0; index < length; index++) {
        const digit = <u32>load<u8>(from + index) - 0x30;
        if (digit > 9) return false;
        code = code * 10 + digit;
      }
      store<i32>(row + ROW_CODES + 12, length == 0 ? -1 : code);
      return true;
    }
    case RECORD_FLAG: {
      if (length == 0) return true;
      const digit = load<u8>(from);
      if (length > 1 || digit < 0x30 || digit > 0x31) return false;
      if (digit == 0x31) flags |= RECORDED;
      return true;
    }
    case EXTENSION:
      if (length > 0) flags |= HAS_EXTENSION;
      return true;
    case NOTIFY_MODE:
      if (length == 0) return true;
      // Block
      if (length != 5 || load<u32>(from) != 0x636f6c42 || load<u8>(from + 4) != 0x6b) return false;
      flags |= BLOCKED;
      return true;
    case SUBSCRIPTION:
      flags |= length > 0 ? HAS_SUBSCRIPTION_FIELD | HAS_SUBSCRIPTION : HAS_SUBSCRIPTION_FIELD;
      return true;
    case ICID:
      if (length > 0) flags |= HAS_KEY;
      return true;
    case NOT_SINGLE:
      flags |= CANNOT_BE_SINGLE;
      return true;
    default:
      return true;
  }
}

@inline
function masked(from: usize, length: i32): v128 {
  return length > 16 ? i32x4.splat(-1) : block(from, length);
}

/** Works out what is counted of a row. */
@inline
function sumUp(row: usize, index: usize, hash: u64): void {
  store<u64>(HASHES + (index << 3), flags & HAS_KEY ? (hash == 0 ? 1 : hash) : 0);
  const started = load<i32>(row + ROW_TIMES);
  const ringing = load<i32>(row + ROW_TIMES + 4);
  const answered = load<i32>(row + ROW_TIMES + 8);
  let ended = load<i32>(row + ROW_TIMES + 12);
  // The end of an unanswered call without `callEndTime` is its `failTime`.
  if (ended == NONE && answered == NONE) ended = load<i32>(row + ROW_TIMES + 16);
  const known = answered == NONE ? ended : answered;
  const first = started != NONE ? started : ringing != NONE ? ringing : known;
  const ring = ringing == NONE || known == NONE ? -1 : max(0, known - ringing);
  const talk = ended == NONE ? -1 : answered == NONE ? 0 : max(0, ended - answered);
  const signs = (flags & ENDING_FLAGS) | (answered == NONE ? 0 : ANSWERED) | (ringing == NONE ? 0 : RANG);
  const facts = FACTS + (index << 5);
  store<i32>(facts, first);
  store<i32>(facts + 4, ring);
  store<i32>(facts + 8, talk);
  store<i32>(facts + 12, signs);
  v128.store(facts + 16, v128.load(row + ROW_CODES));
  const texts = TEXTS + (index << 5);
  const x = load<i32>(row + ROW_X + 4) > 0 ? row + ROW_X : row + ROW_DIALLED;
  v128.store(texts, masked(load<i32>(x), load<i32>(x + 4)));
  const area = load<i32>(row + ROW_AREA + 4);
  store<u64>(texts + 16, area == 0 ? 0 : area > 8 ? -1 : i64x2.extract_lane(masked(load<i32>(row + ROW_AREA), area), 0));
  store<u64>(texts + 24, 0);
}

/** Reads the object at `at` into a row. Returns where it ends (behind the brace), 0 when it is odd. */
function scanCall(at: usize, row: usize): usize {
  if (load<u8>(at) != 0x7b) return 0;
  const none = i32x4.splat(NONE);
  v128.store(row + 16, none);
  v128.store(row + 32, i32x4(NONE, -1, -1, -1));
  v128.store(row + 48, i32x4(-1, 0, 0, 0));
  v128.store(row + 64, i64x2.splat(0));
  v128.store(row + 80, i64x2.splat(0));
  v128.store(row + 96, i64x2.splat(0));
  flags = 0;
  let p = at + 1;
  let parent = 0;
  let sum: u64 = 0;
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const blank = i8x16.splat(0x20);
  while (true) {
    let child = load<i32>(nodeAt(parent));
    while (child != 0) {
      const candidate = nodeAt(child);
      if (sameBytes(p, load<i32>(candidate + 12), load<i32>(candidate + 16))) break;
      child = load<i32>(candidate + 4);
    }
    if (child == 0) {
      child = learn(parent, p);
      if (child == 0) return 0;
    }
    const node = nodeAt(child);
    p += load<i32>(node + 16);
    let hash = load<u64>(node + 24);
    const first = load<u8>(p);
    let from = p;
    let length = 0;
    let kind = IS_TEXT;
    if (first == 0x22) {
      hash ^= TAG_TEXT;
      from = p + 1;
      p = from;
      let high = 0;
      while (true) {
        const bytes = v128.load(p);
        const ends = i8x16.bitmask(
          v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, blank)),
        );
        if (ends == 0) {
          hash = fold(hash, bytes);
          high |= i8x16.bitmask(bytes);
          p += 16;
          continue;
        }
        const index = ctz(ends);
        if (load<u8>(p + index) != 0x22) return 0;
        high |= i8x16.bitmask(bytes) & ((1 << index) - 1);
        if (index > 0) hash = fold(hash, block(p, index));
        p += index;
        break;
      }
      length = <i32>(p - from);
      if (high != 0 && !isUtf8(from, p)) return 0;
      p++;
    } else if (<u32>first - 0x30 <= 9) {
      kind = IS_NUMBER;
      p++;
      while (<u32>load<u8>(p) - 0x30 <= 9) p++;
      length = <i32>(p - from);
      if (length > 15 || (first == 0x30 && length > 1)) return 0;
      hash = fold(hash, block(from, length));
    } else {
      const word = load<u32>(p);
      if (word == 0x6c6c756e) {
        kind = IS_NULL;
        length = 4;
      } else if (word == 0x65757274) {
        kind = IS_TRUTH;
        length = 4;
      } else if (word == 0x736c6166 && load<u8>(p + 4) == 0x65) {
        kind = IS_TRUTH;
        length = 5;
      } else return 0;
      hash = fold(hash, block(p, length));
      p += length;
    }
    sum += finish(hash);
    const column = load<i32>(node + 20);
    if (column != 0 && !keep(row, column, kind, from, length)) return 0;
    const next = load<u8>(p++);
    if (next == 0x2c) parent = child;
    else if (next == 0x7d) break;
    else return 0;
  }
  store<i32>(row, <i32>at);
  store<i32>(row + 4, <i32>(p - at));
  const hash = finish(sum);
  store<u64>(row + ROW_HASH, hash);
  store<i32>(row + ROW_FLAGS, flags);
  sumUp(row, rows, hash);
  return p;
}

// The two openings of a push, without and with its type.
const PLAIN: StaticArray<u8> = [123, 34, 102, 101, 101, 76, 115, 116, 34, 58, 91];
const TYPED: StaticArray<u8> = [
  123, 34, 101, 118, 101, 110, 116, 84, 121, 112, 101, 34, 58, 34, 102, 101, 101, 34, 44, 34, 102, 101, 101, 76, 115, 116, 34, 58, 91,
];

/** Reads one line into rows. Returns where it ends (behind the line end), 0 when it is odd, 1 when the rows are full. */
function scanLine(at: usize): usize {
  let p = at;
  let single = false;
  if (sameBytes(p, changetype<usize>(TYPED), 29)) p += 29;
  else if (sameBytes(p, changetype<usize>(PLAIN), 11)) p += 11;
  else single = true;
  while (true) {
    if (rows >= MAX_ROWS) return 1;
    p = scanCall(p, ROWS + rows * ROW_BYTES);
    if (p == 0) return 0;
    rows++;
    if (single) {
      if ((flags & (HAS_KEY | LOOKS_LIKE_CDR | CANNOT_BE_SINGLE)) != (HAS_KEY | LOOKS_LIKE_CDR)) return 0;
      break;
    }
    const next = load<u8>(p++);
    if (next == 0x2c) continue;
    if (next != 0x5d || load<u8>(p) != 0x7d) return 0;
    p++;
    break;
  }
  if (load<u8>(p) == 0x0d) p++;
  return load<u8>(p) == 0x0a ? p + 1 : 0;
}

/** Where the line at `at` ends (behind the line end); 0 when it does not end before `end`. */
function endOfLine(at: usize, end: usize): usize {
  const feed = i8x16.splat(0x0a);
  while (at < end) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), feed));
    if (found != 0) {
      at += ctz(found) + 1;
      return at <= end ? at : 0;
    }
    at += 16;
  }
  return 0;
}

export let lineCount: i32 = 0;
export let oddCount: i32 = 0;

/**
 * Reads whole lines from `from` to at most `end` into lines and rows. Returns where the first line begins that was not read: it does not end
 * before `end`, or lines or rows are full.
 */
export function scan(from: i32, end: i32): i32 {
  lineCount = 0;
  oddCount = 0;
  rows = 0;
  let at: usize = from;
  while (at < <usize>end && lineCount < MAX_LINES) {
    const firstRow = rows;
    let stop = scanLine(at);
    if (stop == 1 && firstRow > 0) {
      rows = firstRow;
      break;
    }
    let count = rows - firstRow;
    if (stop < 2 || stop > <usize>end) {
      rows = firstRow;
      count = -1;
      stop = endOfLine(at, end);
      if (stop == 0) break;
      oddCount++;
    }
    const line = LINES + lineCount * 16;
    store<i32>(line, <i32>at);
    store<i32>(line + 4, <i32>stop);
    store<i32>(line + 8, firstRow);
    store<i32>(line + 12, count);
    lineCount++;
    at = stop;
  }
  return <i32>at;
}

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
