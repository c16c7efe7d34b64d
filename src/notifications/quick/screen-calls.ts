import type { CallRecord } from '../../domain/call-record.js';
import type { RecordCriteria } from '../filter-records.js';
import { matchNumber } from '../match-number.js';
import type { ScannedCall } from './scanned-call.js';

/** Tells by what the scanner took from a call whether it is wanted. */
export interface CallScreen {
  /** false: the whole record would not be wanted. */
  readonly passes: (call: ScannedCall) => boolean;
  /** Whether a call that passes is surely wanted; else its whole record has to be asked. */
  readonly isExact: boolean;
}

type Test = (call: ScannedCall) => boolean;

/** Makes the screen for criteria; it agrees with `buildRecordFilter`. @throws {AppError} `flag-invalid` when a number has no digits. */
export function screenCalls(criteria: RecordCriteria): CallScreen {
  const { kind, since, until, x, a, b, number, subscription, code } = criteria;
  if (kind !== undefined && kind !== 'CallRecord') return { passes: () => false, isExact: true };
  // The cheapest first: most calls of a file are outside the time that is asked for.
  const tests = [...timeTests(since, until), ...valueTests(criteria), ...(x === undefined ? [] : [numberTest(x)])];
  const isExact = [a, b, number, subscription, code].every((one) => one === undefined);
  return { passes: (call) => tests.every((test) => test(call)), isExact };
}

function timeTests(since: Date | undefined, until: Date | undefined): readonly Test[] {
  if (since === undefined && until === undefined) return [];
  const from = since?.getTime() ?? Number.NEGATIVE_INFINITY;
  const before = until?.getTime() ?? Number.POSITIVE_INFINITY;
  return [({ atMs }) => atMs !== undefined && atMs >= from && atMs < before];
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
