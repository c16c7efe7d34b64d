import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCallEvent } from '../../../src/domain/call-event.js';
import { parseCallRecord } from '../../../src/domain/call-record.js';
import { parseSms } from '../../../src/domain/sms.js';
import { buildTimeline, type Timeline, type TimelineParts } from '../../../src/domain/timeline.js';

type Part = TimelineParts['records'][number];

const SESSION = '1200_1029_4294967295_20261122000000@callenabler.example';

function event(eventType: string, time: string, more: Record<string, unknown> = {}): Part {
  const statusInfo = { sessionId: SESSION, timestamp: `2026-11-22 ${time}`, subscriptionId: 'binding-1', ...more };
  return parseCallEvent({ eventType, statusInfo });
}

function fee(more: Record<string, unknown> = {}): Part {
  return parseCallRecord({
    direction: 0,
    bindNum: '+8617000000201',
    sessionId: SESSION,
    subscriptionId: 'binding-1',
    callerNum: '+8613800000002',
    fwdDstNum: '+8613800000001',
    callInTime: '2026-11-22 00:00:00',
    fwdStartTime: '2026-11-22 00:00:01',
    fwdAlertingTime: '2026-11-22 00:00:06',
    fwdAnswerTime: '2026-11-22 00:00:15',
    callEndTime: '2026-11-22 00:01:20',
    fwdUnaswRsn: 0,
    ulFailReason: 0,
    recordFlag: 1,
    recordStartTime: '2026-11-22 00:00:16',
    recordObjectName: 'one.wav',
    serviceType: '004',
    ...more,
  });
}

function sms(timeStamp: string, more: Record<string, unknown> = {}) {
  const smsEvent = { smsIdentifier: timeStamp, notificationMode: 'Notify', calling: '+8613800000001', timeStamp };
  return parseSms({ smsEvent: { ...smsEvent, subscriptionId: 'binding-1', sendResult: 0, ...more } });
}

const ANSWERED = [
  event('callin', '00:00:00', { called: '+8617000000201' }),
  event('callout', '00:00:01'),
  event('alerting', '00:00:06'),
  event('answer', '00:00:15'),
  event('disconnect', '00:01:20', { stateCode: 0 }),
];
const FAILED_EVENTS = [
  event('callin', '00:00:00', { called: '+8617000000201', subscriptionId: '' }),
  event('disconnect', '00:00:01', { stateCode: 8014, subscriptionId: '' }),
];
const FAILED_FEE = fee({
  direction: 2,
  subscriptionId: '',
  fwdDstNum: '',
  fwdStartTime: '',
  fwdAlertingTime: '',
  fwdAnswerTime: '',
  callEndTime: '2026-11-22 00:00:01',
  ulFailReason: 8014,
  recordFlag: 0,
  recordStartTime: '',
});

function build(records: readonly Part[], texts: TimelineParts['sms'] = []): Timeline {
  return buildTimeline({ records, sms: texts }, SESSION);
}

const ladder = ({ steps }: Timeline) => steps.map(({ step, source, gapSeconds }) => [step, source, gapSeconds]);
const asked = ({ questions }: Timeline) => questions.map(({ code }) => code);

function orders<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

