// The loop: lines into objects, objects into rows.

import { EMPTY_ROW, FACTS, HASHES, LINES, MAX_LINES, MAX_ROWS, NONE, ROW_BYTES, ROWS, TEXTS } from './memory';
import {
  ANSWERED, CANNOT_BE_SINGLE, ENDING_FLAGS, HAS_KEY, LOOKS_LIKE_CDR, RANG, RECORDED, ROW_AREA, ROW_CODES, ROW_DIALLED, ROW_FLAGS, ROW_HASH,
  ROW_TIMES, ROW_X,
} from './row';
import { block, finish, fold, foldAll, sameBytes } from './hash';
import {
  CODE, CONSTANT, isKey, isValue, NODE_CHILD, NODE_CLASS, NODE_FILLED, NODE_FLAGS, NODE_HASH, NODE_LENGTH, NODE_PLACE, NODE_TEXT_HASH, otherNode,
  remember, ROOT, SIGN, TEXT, TIME, UNKNOWN, VALUE_HASH, VALUE_LENGTH,
} from './fields';
import { parseTime } from './times';
import { endOfText, stopsOf, wordLength } from './texts';
import { keep, ODD } from './values';

/** Of the object that was read last. */
let flags: i32 = 0;
let rows: i32 = 0;

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
