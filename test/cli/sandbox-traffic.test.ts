import { randomInt } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/errors.js';
import { verifySignature } from '../../src/platform/signing.js';
import { readTrafficRecording } from '../../src/sandbox/traffic/traffic-recording.js';
import { openWorld, type Outcome } from '../helpers/world.js';
import { startReceiver } from '../unit/sandbox/client.js';

const SEED = process.env.PRIVACY_CALL_SEED ?? String(randomInt(2 ** 31));
const ORDER = ['callin', 'collectInfo', 'callout', 'alerting', 'answer', 'disconnect'];
const MODES = ['ax', 'axb', 'axe', 'axyb', 'x'] as const;

type Fee = Readonly<Record<string, string>> & { readonly direction: unknown };

/** A push of any kind. */
interface Body {
  readonly eventType?: string;
  readonly statusInfo?: { readonly sessionId: string; readonly notifyMode?: string };
  readonly feeLst?: readonly Fee[];
}

type Summary = Readonly<Record<string, number>>;

async function receiver(answer?: (body: Body) => { status: number; body?: string }) {
  const server = await startReceiver(answer);
  onTestFinished(() => server.close());
  return server;
}

function traffic(url: string, ...more: string[]): string[] {
  return ['sandbox', 'traffic', '--push', url, '--rate', '100/s', '--for', '400ms', '--seed', SEED, '--json', ...more];
}

function bodiesOf(server: Awaited<ReturnType<typeof startReceiver>>): Body[] {
  return server.received.map(({ body }) => body as Body);
}

function feesOf(bodies: readonly Body[]): Fee[] {
  return bodies.flatMap(({ feeLst }) => feeLst ?? []);
}

function summaryOf({ json }: Outcome): Required<Summary> {
  return (json as { item: Summary }).item;
}

const routed = { operation: 'connect', connectInfo: { calleeNum: '+8613800000002', recordFlag: 'true' } };

