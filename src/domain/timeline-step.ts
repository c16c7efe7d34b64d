import { counted } from './counted.js';
import type { CallEvent } from './call-event.js';
import type { CallRecord } from './call-record.js';
import type { Cause } from './cause.js';
import { formatDuration } from './duration.js';
import { parsePlatformTime } from './instant.js';
import { OUTCOME_TEXTS } from './outcome.js';
import type { Sms } from './sms.js';
import type { TextPair } from './text-pair.js';

/** One rung of the ladder of a call. */
export interface TimelineStep {
  /** `undefined` where what told of the step carries no time; such steps stand last. */
  readonly at?: Date | undefined;
  /** Whole seconds since the step before; `undefined` for the first and for steps without a time. */
  readonly gapSeconds?: number | undefined;
  /** What told of it. A step of an event that the CDR has at the same instant, give or take two seconds, stands once. */
  readonly source: 'event' | 'cdr' | 'sms';
  /** Type of the event; `recording` and `cdr` (the end as the CDR has it); `sms`. */
  readonly step: string;
  readonly text: TextPair;
  /** As what told of it has them: numbers in events are not the real ones. */
  readonly caller?: string | undefined;
  readonly callee?: string | undefined;
  readonly x?: string | undefined;
  /** Digits keyed in. */
  readonly digits?: string | undefined;
  readonly cause?: Cause | undefined;
}

/** Order of the events of a call. Source: privatenumber_02_0006, 0006_3 (read 2026-07). */
export const EVENT_ORDER = ['callin', 'collectInfo', 'callout', 'alerting', 'answer', 'disconnect'] as const;

const RANKS: ReadonlyMap<string, number> = new Map(
  ['callin', 'collectInfo', 'callout', 'alerting', 'answer', 'recording', '', 'disconnect', 'cdr', 'sms'].map(
    (step, rank) => [step, rank],
  ),
);

const EVENT_TEXTS: ReadonlyMap<string, TextPair> = new Map([
  ['callin', { zh: '呼入：主叫拨打隐私号码', en: 'the caller has dialled X' }],
  ['collectInfo', { zh: '收到分机号', en: 'the extension was keyed in' }],
  ['callout', { zh: '平台正在呼叫被叫', en: 'being put through to the callee' }],
  ['alerting', { zh: '被叫振铃', en: 'the callee rings' }],
  ['answer', { zh: '被叫应答', en: 'the callee answered' }],
  ['disconnect', { zh: '挂机', en: 'hung up' }],
  ['recording', { zh: '开始录音', en: 'recording began' }],
]);

/** Two machines of the platform may round one instant differently. */
const SAME_INSTANT_MS = 2000;

/** Place of a step among those of one instant, and of events in a call; an unknown event stands before the end. */
export function stepRank(step: string): number {
  return RANKS.get(step) ?? RANKS.get('') ?? 0;
}

function textOf(step: string): TextPair {
  return EVENT_TEXTS.get(step) ?? { zh: `未知事件 ${step}`, en: `an event this tool does not know: ${step}` };
}

function withDetail(text: TextPair, zh: string | undefined, en: string | undefined): TextPair {
  return { zh: zh === undefined ? text.zh : `${text.zh}：${zh}`, en: en === undefined ? text.en : `${text.en}: ${en}` };
}

/** A code and its words; the code alone where no table has it. */
function withCause(text: TextPair, cause: Cause | undefined): TextPair {
  if (cause === undefined) return text;
  const said = (words: string | undefined): string => (words === undefined ? cause.code : `${cause.code} ${words}`);
  return withDetail(text, said(cause.zh ?? cause.en), said(cause.en ?? cause.zh));
}

function eventStep(event: CallEvent): TimelineStep {
  const { type, at, caller, callee, digits, cause } = event;
  const text = type === 'collectInfo' ? withDetail(textOf(type), digits, digits) : withCause(textOf(type), cause);
  return {
    at,
    source: 'event',
    step: type,
    text,
    caller,
    callee,
    x: type === 'callin' ? callee : undefined,
    digits,
    cause,
  };
}

