import type { CallDirection, CallRecord, Outcome } from '../domain/call-record.js';
import type { Mode } from '../domain/mode.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import { smsDirection } from '../domain/sms.js';
import { textField } from '../domain/field.js';
import { matchNumber } from './match-number.js';
import { recordTime } from './record-time.js';

/** What a record must be like. What is not given does not count; everything given must hold. */
export interface RecordCriteria {
  readonly kind?: NotificationRecord['kind'] | undefined;
  /** At or after. */
  readonly since?: Date | undefined;
  /** Before. */
  readonly until?: Date | undefined;
  /** Numbers: whole, or their last digits; with or without +86. */
  readonly x?: string | undefined;
  readonly a?: string | undefined;
  readonly b?: string | undefined;
  /** On any side. */
  readonly number?: string | undefined;
  readonly session?: string | undefined;
  readonly subscription?: string | undefined;
  readonly mode?: Mode | undefined;
  readonly direction?: CallDirection | undefined;
  readonly outcome?: Outcome | readonly Outcome[] | undefined;
  /** true: calls not answered, SMS and hang-ups with a code other than 0; false: the others of these. */
  readonly failed?: boolean | undefined;
  /** Release point, Q.850 or hang-up cause, SMS result, number state or its cause. */
  readonly code?: string | undefined;
  /** Talk time, both ends included. */
  readonly minDurationSeconds?: number | undefined;
  readonly maxDurationSeconds?: number | undefined;
  readonly recorded?: boolean | undefined;
}

/** Says whether a record is wanted; `receivedAt` stands in where the record has no time. */
export type RecordFilter = (record: NotificationRecord, receivedAt?: Date) => boolean;

/**
 * Makes the filter for the criteria. A record of a kind that a criterion does not apply to is not wanted, nor is one that lacks what
 * is asked for.
 * @throws {AppError} `flag-invalid` when a number has no digits.
 */
export function buildRecordFilter(criteria: RecordCriteria): RecordFilter {
  const tests = [...generalTests(criteria), ...numberTests(criteria), ...callTests(criteria)];
  return (record, receivedAt) => tests.every((test) => test(record, receivedAt));
}

/** @returns one test if there is something to test. */
function given<T>(value: T | undefined, test: (wanted: T) => RecordFilter): RecordFilter[] {
  return value === undefined ? [] : [test(value)];
}

function generalTests(criteria: RecordCriteria): RecordFilter[] {
  return [
    ...given(criteria.kind, (kind) => (record) => record.kind === kind),
    ...given(criteria.since, (since) => (record, receivedAt) => {
      const time = recordTime(record, receivedAt);
      return time !== undefined && time >= since;
    }),
    ...given(criteria.until, (until) => (record, receivedAt) => {
      const time = recordTime(record, receivedAt);
      return time !== undefined && time < until;
    }),
    ...given(criteria.session, (session) => (record) => 'sessionId' in record && record.sessionId === session),
    ...given(criteria.subscription, (id) => (record) => 'subscriptionId' in record && record.subscriptionId === id),
    ...given(criteria.mode, (mode) => (record) => 'mode' in record && record.mode === mode),
    ...given(criteria.direction, (direction) => (record) => directionOf(record) === direction),
    ...given(criteria.failed, (failed) => (record) => hasFailed(record) === failed),
    ...given(criteria.code, (code) => (record) => codesOf(record).includes(code)),
  ];
}

function numberTests(criteria: RecordCriteria): RecordFilter[] {
  return [
    ...given(criteria.x, (x) => numberTest(x, (record) => [privacyNumber(record)])),
    ...given(criteria.a, (a) => numberTest(a, (record) => sideOf(record, 'a'))),
    ...given(criteria.b, (b) => numberTest(b, (record) => sideOf(record, 'b'))),
    ...given(criteria.number, (number) => numberTest(number, numbersOf)),
  ];
}

function numberTest(
  wanted: string,
  numbers: (record: NotificationRecord) => readonly (string | undefined)[],
): RecordFilter {
  const matches = matchNumber(wanted);
  return (record) => numbers(record).some((number) => number !== undefined && matches(number));
}

function callTests(criteria: RecordCriteria): RecordFilter[] {
  const ofCalls =
    (test: (call: CallRecord) => boolean): RecordFilter =>
    (record) =>
      record.kind === 'CallRecord' && test(record);
  const { minDurationSeconds: min, maxDurationSeconds: max } = criteria;
  return [
    ...given(criteria.outcome, (outcome) => ofCalls((call) => [outcome].flat().includes(call.outcome))),
    ...given(min, (least) => ofCalls(({ talkSeconds }) => talkSeconds !== undefined && talkSeconds >= least)),
    ...given(max, (most) => ofCalls(({ talkSeconds }) => talkSeconds !== undefined && talkSeconds <= most)),
    ...given(criteria.recorded, (recorded) => ofCalls(({ recording }) => (recording !== undefined) === recorded)),
  ];
}

function directionOf(record: NotificationRecord): CallDirection | undefined {
  if (record.kind === 'CallRecord') return record.direction;
  return record.kind === 'Sms' ? smsDirection(record) : undefined;
}

/** X as dialled; of the events only `callin` shows it. */
function privacyNumber(record: NotificationRecord): string | undefined {
  if (record.kind !== 'CallEvent') return record.x;
  return record.type === 'callin' ? record.callee : undefined;
}

/** The numbers that may be A's or B's: one where the direction is known, both where it is not. Events do not have the real ones. */
function sideOf(record: NotificationRecord, side: 'a' | 'b'): readonly (string | undefined)[] {
  if (record.kind !== 'CallRecord' && record.kind !== 'Sms') return [];
  const direction = directionOf(record);
  if (direction === undefined || direction === 'abnormal') return [record.caller, record.callee];
  return [(direction === 'a-to-b') === (side === 'a') ? record.caller : record.callee];
}

function numbersOf(record: NotificationRecord): readonly (string | undefined)[] {
  if (record.kind === 'NumberStatus') return [record.x];
  if (record.kind === 'CallEvent') return [record.caller, record.callee];
  return [record.caller, record.callee, record.x, record.kind === 'CallRecord' ? record.y : undefined];
}

function hasFailed(record: NotificationRecord): boolean | undefined {
  if (record.kind === 'CallRecord') return record.outcome !== 'answered';
  if (record.kind === 'NumberStatus') return undefined;
  const code = record.kind === 'Sms' ? record.result?.code : record.cause?.code;
  return code === undefined ? undefined : code !== '0';
}

function codesOf(record: NotificationRecord): readonly (string | undefined)[] {
  if (record.kind === 'Sms') return [record.result?.code];
  if (record.kind === 'CallEvent') return [record.cause?.code];
  if (record.kind === 'NumberStatus') return [record.status?.code, record.cause?.code];
  return [record.cause?.code, textField(record.raw, 'ulFailReason'), textField(record.raw, 'fwdUnaswRsn')];
}
