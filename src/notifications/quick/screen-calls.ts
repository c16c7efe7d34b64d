import type { CallRecord } from '../../domain/call-record.js';
import type { RecordCriteria } from '../filter-records.js';
import { readWantedNumber } from '../match-number.js';
import { COLUMN, FACT, NO_TIME } from './call-columns.js';
import type { CallRows, RowTest } from './call-rows.js';
import type { ScannedCall } from './scanned-call.js';

/** Tells by what the scanner took from calls whether they are wanted. */
export interface CallScreen {
  /** Leaves out calls whose whole records would not be wanted. */
  readonly wanted: (rows: CallRows) => CallRows;
  /** Whether the calls that are left are surely wanted; else their whole records have to be asked. */
  readonly isExact: boolean;
}

type Test = (call: ScannedCall) => boolean;

/** Makes the screen for criteria; it agrees with `buildRecordFilter`. @throws {AppError} `flag-invalid` when a number has no digits. */
export function screenCalls(criteria: RecordCriteria): CallScreen {
  const { kind, since, until, x, a, b, number, subscription, code } = criteria;
  if (kind !== undefined && kind !== 'CallRecord') return { wanted: (rows) => rows.first(0), isExact: true };
  const inTime = since === undefined && until === undefined ? undefined : timeTest(since, until);
  const hasX = x === undefined ? undefined : numberTest(x);
  const tests = valueTests(criteria);
  const isExact = [a, b, number, subscription, code].every((one) => one === undefined);
  const wanted = (rows: CallRows): CallRows => {
    // The cheapest first: most calls of a file are outside the time that is asked for.
    let left = inTime === undefined ? rows : rows.filter(inTime);
    if (hasX !== undefined && left.count > 0) left = left.filter(hasX(left.bytes));
    return tests.length === 0 ? left : left.filter((_, at) => passesAll(tests, left.callAt(at)));
  };
  return { wanted, isExact };
}

function passesAll(tests: readonly Test[], call: ScannedCall): boolean {
  return tests.every((test) => test(call));
}

function timeTest(since: Date | undefined, until: Date | undefined): RowTest {
  const from = since?.getTime() ?? Number.NEGATIVE_INFINITY;
  const before = until?.getTime() ?? Number.POSITIVE_INFINITY;
  return (words, _at, facts) => {
    const seconds = words[facts + FACT.first] ?? NO_TIME;
    return seconds !== NO_TIME && seconds * 1000 >= from && seconds * 1000 < before;
  };
}

function valueTests(criteria: RecordCriteria): readonly Test[] {
  const { session, mode, direction, failed, recorded, minDurationSeconds: min, maxDurationSeconds: max } = criteria;
  const given = <T>(wanted: T | undefined, test: (wanted: T) => Test): readonly Test[] =>
    wanted === undefined ? [] : [test(wanted)];
  const outcomes: readonly CallRecord['outcome'][] | undefined =
    criteria.outcome === undefined ? undefined : [criteria.outcome].flat();
  return [
    ...given(
      min,
      (least) =>
        ({ talkSeconds }) =>
          talkSeconds !== undefined && talkSeconds >= least,
    ),
    ...given(
      max,
      (most) =>
        ({ talkSeconds }) =>
          talkSeconds !== undefined && talkSeconds <= most,
    ),
    ...given(recorded, (wanted) => (call) => call.recorded === wanted),
    ...given(direction, (wanted) => (call) => call.direction === wanted),
    ...given(failed, (wanted) => (call) => (call.outcome !== 'answered') === wanted),
    ...given(outcomes, (wanted) => (call) => wanted.includes(call.outcome)),
    ...given(mode, (wanted) => (call) => call.mode === wanted),
    ...given(session, (wanted) => (call) => call.sessionId === wanted),
  ];
}

/** The test for X, byte by byte: what is wanted is ASCII. */
function numberTest(typed: string): (bytes: Buffer) => RowTest {
  const { text, isWhole } = readWantedNumber(typed);
  const wanted = Buffer.from(text);
  return (bytes) => (words, at) => {
    const column = at + (words[at + COLUMN.x + 1] === 0 ? COLUMN.dialled : COLUMN.x);
    const length = words[column + 1] ?? 0;
    if (isWhole ? length !== wanted.length : length < wanted.length) return false;
    // From the end: numbers mostly begin alike.
    const start = (words[column] ?? 0) + length - wanted.length;
    for (let index = wanted.length - 1; index >= 0; index--) if (bytes[start + index] !== wanted[index]) return false;
    return true;
  };
}