describe('buildTimeline', () => {
  it('makes one ladder of events and CDR, with the gaps, the end and the facts', () => {
    const timeline = build([...ANSWERED, fee()]);
    expect(ladder(timeline)).toEqual([
      ['callin', 'event', undefined],
      ['callout', 'event', 1],
      ['alerting', 'event', 5],
      ['answer', 'event', 9],
      ['recording', 'cdr', 1],
      ['disconnect', 'event', 64],
      ['cdr', 'cdr', 0],
    ]);
    expect(timeline).toMatchObject({
      kind: 'Timeline',
      sessionId: SESSION,
      subscriptionId: 'binding-1',
      mode: 'axb',
      caller: '+8613800000002',
      callee: '+8613800000001',
      x: '+8617000000201',
      outcome: 'answered',
      cause: { source: 'release', code: '0' },
      decidedBy: 'cdr',
      remedy: { zh: '无需处理。', en: 'Nothing to do.' },
      ringSeconds: 9,
      talkSeconds: 65,
      billedMinutes: 2,
      questions: [],
    });
    expect(timeline.steps.at(-1)?.text).toEqual({
      zh: '话单：接通，通话1m05s，计费2分钟',
      en: 'CDR: answered, talk 1m05s, 2 minutes billed',
    });
  });

  it('R13: is the same for the five events in all 120 orders, and with the CDR first or last', () => {
    const expected = build([...ANSWERED, fee()]);
    const all = orders(ANSWERED);
    expect(all).toHaveLength(120);
    for (const order of all) {
      expect(build([fee(), ...order])).toEqual(expected);
      expect(build([...order, fee()])).toEqual(expected);
    }
  });

  it('R13: is the same in every order, contradictions and doubles included', () => {
    const odd = [
      ...FAILED_EVENTS,
      FAILED_FEE,
      fee({ icid: 'another' }),
      fee({ icid: 'third', callInTime: '2026-11-22 00:00:03' }),
      event('disconnect', '00:00:01', { stateCode: 8018 }),
      event('answer', '', { timestamp: '' }),
      event('later', '00:00:01'),
    ];
    const expected = build(odd);
    fc.assert(
      fc.property(fc.shuffledSubarray(odd, { minLength: odd.length }), (order) => {
        expect(build(order)).toEqual(expected);
      }),
    );
  });

  it('names cause and remedy of a call without a binding, in both languages', () => {
    const timeline = build([...FAILED_EVENTS, FAILED_FEE]);
    expect(ladder(timeline)).toEqual([
      ['callin', 'event', undefined],
      ['disconnect', 'event', 1],
      ['cdr', 'cdr', 0],
    ]);
    expect(timeline).toMatchObject({
      outcome: 'no-binding',
      cause: { source: 'release', code: '8014', zh: '无效的AXB模式呼叫', en: 'invalid AXB call' },
      decidedBy: 'cdr',
    });
    expect(timeline.causes.map(({ source, code }) => `${source} ${code}`)).toEqual(['hangup 8014', 'release 8014']);
    expect(timeline.remedy?.en).toContain('caller or callee is in no binding with this X');
    expect(timeline.remedy?.zh).toContain('未与该X绑定');
    expect(asked(timeline)).toEqual(['binding-empty']);
  });

  it('is decided by the disconnect where there is no CDR, and says that it has not come', () => {
    const timeline = build(FAILED_EVENTS);
    expect(timeline).toMatchObject({
      outcome: 'no-binding',
      cause: { source: 'hangup', code: '8014' },
      decidedBy: 'disconnect',
      x: '+8617000000201',
    });
    expect(timeline.caller).toBeUndefined();
    expect(asked(timeline)).toEqual(['cdr-missing']);
  });

  it('is decided by the disconnect where the CDR has no code', () => {
    const silent = { fwdAlertingTime: '', fwdAnswerTime: '', ulFailReason: undefined, fwdUnaswRsn: undefined };
    const timeline = build([
      ...ANSWERED.slice(0, 2),
      event('disconnect', '00:00:05', { stateCode: 8104 }),
      fee(silent),
    ]);
    expect(timeline).toMatchObject({ outcome: 'unreachable', cause: { source: 'hangup', code: '8104' } });
    expect(timeline.decidedBy).toBe('disconnect');
  });

  it('says so while nothing has ended the call', () => {
    const timeline = build(ANSWERED.slice(0, 3));
    expect(timeline).toMatchObject({ outcome: 'unknown', cause: undefined, remedy: undefined });
    expect(asked(timeline)).toEqual(['call-not-over']);
  });

  it('makes the ladder of the CDR alone, and says that no event came', () => {
    const timeline = build([fee()]);
    expect(ladder(timeline)).toEqual([
      ['callin', 'cdr', undefined],
      ['callout', 'cdr', 1],
      ['alerting', 'cdr', 5],
      ['answer', 'cdr', 9],
      ['recording', 'cdr', 1],
      ['cdr', 'cdr', 64],
    ]);
    expect(asked(timeline)).toEqual(['events-missing']);
  });

  it('names steps that are missing, and does not make them up', () => {
    const timeline = build([ANSWERED[0]!, ANSWERED[3]!, ANSWERED[4]!]);
    expect(ladder(timeline).map(([step]) => step)).toEqual(['callin', 'answer', 'disconnect']);
    expect(timeline.questions.find(({ code }) => code === 'steps-missing')?.en).toBe(
      'events that must have been, but did not come: callout, alerting',
    );
  });

  it('names steps whose own times contradict their order', () => {
    const timeline = build([ANSWERED[0]!, event('callout', '00:00:20'), ...ANSWERED.slice(2)]);
    expect(timeline.questions.find(({ code }) => code === 'out-of-order')?.en).toContain('callout');
    expect(ladder(timeline).map(([step]) => step)).toEqual(['callin', 'alerting', 'answer', 'callout', 'disconnect']);
  });

  it('shows a step of the CDR by itself where its time is another', () => {
    const late = build([...ANSWERED, fee({ fwdAnswerTime: '2026-11-22 00:00:18' })]);
    expect(ladder(late).filter(([step]) => step === 'answer')).toEqual([
      ['answer', 'event', 9],
      ['answer', 'cdr', 2],
    ]);
    const near = build([...ANSWERED, fee({ fwdAnswerTime: '2026-11-22 00:00:17' })]);
    expect(ladder(near).filter(([step]) => step === 'answer')).toHaveLength(1);
  });

  it('says that there are two CDRs, doubled events and codes that differ', () => {
    const timeline = build([...ANSWERED, fee({ icid: 'one' }), fee({ icid: 'two', ulFailReason: 8010 })]);
    expect(asked(timeline)).toEqual(['cdr-twice']);
    const contradicting = build([...FAILED_EVENTS, event('disconnect', '00:00:01', { stateCode: 8018 }), FAILED_FEE]);
    expect(asked(contradicting)).toEqual(['event-twice', 'causes-differ', 'binding-empty']);
  });

  it('puts what has no time last, and says so', () => {
    const timeline = build([...ANSWERED.slice(0, 4), event('disconnect', '', { timestamp: '', stateCode: 0 })]);
    expect(timeline.steps.at(-1)).toMatchObject({ step: 'disconnect', at: undefined, gapSeconds: undefined });
    expect(asked(timeline)).toEqual(['cdr-missing', 'step-without-time']);
  });

  it('asks about a landline caller and a callee abroad, only of a call that failed', () => {
    const numbers = { callerNum: '+8675528000001', fwdDstNum: '+85291234567' };
    const failed = build([fee({ ...numbers, fwdAnswerTime: '', ulFailReason: 7508 })]);
    expect(asked(failed)).toEqual(['events-missing', 'caller-landline', 'callee-abroad']);
    expect(asked(build([fee(numbers)]))).toEqual(['events-missing']);
  });

  it('takes the SMS of the binding from the start of the call to ten minutes after its end', () => {
    const texts = [
      sms('2026-11-21T23:59:59.999Z'),
      sms('2026-11-22T00:00:00.000Z'),
      sms('2026-11-22T00:11:20.000Z', { sendResult: 2 }),
      sms('2026-11-22T00:11:20.001Z'),
      sms('2026-11-22T00:05:00.000Z', { subscriptionId: 'binding-2' }),
    ];
    const steps = build([...ANSWERED, fee()], texts).steps.filter(({ source }) => source === 'sms');
    expect(steps.map(({ at }) => at?.toISOString())).toEqual(['2026-11-22T00:00:00.000Z', '2026-11-22T00:11:20.000Z']);
    expect(steps[1]).toMatchObject({
      gapSeconds: 600,
      caller: '+8613800000001',
      text: { zh: '同一绑定的短信：2 无绑定关系', en: 'SMS of the same binding: 2 no binding' },
    });
  });

  it('does not take records of other sessions', () => {
    const other = parseCallEvent({
      eventType: 'answer',
      statusInfo: { sessionId: 'other', timestamp: '2026-11-22 00:00:00' },
    });
    expect(build([...ANSWERED, fee(), other])).toEqual(build([...ANSWERED, fee()]));
  });
});
