/** Columns of a row, in words of 32 bits; those of texts are followed by their length. As `wasm/scanner/row.ts` has them. */
export const COLUMN = {
  start: 0,
  length: 1,
  low: 2,
  high: 3,
  started: 4,
  ringing: 5,
  answered: 6,
  ended: 7,
  failed: 8,
  release: 9,
  q850: 10,
  direction: 11,
  service: 12,
  flags: 13,
  x: 14,
  dialled: 16,
  caller: 18,
  callee: 20,
  session: 22,
  area: 24,
} as const;

/** Bits of the column `flags`. */
export const FLAG = { bindingField: 1, binding: 2, extended: 4, recorded: 8, key: 16, blocked: 32 } as const;

/** What stands where there is no time. Times are seconds since 1970. */
export const NO_TIME = -0x8000_0000;

/**
 * Columns of the facts of a row, what is counted of it: the time by which it is sorted and counted (see `recordTime`), {@link NO_TIME} when nothing is known; ring and
 * talk in seconds, -1 where they are not known, the talk of a call that was not answered 0.
 */
export const FACT = { first: 0, ring: 1, talk: 2 } as const;

/** Words of the facts of a row, and of its texts. */
export const FACT_WORDS = 8;