function cdrEnd(record: CallRecord): TimelineStep {
  const { outcome, talkSeconds, billedMinutes, cause, endedAt } = record;
  const words = OUTCOME_TEXTS[outcome];
  if (outcome !== 'answered') {
    const text = withDetail({ zh: '话单', en: 'CDR' }, words.zh, words.en);
    const code = cause === undefined || cause.code === '0' ? '' : ` (${cause.code})`;
    return { at: endedAt, source: 'cdr', step: 'cdr', text: { zh: text.zh + code, en: text.en + code }, cause };
  }
  const zh = [words.zh, talkSeconds === undefined ? '' : `通话${formatDuration(talkSeconds)}`];
  const en = [words.en, talkSeconds === undefined ? '' : `talk ${formatDuration(talkSeconds)}`];
  if (billedMinutes !== undefined) {
    zh.push(`计费${billedMinutes}分钟`);
    en.push(`${counted(billedMinutes, 'minute')} billed`);
  }
  const text = { zh: `话单：${zh.filter(Boolean).join('，')}`, en: `CDR: ${en.filter(Boolean).join(', ')}` };
  return { at: endedAt, source: 'cdr', step: 'cdr', text, cause };
}

function cdrSteps(record: CallRecord): TimelineStep[] {
  const instants: readonly (readonly [string, Date | undefined])[] = [
    ['callin', record.startedAt],
    ['callout', parsePlatformTime(record.raw.fwdStartTime)],
    ['alerting', record.ringingAt],
    ['answer', record.answeredAt],
    ['recording', record.recording?.startedAt],
  ];
  const steps = instants
    .filter(([, at]) => at !== undefined)
    .map(([step, at]): TimelineStep => ({ at, source: 'cdr', step, text: textOf(step) }));
  return [...steps, cdrEnd(record)];
}

function smsStep(sms: Omit<Sms, 'raw'>): TimelineStep {
  const asks = sms.notificationMode?.toLowerCase() === 'block';
  const text = asks
    ? { zh: '同一绑定的短信（等待客户侧决定）', en: 'SMS of the same binding, waiting for a decision' }
    : { zh: '同一绑定的短信', en: 'SMS of the same binding' };
  const { at, caller, callee, x, result } = sms;
  return { at, source: 'sms', step: 'sms', text: withCause(text, result), caller, callee, x, cause: result };
}

function isSameStep(one: TimelineStep, other: TimelineStep): boolean {
  if (one.step !== other.step || one.at === undefined || other.at === undefined) return false;
  return Math.abs(one.at.getTime() - other.at.getTime()) <= SAME_INSTANT_MS;
}

function compareSteps(one: TimelineStep, other: TimelineStep): number {
  const time = (step: TimelineStep): number => step.at?.getTime() ?? Number.MAX_SAFE_INTEGER;
  if (time(one) !== time(other)) return time(one) - time(other);
  if (stepRank(one.step) !== stepRank(other.step)) return stepRank(one.step) - stepRank(other.step);
  // The same steps in whatever order they came give the same ladder.
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

/** The steps in order of time, with the gaps between them. What is in none of the records is not made up. */
export function buildSteps(parts: {
  readonly events: readonly CallEvent[];
  readonly records: readonly CallRecord[];
  readonly sms: readonly Omit<Sms, 'raw'>[];
}): TimelineStep[] {
  const steps = parts.events.map(eventStep);
  for (const record of parts.records) {
    for (const step of cdrSteps(record)) {
      if (step.step === 'cdr' || !steps.some((known) => isSameStep(known, step))) steps.push(step);
    }
  }
  const sorted = [...steps, ...parts.sms.map(smsStep)].sort(compareSteps);
  let before: Date | undefined;
  return sorted.map((step) => {
    const gapSeconds =
      before === undefined || step.at === undefined
        ? undefined
        : Math.floor((step.at.getTime() - before.getTime()) / 1000);
    before = step.at ?? before;
    return { ...step, gapSeconds };
  });
}