describe('sandbox traffic', () => {
  it.each(MODES)(`makes whole, signed calls of %s (seed ${SEED})`, async (mode) => {
    const server = await receiver((body) => ({
      status: 200,
      body: body.statusInfo?.notifyMode === 'Block' ? JSON.stringify(routed) : '',
    }));
    const world = await openWorld();
    const outcome = await world.cli(...traffic(server.url, '--mode', mode));
    const bodies = bodiesOf(server);
    const fees = feesOf(bodies);
    const item = summaryOf(outcome);
    expect([outcome.code, outcome.stderr]).toEqual([0, `seed ${SEED}\n`]);
    expect(item).toMatchObject({ mode, seed: Number(SEED), cdrs: item.calls, waiting: 0, givenUp: 0, retried: 0 });
    // How many of the 40 are made is up to the machine, which may be busy; sums of milliseconds may make it 41.
    expect(item.calls).toBeGreaterThan(0);
    expect(item.calls).toBeLessThanOrEqual(41);
    expect(item.answered).toBe(item.pushes);
    expect(server.received).toHaveLength((item.pushes ?? 0) + (item.questions ?? 0));
    expect(item.answeredCalls).toBe(fees.filter(({ fwdAnswerTime }) => fwdAnswerTime !== '').length);
    expect(item.recordings).toBe(fees.filter(({ recordObjectName }) => recordObjectName !== '').length);

    for (const { headers } of server.received) {
      const secretOf = (key: string): string | undefined =>
        key === `sandbox-${mode}-key` ? `sandbox-${mode}-secret` : undefined;
      expect(verifySignature(headers as Record<string, string>, secretOf)).toMatchObject({ ok: true });
    }
    const sessions = fees.map(({ sessionId }) => sessionId);
    expect(new Set(sessions).size).toBe(item.calls);
    const batches = bodies.flatMap(({ feeLst }) => (feeLst === undefined ? [] : [feeLst.length]));
    expect(batches.length).toBeLessThan(Math.max(2, fees.length));
    expect(Math.max(...batches)).toBeLessThanOrEqual(50);
    for (const { sessionId: session, direction } of fees) {
      const events = bodies.filter(({ statusInfo }) => statusInfo?.sessionId === session);
      const places = events.map(({ eventType }) => ORDER.indexOf(eventType ?? ''));
      expect(places).toEqual([...places].sort((one, other) => one - other));
      // X mode does not ask about a caller whom it refuses anyway.
      expect([places[0], places.at(-1)]).toEqual([mode === 'x' && direction === 2 ? 5 : 0, 5]);
    }
    for (const { recordObjectName = '', appKey = '', fwdAnswerTime, callEndTime } of fees) {
      if (recordObjectName === '') continue;
      const seconds = (Date.parse(`${callEndTime}Z`) - Date.parse(`${fwdAnswerTime}Z`)) / 1000;
      expect(readTrafficRecording(recordObjectName, [appKey])).toMatchObject({ seconds, appKey });
      expect(readTrafficRecording(recordObjectName, ['other'])).toBeUndefined();
    }
  });

  it(`makes the same calls of the same seed, under other names (seed ${SEED})`, async () => {
    const runs = [];
    for (let run = 0; run < 2; run += 1) {
      const server = await receiver();
      const world = await openWorld();
      world.advance(run * 1000);
      await world.cli(...traffic(server.url, '--mode', 'axe'));
      runs.push(feesOf(bodiesOf(server)));
    }
    const same = ({ callerNum, calleeNum, ulFailReason, subscriptionId, extendNum }: Fee): string =>
      [callerNum, calleeNum, ulFailReason, subscriptionId, extendNum].join(' ');
    const count = Math.min(...runs.map(({ length }) => length));
    const [one = [], other = []] = runs;
    expect(one.slice(0, count).map(same)).toEqual(other.slice(0, count).map(same));
    const names = runs.flat().map(({ sessionId }) => sessionId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('uses the bindings that are there, and leaves the sandbox as it was', async () => {
    const server = await receiver();
    const world = await openWorld();
    const bind = ['bind', '--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
    const bound = await world.cli('-p', 'sandbox', ...bind, '--json');
    // Every second call is one of a binding, with this seed the first one: the others may not come in time.
    await world.cli(...traffic(server.url, '--rate', '1/s', '--seed', '1'));
    const ids = feesOf(bodiesOf(server)).map(({ subscriptionId }) => subscriptionId);
    expect(ids).toEqual([(bound.json as { item: { subscriptionId: string } }).item.subscriptionId]);
    const query = ['query', '--mode', 'axb', '-x', '17000000201', '--query', 'count'];
    expect((await world.cli('-p', 'sandbox', ...query)).stdout).toBe('1\n');
  });

  it('sends again what is not answered 200: three tries fail, the fourth is taken', async () => {
    const tries = new Map<string, number>();
    const server = await receiver((body) => {
      const key = JSON.stringify(body);
      tries.set(key, (tries.get(key) ?? 0) + 1);
      return { status: (tries.get(key) ?? 0) > 3 ? 200 : 503 };
    });
    const world = await openWorld();
    const outcome = await world.cli(
      ...traffic(server.url, '--rate', '25/s', '--time-scale', '6000x', '--drain', '30s'),
    );
    const item = summaryOf(outcome);
    const pushes = item.pushes ?? 0;
    expect(item).toMatchObject({
      answered: pushes,
      retried: 3 * pushes,
      sent: 4 * pushes,
      waiting: 0,
      givenUp: 0,
    });
    expect(new Set(tries.values())).toEqual(new Set([4]));
  });

  it('gives up after the last try', async () => {
    const server = await receiver(() => ({ status: 500 }));
    const world = await openWorld();
    const flags = ['--rate', '25/s', '--time-scale', '60000x', '--drain', '30s'];
    const outcome = await world.cli(...traffic(server.url, ...flags));
    const item = summaryOf(outcome);
    const pushes = item.pushes ?? 0;
    expect(outcome.code).toBe(0);
    expect(item).toMatchObject({ answered: 0, givenUp: pushes, sent: 7 * pushes, waiting: 0 });
  });

  it('says how many pushes still wait, and that nobody answers', async () => {
    const server = await receiver();
    await server.close();
    const world = await openWorld();
    const outcome = await world.cli(...traffic(server.url, '--rate', '25/s'));
    const item = summaryOf(outcome);
    expect(item).toMatchObject({ answered: 0, givenUp: 0, waiting: item.pushes });
    expect((outcome.json as { warnings: string[] }).warnings).toContain('nobody answered a single push');
  });

  it('says when the rate was not reached', async () => {
    const server = await receiver();
    const world = await openWorld();
    const none = await world.cli(...traffic(server.url, '--for', '0'));
    expect(none.error).toMatchObject({ code: 'flag-invalid', message: '--for 0: must not be 0' });
    const outcome = await world.cli(...traffic(server.url, '--rate', '1000000/s', '--concurrency', '2'));
    expect(summaryOf(outcome).rateReached).toBeLessThan(900_000);
    expect((outcome.json as { warnings: string[] }).warnings[0]).toContain('calls a second instead of 1000000');
  });

  it('pushes twice under the fault push-twice', async () => {
    const server = await receiver();
    const world = await openWorld();
    await world.cli('sandbox', 'fault', 'push-twice');
    const outcome = await world.cli(...traffic(server.url));
    const item = summaryOf(outcome);
    const pushes = item.pushes ?? 0;
    expect(item).toMatchObject({ sent: 2 * pushes, copies: pushes, answered: pushes });
    expect(server.received).toHaveLength(2 * pushes);
  });

  it('ends with its summary when it is stopped', async () => {
    const stopping = new AbortController();
    const server = await receiver(() => {
      stopping.abort(new AppError('interrupted', 'stopped by Ctrl-C'));
      return { status: 200 };
    });
    const world = await openWorld();
    const stopped = await world.run(traffic(server.url, '--for', '1h'), { signal: stopping.signal });
    expect(stopped.code).toBe(130);
    const { pushes, answered = 0, waiting = 0 } = summaryOf(stopped);
    expect(answered).toBeGreaterThan(0);
    expect(waiting + answered).toBe(pushes);
  });

  it.each([
    [[], 'flag-missing', 2],
    [['--push', 'http://127.0.0.1:1/', '--rate', '0'], 'flag-invalid', 2],
    [['--push', 'http://127.0.0.1:1/', '--mode', 'ay'], 'flag-invalid', 2],
    [['--push', 'http://127.0.0.1:1/', '--time-scale', 'fast'], 'flag-invalid', 2],
  ])('refuses %j', async (flags, code, exitCode) => {
    const world = await openWorld();
    expect((await world.cli('sandbox', 'traffic', ...flags, '--json')).error).toMatchObject({ code, exitCode });
  });

  it('has nobody to call where every X is out of use', async () => {
    const world = await openWorld();
    for (let index = 501; index <= 512; index += 1) {
      await world.cli('sandbox', 'number', `17000000${index}`, '--status', '9');
    }
    const refused = await world.cli('sandbox', 'traffic', '--mode', 'x', '--push', 'http://127.0.0.1:1/', '--json');
    expect(refused.error).toMatchObject({ code: 'number-not-found', exitCode: 5 });
  });
});
