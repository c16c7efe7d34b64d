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
// Splats that are loaded: a constant would be built anew for every field.
const SMALL: usize = 0x840;
const BACKSLASH: usize = 0x850;
/** What a row is before anything is known, from {@link ROW_TIMES} on. */
const EMPTY_ROW: usize = 0x900;
const NODES: i32 = 0x4000;
const NODE_BYTES: i32 = 160;
const MAX_NODES: i32 = 4096;
/** Its children are the fields that an object may begin with. */
const ROOT: usize = NODES;
const KEYS: i32 = 0xb_0000;
const KEYS_END: i32 = 0x10_0000;
const LONGEST_KEY: i32 = 64;

const NONE: i32 = i32.MIN_VALUE;

// A node is a field behind those that stood before it in its object. Offsets in it: the first field that may follow, another that may stand in its place, the
// field before it; its key, with quotes and colon.
const NODE_CHILD: usize = 0;
const NODE_SIBLING: usize = 4;
const NODE_PARENT: usize = 8;
const NODE_KEY: usize = 12;
const NODE_LENGTH: usize = 16;
/** What is done with values, see {@link UNKNOWN}; the number of the field; where its value goes in a row. */
const NODE_CLASS: usize = 20;
const NODE_FIELD: usize = 24;
const NODE_PLACE: usize = 28;
/** Flags of an object for this field and those before it; flags that a text sets which is not empty. */
const NODE_FLAGS: usize = 32;
const NODE_FILLED: usize = 36;
/** Hash of the key, of that and what tells a text. */
const NODE_HASH: usize = 40;
const NODE_TEXT_HASH: usize = 48;
/** The key to compare, see {@link keepSample}: of its first 16 bytes those that are not its own; they; its last 16 bytes. */
const NODE_REST: usize = 56;
const NODE_FIRST: usize = 64;
const NODE_LAST: usize = 80;
/** The same of a value that is known, how long it is, what it adds to the hash of the object, and how often it was another. */
const VALUE_REST: usize = 96;
const VALUE_COMPARED: usize = 100;
const VALUE_LENGTH: usize = 104;
const VALUE_CHANGES: usize = 108;
const VALUE_FIRST: usize = 112;
const VALUE_LAST: usize = 128;
const VALUE_HASH: usize = 144;
/** A field whose value was another one so often has none that is known. */
const MOST_CHANGES: i32 = 256;
/** Longest text of which two blocks are compared. */
const TWO_BLOCKS: i32 = 32;

/** What is done with the values of a field: nothing; nothing, and most are the one that is known; they go into the row. */
const UNKNOWN: i32 = 0;
const CONSTANT: i32 = -1;
const TIME: i32 = 1;
const TEXT: i32 = 2;
const CODE: i32 = 3;
const SIGN: i32 = 4;
const OTHER: i32 = 5;

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
/** For texts of which only is asked whether there are any. */
const ROW_SPARE: usize = 104;

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
v128.store(SMALL, i8x16.splat(0x23));
v128.store(BACKSLASH, i8x16.splat(0x5c));
v128.store(EMPTY_ROW, i32x4.splat(NONE));
v128.store(EMPTY_ROW, i32x4(NONE, -1, -1, -1), 16);
v128.store(EMPTY_ROW, i32x4(-1, 0, 0, 0), 32);

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
function learn(parent: usize, at: usize): usize {
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
  for (let above = parent; above != ROOT; above = load<i32>(above, NODE_PARENT)) {
    if (load<i32>(above, NODE_LENGTH) == whole && sameBytes(at, load<i32>(above, NODE_KEY), whole)) return 0;
  }
  if (nodes >= MAX_NODES || keysEnd + LONGEST_KEY * 2 > KEYS_END) return 0;
  const node: usize = NODES + nodes++ * NODE_BYTES;
  memory.copy(keysEnd, at, whole);
  store<i32>(node, <i32>parent, NODE_PARENT);
  store<i32>(node, keysEnd, NODE_KEY);
  store<i32>(node, whole, NODE_LENGTH);
  keysEnd += (whole + 31) & ~15;
  const hash = foldAll(P1, at, length + 1);
  store<u64>(node, hash, NODE_HASH);
  store<u64>(node, hash ^ TAG_TEXT, NODE_TEXT_HASH);
  store<i32>(node, restOf(whole), NODE_REST);
  keepSample(node + NODE_FIRST, at, whole);
  store<i32>(node, NO_VALUE, VALUE_REST);
  describe(node, columnOf(at + 1, length - 1));
  let slot = parent + NODE_CHILD;
  for (let child = load<i32>(slot); child != 0; child = load<i32>(slot)) slot = child + NODE_SIBLING;
  store<i32>(slot, <i32>node);
  return node;
}

