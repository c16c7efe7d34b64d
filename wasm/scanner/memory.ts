// Where everything lies in the memory that the scanner shares with its host.

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
export const MAX_FIELDS: i32 = 64;
/** 16 bytes with all bits set, then 16 of 0: what is loaded so many bytes before its middle keeps as many of a block. */
export const MASKS: i32 = 0x800;
// Splats that are loaded: a constant would be built anew for every field.
export const SMALL: usize = 0x840;
export const BACKSLASH: usize = 0x850;
/** What a row is before anything is known, from {@link ROW_TIMES} on. */
export const EMPTY_ROW: usize = 0x900;
export const NONE: i32 = i32.MIN_VALUE;

for (let at = 0; at < 16; at++) store<u8>(MASKS + at, 0xff);
v128.store(SMALL, i8x16.splat(0x23));
v128.store(BACKSLASH, i8x16.splat(0x5c));
v128.store(EMPTY_ROW, i32x4.splat(NONE));
v128.store(EMPTY_ROW, i32x4(NONE, -1, -1, -1), 16);
v128.store(EMPTY_ROW, i32x4(-1, 0, 0, 0), 32);
