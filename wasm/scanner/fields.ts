// The trie of the fields that have stood behind each other in objects so far, and what is known of their values.

import { FIELDS, MAX_FIELDS } from './memory';
import {
  CANNOT_BE_SINGLE, CDR_FIELD, DIRECTION, EXTENSION, FIRST_TEXT, FIRST_TIME, HAS_EXTENSION, HAS_KEY, HAS_SUBSCRIPTION, HAS_SUBSCRIPTION_FIELD, ICID,
  LAST_TEXT, LAST_TIME, LOOKS_LIKE_CDR, NOT_SINGLE, RECORD_FLAG, RELEASE, ROW_CODES, ROW_SPARE, ROW_TEXTS, ROW_TIMES, SESSION, SUBSCRIPTION,
} from './row';
import { foldAll, P1, sameBytes, TAG_TEXT } from './hash';

const NODES: i32 = 0x4000;
const NODE_BYTES: i32 = 160;
const MAX_NODES: i32 = 4096;
/** Its children are the fields that an object may begin with. */
export const ROOT: usize = NODES;
const KEYS: i32 = 0xb_0000;
const KEYS_END: i32 = 0x10_0000;
const LONGEST_KEY: i32 = 64;

// A node is a field behind those that stood before it in its object. Offsets in it: the first field that may follow, another that may stand in its place, the
// field before it; its key, with quotes and colon.
export const NODE_CHILD: usize = 0;
const NODE_SIBLING: usize = 4;
const NODE_PARENT: usize = 8;
const NODE_KEY: usize = 12;
export const NODE_LENGTH: usize = 16;
/** What is done with values, see {@link UNKNOWN}; the number of the field; where its value goes in a row. */
export const NODE_CLASS: usize = 20;
export const NODE_FIELD: usize = 24;
export const NODE_PLACE: usize = 28;
/** Flags of an object for this field and those before it; flags that a text sets which is not empty. */
export const NODE_FLAGS: usize = 32;
export const NODE_FILLED: usize = 36;
/** Hash of the key, of that and what tells a text. */
export const NODE_HASH: usize = 40;
export const NODE_TEXT_HASH: usize = 48;
/** The key to compare, see {@link keepSample}: of its first 16 bytes those that are not its own; they; its last 16 bytes. */
const NODE_REST: usize = 56;
const NODE_FIRST: usize = 64;
const NODE_LAST: usize = 80;
/** The same of a value that is known, how long it is, what it adds to the hash of the object, and how often it was another. */
const VALUE_REST: usize = 96;
const VALUE_COMPARED: usize = 100;
export const VALUE_LENGTH: usize = 104;
const VALUE_CHANGES: usize = 108;
const VALUE_FIRST: usize = 112;
const VALUE_LAST: usize = 128;
export const VALUE_HASH: usize = 144;
/** A field whose value was another one so often has none that is known. */
const MOST_CHANGES: i32 = 256;
/** Longest text of which two blocks are compared. */
const TWO_BLOCKS: i32 = 32;

/** What is done with the values of a field: nothing; nothing, and most are the one that is known; they go into the row. */
export const UNKNOWN: i32 = 0;
export const CONSTANT: i32 = -1;
export const TIME: i32 = 1;
export const TEXT: i32 = 2;
export const CODE: i32 = 3;
export const SIGN: i32 = 4;
const OTHER: i32 = 5;

let nodes: i32 = 1;
let keysEnd: i32 = KEYS;

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
export function isKey(node: usize, at: usize): bool {
  return isSample(node + NODE_FIRST, load<i32>(node, NODE_REST), at, load<i32>(node, NODE_LENGTH));
}

/** Whether the value that is known of a field begins at `at`. */
@inline
export function isValue(node: usize, at: usize): bool {
  return isSample(node + VALUE_FIRST, load<i32>(node, VALUE_REST), at, load<i32>(node, VALUE_COMPARED));
}

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