/** Enters into a node what is done with the values of its field. */
function describe(node: usize, column: i32): void {
  const field = column & 0xff;
  let kind = field == 0 ? CONSTANT : OTHER;
  let place: usize = ROW_SPARE;
  let filled = 0;
  if (field >= FIRST_TIME && field <= LAST_TIME) {
    kind = TIME;
    place = ROW_TIMES + ((field - FIRST_TIME) << 2);
  } else if (field >= RELEASE && field <= DIRECTION) {
    kind = CODE;
    place = ROW_CODES + ((field - RELEASE) << 2);
  } else if (field >= FIRST_TEXT && field <= LAST_TEXT) {
    kind = TEXT;
    place = ROW_TEXTS + ((field - FIRST_TEXT) << 3);
    if (field == SESSION) filled = HAS_KEY;
  } else if (field == RECORD_FLAG) {
    kind = SIGN;
  } else if (field == EXTENSION || field >= SUBSCRIPTION) {
    kind = TEXT;
    if (field == SUBSCRIPTION) filled = HAS_SUBSCRIPTION;
    else if (field == ICID) filled = HAS_KEY;
    else if (field == EXTENSION) filled = HAS_EXTENSION;
  }
  let present = load<i32>(load<i32>(node, NODE_PARENT), NODE_FLAGS);
  if (column & CDR_FIELD) present |= LOOKS_LIKE_CDR;
  if (field == SUBSCRIPTION) present |= HAS_SUBSCRIPTION_FIELD;
  else if (field == NOT_SINGLE) present |= CANNOT_BE_SINGLE;
  store<i32>(node, kind, NODE_CLASS);
  store<i32>(node, field, NODE_FIELD);
  store<i32>(node, <i32>place, NODE_PLACE);
  store<i32>(node, present, NODE_FLAGS);
  store<i32>(node, filled, NODE_FILLED);
}

/** Fits no block, so that what has it is never found. */
const NO_VALUE: i32 = -1;

/** Bits of a block of 16 bytes that stand behind a text of this length; {@link NO_VALUE} for one that has more than two blocks. */
@inline
function restOf(length: i32): i32 {
  return length > TWO_BLOCKS ? NO_VALUE : length < 16 ? 0xffff & (-1 << length) : 0;
}

/** Keeps the first and the last 16 bytes of a text, so that it is compared without a loop: they overlap where it is shorter than both. */
function keepSample(sample: usize, from: usize, length: i32): void {
  v128.store(sample, v128.load(from));
  if (length > 16) v128.store(sample, v128.load(from + length - 16), 16);
}

/** Whether the text begins at `at` of which the sample was kept. */
@inline
function isSample(sample: usize, rest: i32, at: usize, length: i32): bool {
  const same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(sample)));
  if ((same | rest) != 0xffff) return false;
  return length <= 16 || i8x16.bitmask(i8x16.eq(v128.load(at + length - 16), v128.load(sample, 16))) == 0xffff;
}

/** Whether the key of a node begins at `at`; always false for a key of more than two blocks. */
@inline
function isKey(node: usize, at: usize): bool {
  return isSample(node + NODE_FIRST, load<i32>(node, NODE_REST), at, load<i32>(node, NODE_LENGTH));
}

/** Whether the value that is known of a field begins at `at`. */
@inline
function isValue(node: usize, at: usize): bool {
  return isSample(node + VALUE_FIRST, load<i32>(node, VALUE_REST), at, load<i32>(node, VALUE_COMPARED));
}

