/** Columns of a row, in words of 32 bits; those of texts are followed by their length. As `wasm/scan-calls.ts` writes them. */
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

/** What stands where there is no time. */
export const NO_TIME = -0x8000_0000;

// The functions below take the words of a scanner and the first word of a row. Times are seconds since 1970.

/** End of the call; that of an unanswered one without `callEndTime` is its `failTime`. {@link NO_TIME} when it is not known. */
export function endOf(words: Int32Array, at: number): number {
  const ended = words[at + COLUMN.ended] ?? NO_TIME;
  if (ended !== NO_TIME || words[at + COLUMN.answered] !== NO_TIME) return ended;
  return words[at + COLUMN.failed] ?? NO_TIME;
}

/** The time by which a call is sorted and counted, see `recordTime`. {@link NO_TIME} when nothing is known. */
export function firstTime(words: Int32Array, at: number): number {
  let time = words[at + COLUMN.started] ?? NO_TIME;
  if (time === NO_TIME) time = words[at + COLUMN.ringing] ?? NO_TIME;
  if (time === NO_TIME) time = words[at + COLUMN.answered] ?? NO_TIME;
  return time === NO_TIME ? endOf(words, at) : time;
}

/** Ring of a call, answered or not, in seconds; -1 when it is not known. */
export function ringOf(words: Int32Array, at: number): number {
  const ringing = words[at + COLUMN.ringing] ?? NO_TIME;
  const answered = words[at + COLUMN.answered] ?? NO_TIME;
  const until = answered === NO_TIME ? endOf(words, at) : answered;
  return ringing === NO_TIME || until === NO_TIME ? -1 : Math.max(0, until - ringing);
}

/** Talk in seconds, 0 of a call that was not answered; -1 when the end is not known. */
export function talkOf(words: Int32Array, at: number): number {
  const answered = words[at + COLUMN.answered] ?? NO_TIME;
  const ended = endOf(words, at);
  if (ended === NO_TIME) return -1;
  return answered === NO_TIME ? 0 : Math.max(0, ended - answered);
}
