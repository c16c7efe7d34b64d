import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callRecordKey, OUTCOMES, parseCallRecord, type CallRecord } from '../../../src/domain/call-record.js';

const answered = {
  callInTime: '2026-11-22 00:00:00',
  fwdAlertingTime: '2026-11-22 00:00:05',
  fwdAnswerTime: '2026-11-22 00:00:10',
  callEndTime: '2026-11-22 00:01:10',
};
const ended = { callInTime: '2026-11-22 00:00:00', callEndTime: '2026-11-22 00:00:30' };

function read(fee: Record<string, unknown>): CallRecord {
  return parseCallRecord(fee);
}

describe('parseCallRecord', () => {
  it.each<[string, Record<string, unknown>, CallRecord['mode']]>([
    ['AX', { serviceType: '003' }, 'ax'],
    ['AXB', { serviceType: '004' }, 'axb'],
    ['AXYB', { serviceType: '007' }, 'axyb'],
    ['AXB with the type as a number', { serviceType: 4 }, 'axb'],
    ['AXE', { extendNum: '12' }, 'axe'],
    ['AXE, whatever its type', { extendNum: 12, serviceType: '004' }, 'axe'],
    ['AXB with an empty extension', { extendNum: '', serviceType: '004' }, 'axb'],
    ['X', { notifyMode: 'Block', serviceType: '004' }, 'x'],
    ['an unknown type', { serviceType: '002' }, undefined],
    ['no type', {}, undefined],
  ])('knows the mode of %s', (_name, fee, mode) => {
    expect(read(fee).mode).toBe(mode);
  });

  it('takes the numbers of both legs', () => {
    const fee = { callerNum: '+8613800000001', calleeNum: '+8613800000022', fwdDstNum: '+8613800000002' };
    expect(read({ ...fee, bindNum: '+8613800000023' })).toMatchObject({
      caller: '+8613800000001',
      callee: '+8613800000002',
      x: '+8613800000023',
    });
    expect(read({ ...fee, bindNum: '', fwdDstNum: null })).toMatchObject({ callee: undefined, x: '+8613800000022' });
  });

  it('knows Y of AXYB when B calls', () => {
    const fee = { serviceType: '007', fwdDisplayNum: '+8613800000033' };
    expect(read({ ...fee, direction: 0 }).y).toBe('+8613800000033');
    expect(read({ ...fee, direction: 1 }).y).toBeUndefined();
    expect(read({ ...fee, serviceType: '004', direction: 0 }).y).toBeUndefined();
  });

  it.each([
    [0, 'b-to-a'],
    ['1', 'a-to-b'],
    [2, 'abnormal'],
    [3, undefined],
    ['', undefined],
  ])('reads direction %j', (direction, expected) => {
    expect(read({ direction }).direction).toBe(expected);
  });

  it.each<[string, Record<string, unknown>, Pick<CallRecord, 'ringSeconds' | 'talkSeconds' | 'billedMinutes'>]>([
    ['a whole minute', answered, { ringSeconds: 5, talkSeconds: 60, billedMinutes: 1 }],
    [
      'a started minute',
      { ...answered, callEndTime: '2026-11-22 00:01:11' },
      { ringSeconds: 5, talkSeconds: 61, billedMinutes: 2 },
    ],
    [
      'fractions',
      { ...answered, callEndTime: '2026-11-22  00:00:11.900' },
      { ringSeconds: 5, talkSeconds: 1, billedMinutes: 1 },
    ],
    [
      'no end',
      { ...answered, callEndTime: null },
      { ringSeconds: 5, talkSeconds: undefined, billedMinutes: undefined },
    ],
    [
      'an end before the answer',
      { ...answered, callEndTime: '2026-11-22 00:00:00' },
      { ringSeconds: 5, talkSeconds: 0, billedMinutes: 0 },
    ],
    ['no answer', { ...answered, fwdAnswerTime: '' }, { ringSeconds: 65, talkSeconds: 0, billedMinutes: 0 }],
    ['no ringing', ended, { ringSeconds: undefined, talkSeconds: 0, billedMinutes: 0 }],
    ['neither answer nor end', {}, { ringSeconds: undefined, talkSeconds: undefined, billedMinutes: undefined }],
    [
      'a failure without an end',
      { failTime: '2026-11-22 00:00:30' },
      { ringSeconds: undefined, talkSeconds: 0, billedMinutes: 0 },
    ],
  ])('counts the seconds of a call with %s', (_name, fee, expected) => {
    expect(read(fee)).toMatchObject(expected);
  });

  it.each<[string, Record<string, unknown>, string, [string, string] | undefined]>([
    ['answered', { ...answered, ulFailReason: 0 }, 'answered', ['release', '0']],
    ['answered, cut by the longest duration', { ...answered, ulFailReason: 8010 }, 'answered', ['release', '8010']],
    ['answered, without codes', answered, 'answered', undefined],
    ['busy', { ulFailReason: 8102, fwdUnaswRsn: 17 }, 'busy', ['release', '8102']],
    ['busy by text', { ulFailReason: '08102' }, 'busy', ['release', '8102']],
    ['no answer', { ulFailReason: 8101 }, 'no-answer', ['release', '8101']],
    ['ringing timeout', { ulFailReason: 8003 }, 'no-answer', ['release', '8003']],
    ['platform timeout', { ulFailReason: 8035 }, 'no-answer', ['release', '8035']],
    ['rejected', { ulFailReason: 7503 }, 'rejected', ['release', '7503']],
    ['blocked by an app', { ulFailReason: 7504 }, 'rejected', ['release', '7504']],
    ['caller gave up', { ulFailReason: 7502 }, 'caller-hung-up', ['release', '7502']],
    ['caller gave up before keying', { ulFailReason: 7516 }, 'caller-hung-up', ['release', '7516']],
    ['caller gave up, older', { ulFailReason: 8009 }, 'caller-hung-up', ['release', '8009']],
    ['switched off', { ulFailReason: 8104, fwdUnaswRsn: 20 }, 'unreachable', ['release', '8104']],
    ['no such number', { ulFailReason: 8100 }, 'unreachable', ['release', '8100']],
    ['no binding', { ulFailReason: 8014, subscriptionId: '' }, 'no-binding', ['release', '8014']],
    ['no AX binding', { ulFailReason: 8018 }, 'no-binding', ['release', '8018']],
    ['no AXE binding', { ulFailReason: 8022 }, 'no-binding', ['release', '8022']],
    ['no temporary callee', { ulFailReason: 8013 }, 'refused', ['release', '8013']],
    ['wrong direction', { ulFailReason: 8016 }, 'refused', ['release', '8016']],
    ['no callback record', { ulFailReason: 8019 }, 'refused', ['release', '8019']],
    ['frequency', { ulFailReason: 8047 }, 'refused', ['release', '8047']],
    ['X unusable', { ulFailReason: 8055 }, 'refused', ['release', '8055']],
    ['account frozen', { ulFailReason: 7108 }, 'failed', ['release', '7108']],
    ['platform', { ulFailReason: 522 }, 'failed', ['release', '522']],
    ['network', { ulFailReason: 7506 }, 'failed', ['release', '7506']],
    ['a code in no table', { ulFailReason: 9999 }, 'failed', ['release', '9999']],
    ['Q.850 busy', { fwdUnaswRsn: 17 }, 'busy', ['q850', '17']],
    ['Q.850 busy beside a release point of 0', { ulFailReason: 0, fwdUnaswRsn: 17 }, 'busy', ['q850', '17']],
    ['Q.850 no answer', { fwdUnaswRsn: '19' }, 'no-answer', ['q850', '19']],
    ['Q.850 rejected', { fwdUnaswRsn: 21 }, 'rejected', ['q850', '21']],
    ['Q.850 absent', { fwdUnaswRsn: 20 }, 'unreachable', ['q850', '20']],
    ['Q.850 congestion', { fwdUnaswRsn: 42 }, 'failed', ['q850', '42']],
    [
      'Q.850 decides where the release point is in no table',
      { ulFailReason: 9999, fwdUnaswRsn: 17 },
      'busy',
      ['release', '9999'],
    ],
    ['normal clearing says nothing', { fwdUnaswRsn: 16, subscriptionId: 'b' }, 'unknown', ['q850', '16']],
    [
      'an empty binding and nothing else',
      { subscriptionId: '', ulFailReason: 0, fwdUnaswRsn: 0 },
      'no-binding',
      ['release', '0'],
    ],
    ['an abnormal direction and nothing else', { direction: 2 }, 'no-binding', undefined],
    [
      'an empty binding, yet it rang',
      { subscriptionId: '', fwdAlertingTime: '2026-11-22 00:00:05' },
      'unknown',
      undefined,
    ],
    [
      'an empty binding in X mode, where there is none',
      { subscriptionId: '', notifyMode: 'Block' },
      'unknown',
      undefined,
    ],
    ['an empty binding, yet busy', { subscriptionId: '', ulFailReason: 8102 }, 'busy', ['release', '8102']],
    ['nothing known', { ulFailReason: 0, subscriptionId: 'b' }, 'unknown', ['release', '0']],
    ['nothing at all', {}, 'unknown', undefined],
  ])('judges: %s', (_name, fee, outcome, cause) => {
    const record = read(fee);
    expect(record.outcome).toBe(outcome);
    expect(record.cause && [record.cause.source, record.cause.code]).toEqual(cause);
  });

  it.each([
    [1, true],
    ['1', true],
    ['true', true],
    [true, true],
    [0, false],
    ['0', false],
    ['false', false],
    [undefined, false],
  ])('takes recordFlag %j as recorded: %s', (recordFlag, recorded) => {
    const fee = {
      recordFlag,
      recordObjectName: 'r.wav',
      recordDomain: 'ostor.example',
      recordFileDownloadUrl: '',
      recordStartTime: '2026-11-22 00:00:11',
    };
    expect(read(fee).recording).toEqual(
      recorded
        ? { fileName: 'r.wav', domain: 'ostor.example', url: undefined, startedAt: new Date('2026-11-22T00:00:11Z') }
        : undefined,
    );
  });

  it('keeps what it does not know in raw, and takes nothing from a prototype', () => {
    const fee = JSON.parse('{"later":[1],"__proto__":{"callerNum":"+8613800000009"}}') as Record<string, unknown>;
    expect(read(fee).raw).toBe(fee);
    expect(read(fee).caller).toBeUndefined();
    const named = read({
      direction: 'constructor',
      serviceType: 'constructor',
      ulFailReason: 'constructor',
      fwdUnaswRsn: 'toString',
    });
    expect([named.direction, named.mode, named.outcome]).toEqual([undefined, undefined, 'failed']);
  });

  it('reads anything without failing, and never counts backwards', () => {
    const time = fc.oneof(
      fc.constantFrom('', null, 'soon'),
      fc
        .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 19).replace('T', ' ')),
    );
    const fee = fc.record(
      {
        fwdAnswerTime: time,
        callEndTime: time,
        fwdAlertingTime: time,
        callInTime: time,
        direction: fc.jsonValue(),
        ulFailReason: fc.jsonValue(),
        fwdUnaswRsn: fc.jsonValue(),
        subscriptionId: fc.jsonValue(),
        recordFlag: fc.jsonValue(),
        extendNum: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fee, (fields) => {
        const record = read(fields);
        expect(OUTCOMES).toContain(record.outcome);
        expect(record.talkSeconds ?? 0).toBeGreaterThanOrEqual(0);
        expect(record.ringSeconds ?? 0).toBeGreaterThanOrEqual(0);
        expect(record.billedMinutes).toBe(
          record.talkSeconds === undefined ? undefined : Math.ceil(record.talkSeconds / 60),
        );
      }),
    );
  });
});

describe('callRecordKey', () => {
  it.each([
    [{ icid: 'i1', sessionId: 's1' }, 'i1'],
    [{ sessionId: 's1', direction: 0, callInTime: '2026-11-22 00:00:00' }, 's1|0|2026-11-22 00:00:00'],
    [{ sessionId: 's1' }, 's1||'],
    [{ direction: 1 }, undefined],
  ])('of %j', (fee, key) => {
    expect(callRecordKey(read(fee))).toBe(key);
  });
});
