// AssemblyScript, built into src/notifications/quick/known-binary.ts by `npm run wasm`.
//
// A set of 64-bit hashes in lines of 64 bytes, eight to a line, in the order of their homes: so it grows where it stands, without a second copy. Hashes are
// added many at a time, for the processor then waits for several lines of memory at once.

/** Where the host writes hashes, and how many at once at most. */
export const HASHES: i32 = 0x1_0000;
export const MAX_HASHES: i32 = 8192;
/** A byte for each: 1 when it is new. */
export const RESULTS: i32 = 0x2_0000;

const TABLE: usize = 0x4_0000;
/** Room for the first lines while the table grows. */
const ASIDE: usize = 0x2_8000;
const ASIDE_LINES: i32 = 1024;
const PAGE: i32 = 0x1_0000;
const LINE: i32 = 64;
const SLOTS: i32 = 8;

/** Lines in use; behind them one that is never a hash's own, for those that find no place in the last. */
let lines: i32 = 1024;
let left: i32 = roomOf(1024);

/** Hashes that fit before the table has to grow: at 85 % of the slots few lines are full. */
function roomOf(count: i32): i32 {
  return <i32>(<i64>count * SLOTS * 85 / 100);
}

@inline
function lineOf(hash: u64, count: i32): usize {
  return TABLE + <usize>((((hash * 0x9e3779b97f4a7c15) >> 32) * <u64>count) >> 32) * LINE;
}

/** A line is full from its start on, and a hash that finds no place in its own stands in one behind it. */
@inline
function insert(hash: u64, count: i32): bool {
  const wanted = i64x2.splat(hash);
  const none = i64x2.splat(0);
  // The last line is never full, so this ends.
  for (let line = lineOf(hash, count); ; line += LINE) {
    const one = v128.load(line);
    const two = v128.load(line, 16);
    const three = v128.load(line, 32);
    const four = v128.load(line, 48);
    const same = v128.or(
      v128.or(i64x2.eq(one, wanted), i64x2.eq(two, wanted)),
      v128.or(i64x2.eq(three, wanted), i64x2.eq(four, wanted)),
    );
    if (v128.any_true(same)) return false;
    // Free slots, as numbers below 0.
    const free = i64x2.add(
      i64x2.add(i64x2.eq(one, none), i64x2.eq(two, none)),
      i64x2.add(i64x2.eq(three, none), i64x2.eq(four, none)),
    );
    const left = <usize>-(i64x2.extract_lane(free, 0) + i64x2.extract_lane(free, 1));
    if (left == 0) continue;
    store<u64>(line + LINE - left * 8, hash);
    return true;
  }
}

/** Makes room for more than there are; returns false when there is no memory. */
function grow(): bool {
  // Up to 16 MB in large steps, for each moves all; beyond four million in small ones, for the table is most of the process then.
  return growTo(lines < 0x2_0000 ? lines * 4 : lines < 0x8_0000 ? lines + (lines >> 1) : lines + (lines >> 3));
}

/** Makes room for so many more at once, which saves moving all again and again; where there is no memory nothing changes. */
export function expect(more: i32): void {
  const room = <i64>roomOf(lines) - left + more;
  const count = <i32>min(room * 100 / (SLOTS * 85) + 1, i32.MAX_VALUE / LINE);
  if (count > lines) growTo(count);
}

function growTo(count: i32): bool {
  const old = lines;
  const end = TABLE + <usize>(count + SPARE) * LINE;
  const missing = <i32>((end + PAGE - 1) / PAGE) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return false;
  // A page that is read first and written then costs two faults, and in the second one the other threads are stopped.
  const used = TABLE + <usize>(old + SPARE) * LINE;
  for (let at = used; at < end; at += 4096) store<u8>(at, 0);
  left = roomOf(count);
  // From the last slot down, for there a hash always moves up, behind all that still have to move. Only in the first lines it may not: those go last.
  const aside = TABLE + <usize>ASIDE_LINES * LINE;
  for (let at: usize = used - 8; at >= aside; at -= 8) move(at, load<u64>(at), count);
  memory.copy(ASIDE, TABLE, ASIDE_LINES * LINE);
  memory.fill(TABLE, 0, ASIDE_LINES * LINE);
  for (let at: usize = 0; at < <usize>ASIDE_LINES * LINE; at += 8) {
    const hash = load<u64>(ASIDE + at);
    if (hash != 0 && insert(hash, count)) left--;
  }
  lines = count;
  return true;
}

@inline
function move(at: usize, hash: u64, count: i32): void {
  if (hash == 0) return;
  store<u64>(at, 0);
  insert(hash, count);
  left--;
}

/** Lines behind the last, for hashes that overflow. */
const SPARE: i32 = 64;

/** Lines are asked for so many hashes ahead, in a loop without a branch: the processor waits for all of them at once. */
const AHEAD: i32 = 64;
/** Kept, for what is read for nothing is not read at all. */
export let touched: i32 = 0;

/** Adds `count` hashes; returns false when there is no memory for them. */
export function addAll(count: i32): bool {
  if (memory.size() * PAGE < <i32>(TABLE + <usize>(lines + SPARE) * LINE)) {
    if (memory.grow(<i32>((TABLE + <usize>(lines + SPARE) * LINE) / PAGE) + 1 - memory.size()) < 0) return false;
  }
  for (let index = 0; index < count; index++) {
    if (index % AHEAD == 0) {
      const end = min(count, index + AHEAD);
      for (let next = index; next < end; next++) touched += load<i32>(lineOf(load<u64>(HASHES + next * 8), lines));
    }
    const hash = load<u64>(HASHES + index * 8);
    const isNew = insert(hash == 0 ? 1 : hash, lines);
    store<u8>(RESULTS + index, isNew ? 1 : 0);
    if (isNew && --left < 0 && !grow()) return false;
  }
  return true;
}
