import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HANGUP_CAUSES } from '../../../src/domain/catalogues/hangup-causes.js';
import { Q850_CAUSES } from '../../../src/domain/catalogues/q850-causes.js';
import { RELEASE_POINTS } from '../../../src/domain/catalogues/release-points.js';
import { CALL_OUTCOMES, type CallOutcomeName } from '../../../src/sandbox/call-plan.js';
import { Bench, PATHS } from './client.js';

const A = '+8613800000001';
const B = '+8613800000002';
const C = '+8613800000003';
const LANDLINE = '+8675528000001';

const AX = '+8617000000101';
const AXB = '+8617000000201';
const AXE = '+8617000000301';
const X = '+8617000000501';

async function boundAxb(more: object = {}): Promise<Bench> {
  const bench = new Bench();
  const body = { callerNum: A, relationNum: AXB, calleeNum: B, ...more };
  expect(await bench.code('axb', 'POST', PATHS.axb, body)).toEqual([200, '0']);
  return bench;
}

const names = (events: readonly { eventType: string }[]): string => events.map(({ eventType }) => eventType).join(' ');

describe('a call of AXB', () => {
  it('gives the documented events and CDR, all times before now', async () => {
    const bench = await boundAxb({ recordFlag: 'true', recordHintTone: 'a.wav', userData: 'order-1' });
    const id = bench.core.state.axb[0]!.id;
    bench.pass(3600);
    const { sessionId, events, fee } = await bench.control.call({ from: A, to: AXB, talkSeconds: 65, ringSeconds: 15 });
    expect(sessionId).toBe('1200_1001_4294967295_20261122085838@callenabler.sandbox.invalid');
    const common = {
      sessionId,
      caller: '+86138****0001',
      called: '+86138****0002',
      subscriptionId: id,
      userData: 'order-1',
    };
    expect(events).toEqual([
      { eventType: 'callin', statusInfo: { ...common, timestamp: '2026-11-22 08:58:38', called: AXB } },
      { eventType: 'callout', statusInfo: { ...common, timestamp: '2026-11-22 08:58:38' } },
      { eventType: 'alerting', statusInfo: { ...common, timestamp: '2026-11-22 08:58:40' } },
      { eventType: 'answer', statusInfo: { ...common, timestamp: '2026-11-22 08:58:55' } },
      {
        eventType: 'disconnect',
        statusInfo: {
          ...common,
          timestamp: '2026-11-22 09:00:00',
          stateCode: 0,
          stateDesc: 'The user releases the call.',
        },
      },
    ]);
    expect(Object.entries(fee!)).toEqual([
      ['direction', 1],
      ['spId', 'sandbox'],
      ['appKey', 'sandbox-axb-key'],
      ['icid', expect.stringMatching(/^[0-9a-f]{32}\.4004326718\.\d{9}\.[1-9]$/)],
      ['bindNum', AXB],
      ['sessionId', sessionId],
      ['subscriptionId', id],
      ['callerNum', A],
      ['calleeNum', AXB],
      ['fwdDisplayNum', AXB],
      ['fwdDstNum', B],
      ['callInTime', '2026-11-22 08:58:38'],
      ['fwdStartTime', '2026-11-22 08:58:38'],
      ['fwdAlertingTime', '2026-11-22 08:58:40'],
      ['fwdAnswerTime', '2026-11-22 08:58:55'],
      ['callEndTime', '2026-11-22 09:00:00'],
      ['fwdUnaswRsn', 0],
      ['ulFailReason', 0],
      ['sipStatusCode', 0],
      ['callOutUnaswRsn', 0],
      ['recordFlag', 1],
      ['recordStartTime', '2026-11-22 08:58:55'],
      ['recordDomain', 'recordings.sandbox.invalid'],
      ['recordBucketName', 'sandbox'],
      ['recordObjectName', '1200_1001_4294967295_20261122085838.wav'],
      ['ttsPlayTimes', 0],
      ['ttsTransDuration', 0],
      ['mptyId', id],
      ['serviceType', '004'],
      ['hostName', 'callenabler.sandbox.invalid'],
      ['userData', 'order-1'],
    ]);
  });

  it.each<[CallOutcomeName, string, number, number]>([
    ['busy', 'callin callout disconnect', 8102, 17],
    ['no-answer', 'callin callout alerting disconnect', 8101, 19],
    ['rejected', 'callin callout alerting disconnect', 7503, 21],
    ['off', 'callin callout disconnect', 8104, 20],
    ['unreachable', 'callin callout disconnect', 8103, 18],
    ['caller-hung-up', 'callin callout alerting disconnect', 7502, 0],
  ])('that is %s', async (outcome, expected, stateCode, q850) => {
    const bench = await boundAxb();
    const { events, fee } = await bench.control.call({ from: B, to: AXB, outcome });
    expect(names(events)).toBe(expected);
    expect(events.at(-1)!.statusInfo).toMatchObject({ stateCode });
    expect(fee).toMatchObject({
      direction: 0,
      fwdDstNum: A,
      fwdAnswerTime: '',
      fwdUnaswRsn: q850,
      ulFailReason: stateCode,
      failTime: '2026-11-22 08:00:00',
      callEndTime: '2026-11-22 08:00:00',
      recordFlag: 0,
    });
  });

  it('has only outcomes of the catalogues', () => {
    const has = (list: readonly { code: string }[], code: number): boolean =>
      list.some((entry) => entry.code === String(code));
    for (const { stateCode, q850 } of Object.values(CALL_OUTCOMES)) {
      expect(has(HANGUP_CAUSES, stateCode)).toBe(true);
      expect(has(RELEASE_POINTS, stateCode)).toBe(true);
      expect(has(Q850_CAUSES, q850)).toBe(true);
    }
  });

  it.each(HANGUP_CAUSES.map(({ code }) => code))('ends with the hang-up cause %s when told to', async (code) => {
    const bench = await boundAxb();
    const outcome = code as CallOutcomeName;
    const { events, fee } = await bench.control.call({ from: B, to: AXB, outcome });
    expect(events.at(-1)!.statusInfo).toMatchObject({ stateCode: Number(code) });
    expect(fee).toMatchObject({ ulFailReason: Number(code) });
    expect(fee!.fwdDstNum === '').toBe(fee!.fwdStartTime === '');
    expect(names(events).includes('answer')).toBe(['0', '8007', '8010', '8015', '8041'].includes(code));
  });

  it.each([
    { who: 'nobody of the pair', more: {}, from: C, failure: 8014, direction: 2 },
    { who: 'the wrong side', more: { callDirection: 1 }, from: B, failure: 8016, direction: 0 },
    { who: 'a landline', more: {}, from: LANDLINE, failure: 8023, direction: 2 },
    { who: 'abroad', more: {}, from: '+85291230001', failure: 8042, direction: 2 },
  ])('from $who is refused', async ({ more, from, failure, direction }) => {
    const { events, fee } = await (await boundAxb(more)).control.call({ from, to: AXB });
    expect(names(events)).toBe('callin disconnect');
    expect(fee).toMatchObject({ direction, ulFailReason: failure, fwdDstNum: '', fwdStartTime: '', fwdDisplayNum: '' });
  });

  it('is cut at maxDuration', async () => {
    const bench = await boundAxb({ maxDuration: 1 });
    const { fee, events } = await bench.control.call({ from: A, to: AXB, talkSeconds: 61 });
    expect(fee).toMatchObject({
      ulFailReason: 8010,
      callEndTime: '2026-11-22 08:00:00',
      fwdAnswerTime: '2026-11-22 07:59:00',
    });
    expect(events.at(-1)!.statusInfo).toMatchObject({ stateCode: 8010 });
    expect((await bench.control.call({ from: A, to: AXB, talkSeconds: 60 })).fee).toMatchObject({ ulFailReason: 0 });
  });

  it('on a suspended X is refused', async () => {
    const bench = await boundAxb();
    await bench.control.number({ x: AXB, status: '9' });
    expect((await bench.control.call({ from: A, to: AXB })).fee).toMatchObject({ ulFailReason: 8055 });
  });

  it('of under 3 seconds is recorded without a file', async () => {
    const bench = await boundAxb({ recordFlag: 'true' });
    const { fee } = await bench.control.call({ from: A, to: AXB, talkSeconds: 2 });
    expect(fee).toMatchObject({ recordFlag: 1, recordObjectName: '', recordDomain: '', recordStartTime: '' });
  });

  it('has its steps in order and none in the future, whatever is asked for', async () => {
    const bench = await boundAxb();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(CALL_OUTCOMES) as CallOutcomeName[])),
        fc.option(fc.integer({ min: 0, max: 4000 }), { nil: undefined }),
        fc.constantFrom(A, B, C),
        async (outcome, talkSeconds, from) => {
          const { events, fee } = await bench.control.call({ from, to: AXB, outcome, talkSeconds });
          const times = events.map(({ statusInfo }) => String(statusInfo.timestamp));
          expect([...times].sort()).toEqual(times);
          expect(times.at(-1)).toBe('2026-11-22 08:00:00');
          expect(fee!.callEndTime).toBe('2026-11-22 08:00:00');
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a running call', () => {
  it('goes on until the platform is asked to stop it', async () => {
    const bench = await boundAxb();
    const { sessionId, events, fee } = await bench.control.call({ from: A, to: AXB, talkSeconds: 600, running: true });
    expect([names(events), fee]).toEqual(['callin callout alerting answer', undefined]);
    bench.pass(30);
    const stop = { sessionid: sessionId, signal: 'call_stop' };
    expect(await bench.code('ax', 'POST', PATHS.callStop, stop)).toEqual([403, '1020152']);
    const stopped = await bench.send('axb', 'POST', PATHS.callStop, stop);
    expect([stopped.status, stopped.headers['content-type'], stopped.json]).toEqual([
      200,
      'text/html;charset=UTF-8',
      { resultcode: '0', resultdesc: 'Success' },
    ]);
    expect(bench.core.state.calls[0]).toMatchObject({ running: false, endedAt: bench.now.getTime() });
    expect(await bench.code('axb', 'POST', PATHS.callStop, stop)).toEqual([403, '1020152']);
    expect(await bench.code('axb', 'POST', PATHS.callStop, { sessionid: sessionId })).toEqual([403, '1010002']);
  });

  it('ends by itself, and keeps an AX busy until then', async () => {
    const bench = new Bench();
    await bench.send('ax', 'POST', PATHS.ax, { origNum: A, privateNum: AX });
    await bench.control.call({ from: B, to: AX, talkSeconds: 60, running: true });
    expect((await bench.control.call({ from: C, to: AX })).fee).toMatchObject({ ulFailReason: 8102 });
    bench.pass(60);
    expect((await bench.control.call({ from: C, to: AX })).fee).toMatchObject({ ulFailReason: 0 });
  });
});

describe('a call of AX', () => {
  async function bound(more: object = {}): Promise<Bench> {
    const bench = new Bench();
    await bench.send('ax', 'POST', PATHS.ax, { origNum: A, privateNum: AX, ...more });
    return bench;
  }

  it('needs a temporary callee for each call of A, set within the minute', async () => {
    const bench = await bound({ userData: 'u' });
    const callFromA = async (): Promise<unknown> => (await bench.control.call({ from: A, to: AX })).fee;
    expect(await callFromA()).toMatchObject({ ulFailReason: 8013, direction: 1 });
    const set = { privateNum: AX, calleeNum: B };
    expect(await bench.code('ax', 'PUT', PATHS.callee, { ...set, calleeNum: C })).toEqual([200, '0']);
    expect(await bench.code('ax', 'PUT', PATHS.callee, { ...set, userData: 'v' })).toEqual([200, '0']);
    expect(await callFromA()).toMatchObject({
      ulFailReason: 0,
      direction: 1,
      fwdDstNum: B,
      serviceType: '003',
      userData: 'v',
    });
    expect(await callFromA()).toMatchObject({ ulFailReason: 8013 });
    await bench.send('ax', 'PUT', PATHS.callee, set);
    bench.pass(60);
    expect(await callFromA()).toMatchObject({ ulFailReason: 8013 });
    await bench.send('ax', 'PUT', PATHS.callee, { ...set, duration: 120 });
    bench.pass(119);
    expect(await callFromA()).toMatchObject({ ulFailReason: 0 });
  });

  it.each<[string, object, string, number]>([
    ['others reach A', {}, B, 0],
    ['only A may call', { callDirection: 1 }, B, 8016],
    ['only others may call', { callDirection: 2 }, A, 8016],
    ['X switched off', { turnFlag: 'off' }, B, 8104],
  ])('%s', async (_name, more, from, code) => {
    expect((await (await bound(more)).control.call({ from, to: AX })).fee).toMatchObject({ ulFailReason: code });
  });

  it('without a binding has no permission', async () => {
    expect((await new Bench().control.call({ from: A, to: AX })).fee).toMatchObject({
      ulFailReason: 8018,
      direction: 2,
      subscriptionId: '',
    });
  });
});

describe('a call of AXE', () => {
  it('reaches A by the extension, and A calls back', async () => {
    const bench = new Bench();
    const body = {
      bindNum: A,
      virtualNum: AXE,
      extendNum: '1234',
      timeUnit: '1',
      bindExpiredTime: 60,
      callbackExpiredTime: 10,
    };
    await bench.send('axe', 'POST', PATHS.axe, body);
    const cdr = async (from: string, digits?: string): Promise<unknown> =>
      (await bench.control.call({ from, to: AXE, digits })).fee;
    expect(await cdr(A)).toMatchObject({ ulFailReason: 8019, direction: 1 });
    expect(await cdr(B)).toMatchObject({ ulFailReason: 8033, direction: 2 });
    expect(await cdr(B, '9999')).toMatchObject({ ulFailReason: 8022, direction: 2 });
    const reached = await bench.control.call({ from: B, to: AXE, digits: '1234' });
    expect(names(reached.events)).toBe('callin collectInfo callout alerting answer disconnect');
    expect(reached.events[0]!.statusInfo).not.toHaveProperty('subscriptionId');
    expect(Object.keys(reached.events[1]!.statusInfo)).toEqual(['sessionId', 'timestamp', 'digitInfo']);
    expect(reached.sessionId).toMatch(/^1202_/);
    expect(reached.fee).toMatchObject({ direction: 0, fwdDstNum: A, extendNum: '1234' });
    expect(await cdr(A)).toMatchObject({ direction: 1, fwdDstNum: B, extendNum: '1234' });
    bench.pass(600);
    expect(await cdr(A)).toMatchObject({ ulFailReason: 8019 });
    await bench.send('axe', 'PUT', PATHS.axe, { virtualNum: AXE, extendNum: '1234', callbackNum: C });
    expect(await cdr(A)).toMatchObject({ ulFailReason: 0, fwdDstNum: C });
  });
});

describe('a call of AXYB', () => {
  it('goes through Y to A, and through X to B', async () => {
    const bench = new Bench();
    const path = `${PATHS.axyb}?app_key=sandbox-axyb-key`;
    const { relationNumber: x } = (await bench.send('axyb', 'POST', path, { origNum: A, areaCode: '0755' })).json;
    const fromB = (await bench.control.call({ from: B, to: x })).fee!;
    const y = '+8617000000402';
    expect(fromB).toMatchObject({ direction: 0, calleeNum: x, fwdDisplayNum: y, fwdDstNum: A, serviceType: '007' });
    const fromA = (await bench.control.call({ from: A, to: y })).fee!;
    expect(fromA).toMatchObject({ direction: 1, bindNum: x, calleeNum: y, fwdDisplayNum: x, fwdDstNum: B });
    expect((await bench.control.call({ from: A, to: x })).fee).toMatchObject({ ulFailReason: 8032 });
    expect((await bench.control.call({ from: B, to: y })).fee).toMatchObject({ ulFailReason: 8032 });
    expect((await bench.control.call({ from: C, to: y })).fee).toMatchObject({ ulFailReason: 8030 });
  });
});

describe('a call of X mode', () => {
  const connect = { calleeNum: B, maxDuration: 60, recordFlag: 'true', userData: 'u1' };

  it.each<[string, unknown, object]>([
    [
      'connect',
      { operation: 'connect', connectInfo: connect },
      { ulFailReason: 0, fwdDstNum: B, userData: 'u1', recordFlag: 1 },
    ],
    ['connect in an array', { operation: 'connect', connectInfo: [connect] }, { ulFailReason: 0, fwdDstNum: B }],
    [
      'close',
      { operation: 'close', closeInfo: { userData: 'u2' } },
      { ulFailReason: 8017, fwdDstNum: '', userData: 'u2' },
    ],
    [
      'maxDuration 7200',
      { operation: 'connect', connectInfo: { ...connect, maxDuration: 7200 } },
      { ulFailReason: 8014 },
    ],
    ['a bad number', { operation: 'connect', connectInfo: { calleeNum: '138' } }, { ulFailReason: 8014 }],
    [
      'another X shown',
      { operation: 'connect', connectInfo: { ...connect, displayCalleeNum: AXB } },
      { ulFailReason: 8014 },
    ],
    ['nothing', '', { ulFailReason: 8014 }],
  ])('asks, and does what the answer says: %s', async (_name, answer, expected) => {
    const bench = new Bench();
    await bench.control.applications({ mode: 'x', push: { event: 'http://customer.invalid/status' } });
    bench.answer = { status: 200, body: answer === '' ? '' : JSON.stringify(answer) };
    const { fee, events, sessionId } = await bench.control.call({ from: A, to: X, talkSeconds: 10 });
    expect(fee).toMatchObject({ ...expected, notifyMode: 'Block', serviceType: '004', calleeNum: X });
    expect(JSON.parse(bench.sent[0]!.body)).toEqual({
      eventType: 'callin',
      statusInfo: {
        sessionId,
        timestamp: events[0]!.statusInfo.timestamp,
        caller: '+86138****0001',
        called: X,
        notifyMode: 'Block',
      },
    });
    await bench.core.deliverDue();
    const kinds = bench.sent.slice(1).map(({ body }): unknown => JSON.parse(body).eventType);
    expect(kinds).not.toContain('callin');
    expect(kinds).toContain('disconnect');
  });

  it('fails when nobody can be asked', async () => {
    expect((await new Bench().control.call({ from: A, to: X })).fee).toMatchObject({ ulFailReason: 8014 });
  });
});

it('names what a call cannot be', async () => {
  const { control } = new Bench();
  await expect(control.call({ from: A, to: '+8617000000999' })).rejects.toMatchObject({ code: 'number-not-found' });
  await expect(control.call({ from: '12', to: AXB })).rejects.toMatchObject({ code: 'flag-invalid' });
  await expect(control.call({ from: A, to: AXB, talkSeconds: 0.5 })).rejects.toMatchObject({ code: 'flag-invalid' });
});
