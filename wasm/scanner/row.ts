// What stands where in a row, and the numbers of the fields that go into it.

// Columns of a row by the number of the field; the host knows the same numbers.
export const FIRST_TIME: i32 = 1;
export const LAST_TIME: i32 = 5;
export const RELEASE: i32 = 6;
const Q850: i32 = 7;
export const DIRECTION: i32 = 8;
export const SERVICE: i32 = 9;
export const RECORD_FLAG: i32 = 10;
export const EXTENSION: i32 = 11;
const NOTIFY_MODE: i32 = 12;
export const FIRST_TEXT: i32 = 13;
export const LAST_TEXT: i32 = 18;
export const SUBSCRIPTION: i32 = 19;
export const ICID: i32 = 20;
export const NOT_SINGLE: i32 = 21;
export const SESSION: i32 = 17;

export const HAS_SUBSCRIPTION_FIELD: i32 = 1;
export const HAS_SUBSCRIPTION: i32 = 2;
export const HAS_EXTENSION: i32 = 4;
export const RECORDED: i32 = 8;
export const HAS_KEY: i32 = 16;
export const BLOCKED: i32 = 32;
export const LOOKS_LIKE_CDR: i32 = 64;
export const CANNOT_BE_SINGLE: i32 = 128;
/** In the column of a field: an object with it is a CDR. */
export const CDR_FIELD: i32 = 0x100;

// Offsets in a row.
export const ROW_HASH: usize = 8;
export const ROW_TIMES: usize = 16;
export const ROW_CODES: usize = 36;
export const ROW_FLAGS: usize = 52;
export const ROW_TEXTS: usize = 56;
export const ROW_X: usize = 56;
export const ROW_DIALLED: usize = 64;
export const ROW_AREA: usize = 96;
/** For texts of which only is asked whether there are any. */
export const ROW_SPARE: usize = 104;

/** Flags that say how a call ended, and two signs beside them. */
export const ENDING_FLAGS: i32 = 0x27;
export const ANSWERED: i32 = 0x100;
export const RANG: i32 = 0x200;
