import type { CallEvent } from './call-event.js';
import type { CallRecord } from './call-record.js';
import type { NotificationRecord } from './notification-record.js';
import type { Sms } from './sms.js';
import { askQuestions, type TimelineQuestion } from './timeline-question.js';
import { buildSteps, type TimelineStep } from './timeline-step.js';
import { bindingOf, decideTimeline, decidingRecord, type TimelineVerdict } from './timeline-verdict.js';

/** The fields of a CDR that a timeline hands on. */
type CallFacts = Pick<
  CallRecord,
  | 'mode'
  | 'direction'
  | 'caller'
  | 'callee'
  | 'x'
  | 'y'
  | 'extension'
  | 'startedAt'
  | 'endedAt'
  | 'ringSeconds'
  | 'talkSeconds'
  | 'billedMinutes'
  | 'userData'
>;

/** Everything that is known of one call, in order of time. */
export interface Timeline extends CallFacts, TimelineVerdict {
  readonly kind: 'Timeline';
  readonly sessionId: string;
  readonly subscriptionId?: string | undefined;
  readonly steps: readonly TimelineStep[];
  readonly questions: readonly TimelineQuestion[];
}

/** An SMS so long after the end of a call still belongs to its story; it carries no session. */
const SMS_AFTER_MS = 10 * 60_000;

/** The part of an SMS that a ladder shows. */
export type SmsFacts = Omit<Sms, 'raw'>;

/** What a timeline is made from, each record once. */
export interface TimelineParts {
  readonly records: readonly Exclude<NotificationRecord, Sms>[];
  /** Of any binding; those of the call's binding, from its start to ten minutes after its end, are taken. */
  readonly sms: readonly SmsFacts[];
}

/**
 * Joins events, CDRs and SMS of one session to a ladder, and says how the call ended and why. The same records give the same timeline,
 * in whatever order they come.
 * @param sessionId whole; records of other sessions do not count.
 * Source: FAQ "join events, CDR and recording by sessionId" (read 2026-07).
 */
export function buildTimeline(parts: TimelineParts, sessionId: string): Timeline {
  const own = parts.records
    .filter((record) => 'sessionId' in record && record.sessionId === sessionId)
    .map((record) => ({ record, text: JSON.stringify(record.raw) }))
    // Whatever is decided by the first of several must not hang on the order in which they came.
    .sort((one, other) => (one.text < other.text ? -1 : 1))
    .map(({ record }) => record);
  const events = own.filter((record): record is CallEvent => record.kind === 'CallEvent');
  const records = own.filter((record): record is CallRecord => record.kind === 'CallRecord');
  const subscriptionId = bindingOf(events, records);
  const times = buildSteps({ events, records, sms: [] }).flatMap(({ at }) => at ?? []);
  const sms = parts.sms.filter((one) => subscriptionId !== undefined && belongs(one, subscriptionId, times));
  const verdict = decideTimeline(events, records);
  return {
    kind: 'Timeline',
    sessionId,
    ...factsOf(events, records),
    subscriptionId,
    ...verdict,
    steps: buildSteps({ events, records, sms }),
    questions: askQuestions({ events, records, verdict }),
  };
}

function belongs(sms: SmsFacts, subscriptionId: string, times: readonly Date[]): boolean {
  const [first, last] = [times[0], times.at(-1)];
  if (sms.subscriptionId !== subscriptionId || sms.at === undefined) return false;
  return (
    first !== undefined && last !== undefined && sms.at >= first && sms.at.getTime() <= last.getTime() + SMS_AFTER_MS
  );
}

/** Without a CDR only X is known, from the `callin`: the other numbers of events are not the real ones. */
function factsOf(events: readonly CallEvent[], records: readonly CallRecord[]): CallFacts {
  const record = decidingRecord(records);
  const callin = events.find(({ type }) => type === 'callin');
  if (record === undefined) return { x: callin?.callee };
  const { mode, direction, caller, callee, x, y, extension, startedAt, endedAt } = record;
  const { ringSeconds, talkSeconds, billedMinutes, userData } = record;
  return {
    mode,
    direction,
    caller,
    callee,
    x,
    y,
    extension,
    startedAt,
    endedAt,
    ringSeconds,
    talkSeconds,
    billedMinutes,
    userData,
  };
}
