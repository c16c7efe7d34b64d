import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../../src/platform/signing.js';
import { deliverByHttp } from '../../../src/sandbox/deliver.js';
import { countParts } from '../../../src/sandbox/send-sms.js';
import { Bench, PATHS, startReceiver } from './client.js';

const A = '+8613800000001';
const B = '+8613800000002';
const AXB = '+8617000000201';
const AX = '+8617000000101';
const X = '+8617000000501';
const HOOK = 'http://customer.invalid/hook';

async function boundAxb(push: object): Promise<Bench> {
  const bench = new Bench();
  await bench.control.applications({ mode: 'axb', push });
  await bench.send('axb', 'POST', PATHS.axb, { callerNum: A, relationNum: AXB, calleeNum: B });
  return bench;
}

describe('pushes', () => {
  it('come signed, in order, at the addresses of their kind', async () => {
    const bench = await boundAxb({ event: `${HOOK}/status`, cdr: `${HOOK}/fee` });
    const { sessionId } = await bench.control.call({ from: A, to: AXB });
    await bench.core.deliverDue();
    expect(bench.sent.map(({ url, body }) => `${url.slice(HOOK.length)} ${JSON.parse(body).eventType}`)).toEqual([
      '/status callin',
      '/status callout',
      '/status alerting',
      '/status answer',
      '/status disconnect',
      '/fee fee',
    ]);
    expect(JSON.parse(bench.sent[5]!.body).feeLst).toMatchObject([{ sessionId }]);
    for (const { headers } of bench.sent) {
      expect(headers['content-type']).toBe('application/json;charset=UTF-8');
      const verdict = verifySignature(headers, (key) => (key === 'sandbox-axb-key' ? 'sandbox-axb-secret' : undefined));
      expect(verdict).toMatchObject({ ok: true, signing: 'aksk', createdAt: bench.now });
    }
    expect(new Set(bench.sent.map(({ headers }) => headers['x-aksk'])).size).toBe(6);
  });

  it('are tried again after 1, 4, 9, 106, 203 and 300 minutes, then lost', async () => {
    const bench = await boundAxb({ cdr: HOOK });
    bench.answer = { status: 503, body: '' };
    await bench.control.call({ from: A, to: AXB });
    const start = bench.now.getTime();
    const tries: number[] = [];
    for (let minute = 0; minute <= 310; minute += 1) {
      bench.now = new Date(start + minute * 60_000);
      const before = bench.sent.length;
      await bench.core.deliverDue();
      if (bench.sent.length > before) tries.push(minute);
    }
    expect(tries).toEqual([0, 1, 4, 9, 106, 203, 300]);
    expect(await bench.control.pushes()).toMatchObject([{ state: 'lost', attempts: 7, lastAnswer: 'HTTP 503' }]);
  });

  it('hold 50 CDRs at most; those under way and those tried are not added to', async () => {
    const bench = await boundAxb({ cdr: HOOK });
    for (let index = 0; index < 51; index += 1) await bench.control.call({ from: A, to: AXB });
    bench.answer = { status: 503, body: '' };
    await bench.core.deliverDue();
    await bench.control.call({ from: A, to: AXB });
    await bench.core.deliverDue();
    const fees = bench.sent.map(({ body }) => (JSON.parse(body) as { feeLst: { sessionId: string }[] }).feeLst);
    expect(fees.map(({ length }) => length)).toEqual([50, 1, 1]);
    expect(new Set(fees.flat().map(({ sessionId }) => sessionId)).size).toBe(52);
  });

  it('are retried sooner on a shorter time scale, and at once when asked', async () => {
    const bench = await boundAxb({ cdr: HOOK });
    bench.answer = new Error('refused');
    await bench.control.pushes({ timeScale: 0.1 });
    await bench.control.call({ from: A, to: AXB });
    await bench.core.deliverDue();
    bench.pass(5);
    await bench.core.deliverDue();
    expect(bench.sent).toHaveLength(1);
    bench.pass(1);
    await bench.core.deliverDue();
    expect(bench.sent).toHaveLength(2);
    bench.answer = { status: 200, body: '' };
    await bench.control.pushes({ retry: true });
    await bench.core.deliverDue();
    expect(await bench.control.pushes()).toMatchObject([{ state: 'delivered', attempts: 3, lastAnswer: 'HTTP 200' }]);
  });

  it('do not wait for a silent address more than once a round', async () => {
    const bench = await boundAxb({ event: HOOK });
    bench.answer = new Error('silent');
    await bench.control.call({ from: A, to: AXB });
    await bench.core.deliverDue();
    expect(bench.sent).toHaveLength(1);
    expect((await bench.control.pushes()).map(({ attempts, lastAnswer }) => `${attempts} ${lastAnswer}`)).toEqual(
      Array<string>(5).fill('1 silent'),
    );
  });

  it('go to nobody without an address', async () => {
    const bench = await boundAxb({});
    await bench.control.call({ from: A, to: AXB });
    expect(await bench.control.pushes()).toEqual([]);
  });

  it('tell the state of a number by its own address, else by that of events', async () => {
    const bench = await boundAxb({ event: HOOK });
    await bench.control.number({ x: AXB, status: '10', cause: '2' });
    await bench.control.number({ x: AXB, status: '10', cause: '2' });
    await bench.control.applications({ mode: 'axb', push: { number: `${HOOK}/number` } });
    await bench.control.number({ x: AXB, status: '5' });
    await bench.core.deliverDue();
    expect(bench.sent.map(({ url, body }) => [url, body])).toEqual([
      [HOOK, `{"eventType":"numStatus","numInfo":[{"number":"${AXB}","status":"10","cause":"2"}]}`],
      [`${HOOK}/number`, `{"eventType":"numStatus","numInfo":[{"number":"${AXB}","status":"5"}]}`],
    ]);
  });

  it('reach a real server', async () => {
    const receiver = await startReceiver(() => ({ status: 200, body: 'ok' }));
    try {
      const headers = { 'content-type': 'application/json;charset=UTF-8' };
      const delivery = { url: `${receiver.url}/fee`, headers, body: '{"文":1}', timeoutMs: 10_000 };
      expect(await deliverByHttp(delivery)).toEqual({ status: 200, body: 'ok' });
      expect(receiver.received).toMatchObject([{ path: '/fee', body: { 文: 1 }, headers: { 'content-length': '9' } }]);
    } finally {
      await receiver.close();
    }
    const gone = { url: receiver.url, headers: {}, body: '{}', timeoutMs: 10_000 };
    await expect(deliverByHttp(gone)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('texts', () => {
  interface SmsEvent {
    readonly called?: string;
    readonly extInfo: { readonly extParas: readonly { readonly value: string }[] };
  }
  const eventOf = (notice: Readonly<Record<string, unknown>>): SmsEvent => notice.smsEvent as SmsEvent;
  const direction = (notice: Readonly<Record<string, unknown>>): string => eventOf(notice).extInfo.extParas[1]!.value;

  it('of AXB reach the other side and give one notice', async () => {
    const bench = await boundAxb({ sms: HOOK });
    const { sendResult, notice } = await bench.control.sms({ from: B, to: AXB, content: 'hello' });
    const subscriptionId = bench.core.state.axb[0]!.id;
    expect(sendResult).toBe(0);
    expect(notice).toEqual({
      appKey: 'sandbox-axb-key',
      smsEvent: {
        smsIdentifier: expect.stringMatching(/^[0-9a-f]{32}$/),
        notificationMode: 'Notify',
        calling: B,
        called: A,
        virtualNumber: AXB,
        event: 'Text SMS ',
        timeStamp: '2026-11-22T08:00:00.000Z',
        subscriptionId,
        extInfo: {
          extParas: [
            { key: 'splitNum', value: '1' },
            { key: 'direction', value: '0' },
          ],
        },
        sendResult: 0,
      },
    });
    await bench.core.deliverDue();
    expect(bench.sent.map(({ body }): unknown => JSON.parse(body))).toEqual([notice]);
  });

  it('fail for a stranger, a suspended X and an X without SMS', async () => {
    const bench = await boundAxb({});
    const stranger = await bench.control.sms({ from: '+8613800000009', to: AXB, content: 'a' });
    expect([stranger.sendResult, direction(stranger.notice)]).toEqual([2, '2']);
    await bench.control.number({ x: AXB, sms: false });
    expect((await bench.control.sms({ from: A, to: AXB, content: 'a' })).sendResult).toBe(11);
    await bench.control.number({ x: AXB, status: '9' });
    expect((await bench.control.sms({ from: A, to: AXB, content: 'a' })).sendResult).toBe(3);
    await expect(bench.control.sms({ from: A, to: '+8617000000301', content: 'a' })).rejects.toMatchObject({
      code: 'feature-not-enabled',
    });
  });

  const route = { operation: 'vNumberRoute', message: { called: B, calling: A } };

  it.each([
    { name: '@number at the end', content: 'hi@13800000002', answer: {}, sendResult: 0, called: B, asked: 0 },
    {
      name: 'forwarded by the answer',
      content: 'hi',
      answer: { actions: [route] },
      sendResult: 0,
      called: B,
      asked: 1,
    },
    { name: 'a plain object', content: 'hi', answer: { actions: route }, sendResult: 0, called: B, asked: 1 },
    {
      name: 'discarded',
      content: 'hi',
      answer: { actions: [{ operation: 'DiscardMessage' }] },
      sendResult: 6,
      asked: 1,
    },
    { name: 'no usable answer', content: 'hi', answer: {}, sendResult: 7, asked: 1 },
  ])('of A in AX: $name', async ({ content, answer, sendResult, called, asked }) => {
    const bench = new Bench();
    await bench.control.applications({ mode: 'ax', push: { smsBlock: `${HOOK}/block` }, smsContent: true });
    await bench.send('ax', 'POST', PATHS.ax, { origNum: A, privateNum: AX });
    bench.answer = { status: 200, body: JSON.stringify(answer) };
    const { notice, ...result } = await bench.control.sms({ from: A, to: AX, content });
    expect(result.sendResult).toBe(sendResult);
    expect(eventOf(notice)).toMatchObject({ calling: A, virtualNumber: AX, smsContent: content });
    expect(eventOf(notice).called).toBe(called);
    expect(direction(notice)).toBe('1');
    expect(bench.sent).toHaveLength(asked);
    if (asked > 0) {
      expect(JSON.parse(bench.sent[0]!.body).smsEvent).toMatchObject({
        notificationMode: 'Block',
        sendResult: 0,
        event: 'TextSMS',
      });
    }
  });

  it('of X mode are always asked about', async () => {
    const bench = new Bench();
    expect((await bench.control.sms({ from: A, to: X, content: 'hi@13800000002' })).sendResult).toBe(7);
  });

  it.each([
    ['a'.repeat(70), 1],
    ['a'.repeat(71), 2],
    ['a'.repeat(134), 2],
    ['a'.repeat(135), 3],
  ])('are split by 70, or 67 each', (content, parts) => {
    expect(countParts(content)).toBe(parts);
  });
});

describe('faults', () => {
  const query = `${PATHS.axb}?relationNum=${encodeURIComponent(AXB)}`;

  it('hit as often as told, and only the path told', async () => {
    const bench = new Bench();
    await bench.control.fault({ kind: '5xx', count: 2, path: 'relationnumber' });
    expect(await bench.code('ax', 'GET', `${PATHS.ax}?subscriptionId=a`)).toEqual([403, '1016001']);
    expect(await bench.code('axb', 'GET', query)).toEqual([500, '1023001']);
    expect(await bench.code('axb', 'GET', query)).toEqual([500, '1023001']);
    expect(await bench.code('axb', 'GET', query)).toEqual([200, '0']);
  });

  it.each([
    ['flow-control', [403, '1010010']],
    ['locked', [403, '1020176']],
  ] as const)('%s', async (kind, expected) => {
    const bench = new Bench();
    await bench.control.fault({ kind });
    expect(await bench.code('axb', 'GET', query)).toEqual(expected);
    await bench.control.clearFaults();
    expect(await bench.code('axb', 'GET', query)).toEqual([200, '0']);
  });

  it('break the connection before or after the platform acted', async () => {
    const bench = new Bench();
    const body = { callerNum: A, relationNum: AXB, calleeNum: B };
    await bench.control.fault({ kind: 'down', count: 1 });
    expect((await bench.send('axb', 'POST', PATHS.axb, body)).response.fault).toBe('reset-before');
    expect(bench.core.state.axb).toHaveLength(0);
    await bench.control.fault({ kind: 'lost-answer', count: 1 });
    expect((await bench.send('axb', 'POST', PATHS.axb, body)).response.fault).toBe('reset-after');
    expect(bench.core.state.axb).toHaveLength(1);
  });

  it('hold an answer back, or cut it', async () => {
    const bench = new Bench();
    await bench.control.fault({ kind: 'slow', count: 1, delayMs: 250 });
    expect((await bench.send('axb', 'GET', query)).response.delayMs).toBe(250);
    await bench.control.fault({ kind: 'cut', count: 1 });
    await expect(bench.send('axb', 'GET', query)).rejects.toMatchObject({ code: 'network-interrupted' });
  });

  it('hit a share of the requests, the same ones for the same seed', async () => {
    const run = async (): Promise<string> => {
      const bench = new Bench(3);
      await bench.control.fault({ kind: '5xx', share: 0.2 });
      let hits = '';
      for (let index = 0; index < 100; index += 1)
        hits += (await bench.send('axb', 'GET', query)).status === 500 ? 'x' : '.';
      return hits;
    };
    const hits = await run();
    expect(hits.replaceAll('.', '').length).toBeGreaterThan(8);
    expect(hits.replaceAll('.', '').length).toBeLessThan(35);
    expect(await run()).toBe(hits);
  });

  it('must be of a known kind', async () => {
    await expect(new Bench().control.fault({ kind: 'rain' as 'slow' })).rejects.toMatchObject({ code: 'flag-invalid' });
  });
});
