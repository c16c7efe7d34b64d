import type { CallRecord } from '../domain/call-record.js';
import { textField } from '../domain/field.js';
import { recordTime } from './record-time.js';

/** What counting needs of a call. The members of a {@link CallRecord} with the same names mean the same. */
export interface CallFacts extends Pick<
  CallRecord,
  'ringSeconds' | 'talkSeconds' | 'billedMinutes' | 'outcome' | 'cause' | 'mode' | 'x'
> {
  /** The time by which the call is counted, see {@link recordTime}: milliseconds since 1970; `undefined` when nothing is known. */
  readonly atMs: number | undefined;
  /** City code of X where the platform sends it, which is by arrangement only. */
  readonly areaCode: string | undefined;
}

/** The facts of a call record. @param receivedAt instant of arrival, which stands in for a missing time. */
export function callFacts(record: CallRecord, receivedAt?: Date): CallFacts {
  const { ringSeconds, talkSeconds, billedMinutes, outcome, cause, mode, x } = record;
  const atMs = recordTime(record, receivedAt)?.getTime();
  return {
    atMs,
    ringSeconds,
    talkSeconds,
    billedMinutes,
    outcome,
    cause,
    mode,
    x,
    areaCode: textField(record.raw, 'areaCode'),
  };
}