// The functions that follow are exported so that they are not written into `scanCall`, where they would take registers from what is done for every field.

/** The node of the field at `at` that may follow `parent`; 0 where its key is odd or repeated. */
export function otherNode(parent: usize, at: usize): usize {
  for (let node: usize = load<i32>(parent, NODE_CHILD); node != 0; node = load<i32>(node, NODE_SIBLING)) {
    if (isKey(node, at)) return node;
    const length = load<i32>(node, NODE_LENGTH);
    if (length > TWO_BLOCKS && sameBytes(at, load<i32>(node, NODE_KEY), length)) return node;
  }
  return learn(parent, at);
}

/** Makes a value the one that is known of its field. @param member what the field with it adds to the hash of an object. */
export function remember(node: usize, from: usize, end: usize, member: u64): void {
  const changes = load<i32>(node, VALUE_CHANGES) + 1;
  if (changes > MOST_CHANGES) {
    store<i32>(node, UNKNOWN, NODE_CLASS);
    return;
  }
  const length = <i32>(end - from);
  // Where a text ends, its quote says; of a number, what stands behind it.
  const compared = load<u8>(from) == 0x22 ? length : length + 1;
  store<i32>(node, changes, VALUE_CHANGES);
  store<i32>(node, length, VALUE_LENGTH);
  store<i32>(node, compared, VALUE_COMPARED);
  store<i32>(node, restOf(compared), VALUE_REST);
  keepSample(node + VALUE_FIRST, from, compared);
  store<u64>(node, member, VALUE_HASH);
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

/** Of the object that was read last. */
let flags: i32 = 0;
let rows: i32 = 0;

/** Flags of a value that only the full parser may read. */
const ODD: i32 = -1;

/** Puts a value that is neither `true` nor `false` nor `null` into the row. Returns flags that it sets, {@link ODD} for an odd one. */
export function keep(row: usize, node: usize, from: usize, length: i32): i32 {
  switch (load<i32>(node, NODE_CLASS)) {
    case TIME:
      return ODD;
    case CODE: {
      const code = parseCode(from, length);
      store<i32>(row + load<i32>(node, NODE_PLACE), code);
      return code == -2 ? ODD : 0;
    }
    case TEXT: {
      const text = row + load<i32>(node, NODE_PLACE);
      store<i32>(text, <i32>from);
      store<i32>(text, length, 4);
      return length > 0 ? load<i32>(node, NODE_FILLED) : 0;
    }
  }
  if (length == 0) return 0;
  switch (load<i32>(node, NODE_FIELD)) {
    case SERVICE: {
      if (length > 3) return ODD;
      let code = 0;
      for (let index = 0; index < length; index++) {
        const digit = <u32>load<u8>(from + index) - 0x30;
        if (digit > 9) return ODD;
        code = code * 10 + digit;
      }
      store<i32>(row + ROW_CODES + 12, code);
      return 0;
    }
    case RECORD_FLAG: {
      const digit = load<u8>(from);
      if (length > 1 || digit < 0x30 || digit > 0x31) return ODD;
      return digit == 0x31 ? RECORDED : 0;
    }
    default:
      // The notify mode: Block
      if (length != 5 || load<u32>(from) != 0x636f6c42 || load<u8>(from + 4) != 0x6b) return ODD;
      return BLOCKED;
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
function stopsOf(bytes: v128): i32 {
  return i8x16.bitmask(v128.or(i8x16.lt_s(bytes, v128.load(SMALL)), i8x16.eq(bytes, v128.load(BACKSLASH))));
}

/** Reads the object at `at` into a row. Returns where it ends (behind the brace), 0 when it is odd. */
function scanCall(at: usize, row: usize): usize {
  if (load<u8>(at) != 0x7b) return 0;
  v128.store(row, v128.load(EMPTY_ROW), 16);
  v128.store(row, v128.load(EMPTY_ROW, 16), 32);
  v128.store(row, v128.load(EMPTY_ROW, 32), 48);
  v128.store(row, i64x2.splat(0), 64);
  v128.store(row, i64x2.splat(0), 80);
  v128.store(row, i64x2.splat(0), 96);
  let seen = 0;
  let p = at + 1;
  let node = ROOT;
  let sum: u64 = 0;
  while (true) {
    const parent = node;
    node = load<i32>(parent, NODE_CHILD);
    if (node == 0 || !isKey(node, p)) {
      node = otherNode(parent, p);
      if (node == 0) return 0;
    }
    p += load<i32>(node, NODE_LENGTH);
    const kind = load<i32>(node, NODE_CLASS);
    if (kind == CONSTANT && isValue(node, p)) {
      p += load<i32>(node, VALUE_LENGTH);
      sum += load<u64>(node, VALUE_HASH);
    } else {
      const start = p;
      const first = load<u8>(p);
      let hash: u64 = 0;
      if (first == 0x22) {
        const from = ++p;
        hash = load<u64>(node, NODE_TEXT_HASH);
        if (kind == TIME) {
          if (load<u8>(p) != 0x22) {
            const seconds = parseTime(p);
            if (seconds == NONE || load<u8>(p + 19) != 0x22) return 0;
            store<i32>(row + load<i32>(node, NODE_PLACE), seconds);
            hash = fold(fold(hash, v128.load(p)), block(p + 16, 3));
            p += 19;
          }
        } else {
          let bytes = v128.load(p);
          let ends = stopsOf(bytes);
          // A loop asks at each turn whether the process is to be stopped: most texts need none.
          if (ends == 0) {
            do {
              hash = fold(hash, bytes);
              p += 16;
              bytes = v128.load(p);
              ends = stopsOf(bytes);
            } while (ends == 0);
          }
          const index = ctz(ends);
          if (load<u8>(p + index) == 0x22) {
            if (index > 0) hash = fold(hash, block(p, index));
            p += index;
          } else {
            const rest = p;
            p = endOfText(rest);
            if (p == 0) return 0;
            hash = foldAll(hash, rest, <i32>(p - rest));
            if (kind > UNKNOWN && (load<u8>(from) == 0x20 || load<u8>(p - 1) == 0x20)) return 0;
          }
          if (kind == TEXT) {
            const text = row + load<i32>(node, NODE_PLACE);
            store<i32>(text, <i32>from);
            store<i32>(text, <i32>(p - from), 4);
            if (p > from) seen |= load<i32>(node, NODE_FILLED);
          } else if (kind > UNKNOWN) {
            const more = keep(row, node, from, <i32>(p - from));
            if (more == ODD) return 0;
            seen |= more;
          }
        }
        p++;
      } else if (<u32>first - 0x30 <= 9) {
        let value: i32 = first - 0x30;
        let digit = <u32>load<u8>(++p) - 0x30;
        if (digit <= 9) {
          do {
            value = value * 10 + digit;
            digit = <u32>load<u8>(++p) - 0x30;
          } while (digit <= 9);
        }
        const length = <i32>(p - start);
        if (length > 15 || (first == 0x30 && length > 1)) return 0;
        hash = fold(load<u64>(node, NODE_HASH), block(start, length));
        if (kind == CODE) {
          if (length > 9) return 0;
          store<i32>(row + load<i32>(node, NODE_PLACE), value);
        } else if (kind == SIGN) {
          if (length > 1 || value > 1) return 0;
          if (value == 1) seen |= RECORDED;
        } else if (kind > UNKNOWN) {
          const more = keep(row, node, start, length);
          if (more == ODD) return 0;
          seen |= more;
        }
      } else {
        const length = wordLength(p);
        // Of the known fields `null` is nothing, and no truth is usual.
        if (length == 0 || (kind > UNKNOWN && first != 0x6e)) return 0;
        hash = fold(load<u64>(node, NODE_HASH), block(p, length));
        p += length;
      }
      hash = finish(hash);
      sum += hash;
      if (kind == CONSTANT) remember(node, start, p, hash);
    }
    const next = load<u8>(p++);
    if (next == 0x2c) continue;
    if (next == 0x7d) break;
    return 0;
  }
  const hash = finish(sum);
  flags = seen | load<i32>(node, NODE_FLAGS);
  store<i32>(row, <i32>at);
  store<i32>(row + 4, <i32>(p - at));
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
