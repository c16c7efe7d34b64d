import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld, type World } from '../helpers/world.js';
import { startReceiver } from '../unit/sandbox/client.js';

const P = ['-p', 'sandbox'];
const A = '13800000001';
const B = '13800000002';

interface Body {
  readonly eventType?: string;
  readonly feeLst?: readonly unknown[];
  readonly statusInfo?: { readonly notifyMode?: string };
  readonly smsEvent?: { readonly notificationMode: string };
}

async function receiver(answer?: (body: Body) => { status: number; body?: string }) {
  const server = await startReceiver(answer);
  onTestFinished(() => server.close());
  return { ...server, bodies: () => server.received.map(({ body }) => body as Body) };
}

/** A server that answers everything but questions. */
async function silentServer(): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    let text = '';
    incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    incoming.on('end', () => {
      if (!/"callin"|"notificationMode":"Block"/.test(text)) outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** `--query` of a command that must go well. */
async function ask(world: World, query: string, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await world.cli(...argv, '--query', query);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.trim();
}

const cause = (world: World, ...flags: string[]): Promise<string> =>
  ask(world, 'item.raw.ulFailReason', 'sandbox', 'call', ...flags);
const smsResult = (world: World, ...flags: string[]): Promise<string> =>
  ask(world, 'item.result.code', 'sandbox', 'sms', ...flags);

describe('pushes of the sandbox', () => {
  it('reach a receiver that fails three times on the fourth try, by the timetable', async () => {
    const tries = new Map<string, number[]>();
    let done: () => void = () => undefined;
    const allTaken = new Promise<void>((resolve) => (done = resolve));
    const server = await receiver((body) => {
      const times = tries.get(JSON.stringify(body)) ?? [];
      tries.set(JSON.stringify(body), [...times, performance.now()]);
      if (times.length < 3) return { status: 503 };
      if (tries.size === 3 && [...tries.values()].every(({ length }) => length === 4)) done();
      return { status: 200 };
    });
    const world = await openWorld();
    // A minute is 100 ms.
    await startCommand(world, ['sandbox', 'start', '--push', server.url, '--time-scale', '600x'], {
      now: () => new Date(),
    });
    const start = performance.now();
    await world.cli('sandbox', 'call', '--from', A, '--to', '17000000201');
    await allTaken;
    expect([...tries.values()].map(({ length }) => length)).toEqual([4, 4, 4]);
    for (const [, second = 0, third = 0, fourth = 0] of tries.values()) {
      // The host's clock counts whole milliseconds.
      expect(second - start).toBeGreaterThanOrEqual(99);
      expect(third - start).toBeGreaterThanOrEqual(399);
      expect(fourth - start).toBeGreaterThanOrEqual(899);
    }
  });

  it('are tried again when the clock of the sandbox moves on', async () => {
    let status = 500;
    const server = await receiver(() => ({ status }));
    const world = await openWorld();
    const call = ['sandbox', 'call', '--from', A, '--to', '17000000201', '--push-cdr', server.url];
    expect(await ask(world, 'item.pushes[0].state', ...call)).toBe('waiting');
    status = 200;
    await world.cli('sandbox', 'clock', '--advance', '59s');
    expect(server.received).toHaveLength(1);
    await world.cli('sandbox', 'clock', '--advance', '1s');
    expect(server.received).toHaveLength(2);
  });

  it('hold up to 50 CDRs', async () => {
    const server = await receiver();
    const world = await openWorld();
    const call = ['sandbox', 'call', '--from', A, '--to', '17000000201', '--push', server.url];
    expect(await ask(world, 'count', ...call, '--count', '50')).toBe('50');
    const fees = server.bodies().flatMap(({ feeLst }) => (feeLst === undefined ? [] : [feeLst]));
    expect(fees.map(({ length }) => length)).toEqual([50]);
    expect(new Set(fees[0]?.map((fee) => (fee as { sessionId: string }).sessionId)).size).toBe(50);
    expect(server.received).toHaveLength(101);
    expect((await world.cli(...call, '--count', '51', '--json')).error).toMatchObject({ code: 'flag-invalid' });
  });

  it('come twice under the fault push-twice', async () => {
    const server = await receiver();
    const world = await openWorld();
    await world.cli('sandbox', 'fault', 'push-twice', '--count', '1');
    await world.cli('sandbox', 'call', '--from', A, '--to', '17000000201', '--push-event', server.url);
    expect(server.bodies().map(({ eventType }) => eventType)).toEqual(['callin', 'callin', 'disconnect']);
    expect((await world.cli('sandbox', 'fault', '--json')).json).toMatchObject({ count: 0 });
  });
});

describe('questions of the sandbox', () => {
  const connect = { operation: 'connect', connectInfo: { calleeNum: '+8613800000002' } };

  it.each([
    ['a right answer', connect, '0'],
    ['the end', { operation: 'close', closeInfo: {} }, '8017'],
    [
      'a wrong answer',
      { operation: 'connect', connectInfo: { calleeNum: '+8613800000002', maxDuration: 7200 } },
      '8014',
    ],
    ['another answer', { operation: 'transfer' }, '8014'],
  ])('decide the call: %s', async (_name, answer, expected) => {
    const server = await receiver(({ statusInfo }) => ({
      status: 200,
      body: statusInfo?.notifyMode === 'Block' ? JSON.stringify(answer) : '',
    }));
    const world = await openWorld();
    expect(await cause(world, '--from', A, '--to', '17000000501', '--push', server.url)).toBe(expected);
  });

  it('end the call with 8014 and discard the text when the answer is late', async () => {
    const url = await silentServer();
    const world = await openWorld();
    const call = ['--from', A, '--to', '17000000501', '--push', url, '--answer-wait', '50ms'];
    const start = performance.now();
    expect(await cause(world, ...call)).toBe('8014');
    expect(await smsResult(world, ...call)).toBe('7');
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it.each([
    ['forwards', { actions: [{ operation: 'vNumberRoute', message: { called: '+8613800000002' } }] }, '0'],
    ['discards', { actions: [{ operation: 'DiscardMessage' }] }, '6'],
    ['says nothing of use', { actions: [{ operation: 'drop' }] }, '7'],
  ])('about a text of A in AX: the answer %s', async (_name, answer, expected) => {
    const server = await receiver(({ smsEvent }) => ({
      status: 200,
      body: smsEvent?.notificationMode === 'Block' ? JSON.stringify(answer) : '',
    }));
    const world = await openWorld();
    await world.cli(...P, 'bind', '--mode', 'ax', '-a', A, '-x', '17000000101');
    const text = ['--from', A, '--to', '17000000101', '--push', server.url, '--text'];
    expect(await smsResult(world, ...text, 'hello')).toBe(expected);
    const modes = (): unknown[] => server.bodies().map(({ smsEvent }) => smsEvent?.notificationMode);
    expect(modes()).toEqual(['Block', 'Notify']);
    expect(await smsResult(world, ...text, `hello@${B}`)).toBe('0');
    expect(modes()).toEqual(['Block', 'Notify', 'Notify']);
  });
});

describe('rules of listen that look at the text', () => {
  it('decide once the pushes of the sandbox hold it', async () => {
    const world = await openWorld();
    const rule = { content: '订单', forward: { called: '+8613800000002' } };
    await world.write('rules.json', JSON.stringify({ sms: [rule] }));
    const { url } = await startCommand(world, ['listen', '--verify', 'off', '--answers', 'rules.json']);
    const text = ['--from', A, '--to', '17000000501', '--push', url, '--text', '我的订单到了吗'];
    expect(await smsResult(world, ...text)).toBe('6');
    expect(await smsResult(world, ...text, '--content', 'on')).toBe('0');
    expect(await smsResult(world, ...text)).toBe('0');
    expect(await smsResult(world, ...text, '--content', 'off')).toBe('6');
  });
});

describe('states of the sandbox', () => {
  it.each([
    ['5', 0, '0', '0'],
    ['9', 6, '8055', '3'],
    ['10', 6, '8055', '3'],
    ['11', 6, '0', '0'],
  ])('number state %s decides bind, call and text', async (status, bindCode, callCause, sms) => {
    const world = await openWorld();
    const bind = [...P, 'bind', '--mode', 'axb', '-a', A, '-b', B, '-x', '17000000201'];
    expect((await world.cli(...bind)).code).toBe(0);
    await world.cli('sandbox', 'number', '17000000201', '--status', status);
    const other = [...P, 'bind', '--mode', 'axb', '-a', '13800000003', '-b', '13800000004'];
    expect((await world.cli(...other, '-x', '17000000201')).code).toBe(bindCode);
    const chosen = await world.cli(...other, '--area', '0755', '--query', 'item.x', '--if-exists', 'skip');
    if (bindCode !== 0) expect(chosen.stdout.trim()).toBe('+8617000000202');
    expect(await cause(world, '--from', A, '--to', '17000000201')).toBe(callCause);
    expect(await smsResult(world, '--from', A, '--to', '17000000201')).toBe(sms);
  });

  it('arrears stop binds, calls, texts and recordings until they are cleared', async () => {
    const world = await openWorld();
    const bind = [...P, 'bind', '--mode', 'axb', '-a', A, '-b', B, '-x', '17000000201'];
    await world.cli('sandbox', 'fault', 'arrears');
    expect((await world.cli(...bind, '--json')).error).toMatchObject({ exitCode: 13, resultcode: '1010029' });
    expect(await cause(world, '--from', A, '--to', '17000000201')).toBe('7108');
    expect(await smsResult(world, '--from', A, '--to', '17000000201')).toBe('1');
    const path = '/rest/provision/voice/record/v1.0?fileName=a.wav&recordDomain=b';
    const address = await world.cli(...P, 'api', 'GET', path, '--mode', 'axb', '--json');
    expect(address.stdout + address.stderr).toContain('1012007');
    await world.cli('sandbox', 'fault', 'clear');
    expect((await world.cli(...bind)).code).toBe(0);
    expect(await cause(world, '--from', A, '--to', '17000000201')).toBe('0');
  });

  it.each([
    ['down', 8],
    ['flow-control', 7],
    ['5xx', 7],
    ['locked', 12],
  ])('the fault %s ends a command with %i', async (kind, code) => {
    const world = await openWorld();
    await world.cli('sandbox', 'fault', kind);
    const query = [...P, 'query', '--mode', 'axb', '-x', '17000000201', '--max-waits', '0'];
    expect((await world.cli(...query)).code).toBe(code);
    await world.cli('sandbox', 'fault', 'clear');
    expect((await world.cli(...query)).code).toBe(0);
  });

  it('the fault slow holds answers back', async () => {
    const world = await openWorld();
    await world.cli('sandbox', 'fault', 'slow', '--delay', '300ms', '--count', '1');
    const start = performance.now();
    expect((await world.cli(...P, 'query', '--mode', 'axb', '-x', '17000000201')).code).toBe(0);
    expect(performance.now() - start).toBeGreaterThanOrEqual(299);
  });
});

describe('calls of the sandbox', () => {
  it('reach A by the extension, and the last caller when A calls back (AXE)', async () => {
    const world = await openWorld();
    const x = ['--to', '17000000301'];
    await world.cli(...P, 'bind', '--mode', 'axe', '-a', A, '-x', '17000000301', '--ext', '1234');
    expect(await cause(world, '--from', A, ...x)).toBe('8019');
    expect(await cause(world, '--from', B, ...x)).toBe('8033');
    expect(await cause(world, '--from', B, ...x, '--digits', '4321')).toBe('8022');
    const reached = ['sandbox', 'call', '--from', B, ...x, '--digits', '1234'];
    expect(await ask(world, 'item.callee', ...reached)).toBe('+8613800000001');
    expect(await ask(world, 'item.callee', 'sandbox', 'call', '--from', A, ...x)).toBe('+8613800000002');
  });

  it('go through Y to A and through X to B (AXYB)', async () => {
    const world = await openWorld();
    const x = await ask(world, 'item.x', ...P, 'bind', '--mode', 'axyb', '-a', A, '--area', '0755');
    const y = await ask(world, 'item.raw.fwdDisplayNum', 'sandbox', 'call', '--from', B, '--to', x);
    expect(y).not.toBe(x);
    expect(await ask(world, 'item.callee', 'sandbox', 'call', '--from', A, '--to', y)).toBe('+8613800000002');
  });

  it.each(['8035', '7506', '7001', '8014', '522', 'timeout', 'too-often', 'before-extension'])(
    'end as told: --outcome %s',
    async (outcome) => {
      const world = await openWorld();
      await world.cli(...P, 'bind', '--mode', 'axb', '-a', A, '-b', B, '-x', '17000000201');
      const code = { timeout: '8035', 'too-often': '8047', 'before-extension': '7516' }[outcome] ?? outcome;
      expect(await cause(world, '--from', A, '--to', '17000000201', '--outcome', outcome)).toBe(code);
    },
  );

  it.each(['1', '99999', '', '8014x'])('refuse the outcome "%s"', async (outcome) => {
    const world = await openWorld();
    const call = ['sandbox', 'call', '--from', A, '--to', '17000000201', '--outcome', outcome, '--json'];
    expect((await world.cli(...call)).error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
  });
});
