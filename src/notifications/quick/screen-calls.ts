import type { CallRecord } from '../../domain/call-record.js';
import type { RecordCriteria } from '../filter-records.js';
import { matchNumber } from '../match-number.js';
import { firstTime, NO_TIME } from './call-columns.js';
import type { CallRows } from './call-rows.js';
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
  const tests = [...valueTests(criteria), ...(x === undefined ? [] : [numberTest(x)])];
  const isExact = [a, b, number, subscription, code].every((one) => one === undefined);
  const wanted = (rows: CallRows): CallRows => {
    // The cheapest first: most calls of a file are outside the time that is asked for.
    const left = inTime === undefined ? rows : rows.filter(inTime);
    return tests.length === 0 ? left : left.filter((_, at) => passesAll(tests, left.callAt(at)));
  };
  return { wanted, isExact };
}

function passesAll(tests: readonly Test[], call: ScannedCall): boolean {
  return tests.every((test) => test(call));
}

function timeTest(since: Date | undefined, until: Date | undefined): (words: Int32Array, at: number) => boolean {
  const from = since?.getTime() ?? Number.NEGATIVE_INFINITY;
  const before = until?.getTime() ?? Number.POSITIVE_INFINITY;
  return (words, at) => {
    const seconds = firstTime(words, at);
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

function numberTest(wanted: string): Test {
  const matches = matchNumber(wanted);
  return ({ x }) => x !== undefined && matches(x);
}
