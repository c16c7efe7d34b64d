import { describe, expect, it } from 'vitest';
import { type Ended, errorOf, type Json, makeWorld, type RunningServer, until, type World } from '../helpers/bin.js';

/** A platform that fails, over real HTTP: what the commands say, how they end, and what the ledger holds. */

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8617000000201';
const BIND = ['bind', '-a', A, '-b', B, '-x', X, '--json'];
const QUERY = ['query', '-x', X, '--json'];

interface Bench {
  readonly shop: World;
  readonly sandbox: RunningServer;
  /** Sets a fault: `lost-answer --count 1`. */
  fault(...words: string[]): Promise<void>;
  /** Bindings at the sandbox itself. */
  atPlatform(): Promise<Json[]>;
  /** Lines of the ledger, whatever their state. */
  inLedger(): Promise<Json[]>;
  /** Methods of the requests that the platform has got. */
  requests(): Promise<string[]>;
}

async function makeBench(): Promise<Bench> {
  const host = await makeWorld();
  const shop = await makeWorld();
  const sandbox = await host.serve(['sandbox', 'start', '--port', '0', '-o', 'ndjson']);
  await shop.login(sandbox.url);
  let marks = 0;
  return {
    shop,
    sandbox,
    fault: async (kind, ...flags) => {
      await host.json(['sandbox', 'fault', kind, ...flags, '--json']);
    },
    atPlatform: async () => {
      await host.json(['sandbox', 'fault', 'clear', '--json']);
      return (await host.json(['-p', 'sandbox', 'query', '--mode', 'axb', '-x', X, '--json'])).items as Json[];
    },
    inLedger: async () => (await shop.json(['bindings', 'list', '--state', 'all', '--json'])).items as Json[],
    requests: async () => {
      // The log is written behind the answers: a request of our own at its end tells that all before it is there.
      marks += 1;
      await host.json(['sandbox', 'clock', '--json']);
      await until(() => sandbox.stdout().split('/_sandbox/clock').length > marks);
      return [...sandbox.stdout().matchAll(/"text":"(GET|POST|PUT|DELETE) \/rest/g)].map(([, method]) => method!);
    },
  };
}

const outcome = (ended: Ended): [number | null, string] => [ended.code, errorOf(ended).code as string];

describe('a bind whose answer is lost', () => {
  it.each([
    ['lost-answer', '--count', '1'],
    ['cut', '--count', '1'],
    ['slow', '--count', '1', '--delay', '10m'],
  ])('by %s, is found by a query: one binding there, one in the ledger, one request to bind', async (...fault) => {
    const { shop, ...bench } = await makeBench();
    await bench.fault(...fault);
    const bound = await shop.json([...BIND, '--timeout', '2s']);
    expect(bound.item).toMatchObject({ a: A, b: B, x: X });
    expect(bound.warnings).toEqual(['the answer was lost; a query found that the platform had bound']);
    expect((await bench.requests()).filter((method) => method === 'POST')).toHaveLength(fault[0] === 'slow' ? 0 : 1);
    const there = await bench.atPlatform();
    expect(there.map(({ subscriptionId }) => subscriptionId as string)).toEqual([bound.item.subscriptionId]);
    expect(await bench.inLedger()).toMatchObject([
      { subscriptionId: bound.item.subscriptionId, state: 'active', note: 'the answer was lost; found by a query' },
    ]);
  });

  it('and cannot be asked for (no X), is in doubt: said so, and in the ledger', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('lost-answer', '--count', '1');
    const ended = await shop.run(['bind', '-a', A, '-b', B, '--json']);
    expect([...outcome(ended), ended.stdout]).toEqual([8, 'outcome-unknown', '']);
    expect(errorOf(ended).hint).toMatch(/query -x X -a A -b B/);
    expect(await bench.inLedger()).toMatchObject([{ a: A, b: B, state: 'in-doubt' }]);
    expect(await bench.atPlatform()).toHaveLength(1);
  });

  it('and the query fails too, is in doubt', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('lost-answer');
    const ended = await shop.run(BIND);
    expect(outcome(ended)).toEqual([8, 'outcome-unknown']);
    expect(ended.stderr).not.toContain(A);
    expect(await bench.inLedger()).toMatchObject([{ x: X, state: 'in-doubt' }]);
    expect(await bench.atPlatform()).toHaveLength(1);
  });

  it('although nothing was done, is told so and may be sent again', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('down', '--count', '1');
    const ended = await shop.run(BIND);
    expect(outcome(ended)).toEqual([8, 'network-interrupted']);
    expect(errorOf(ended)).toMatchObject({
      message: expect.stringContaining('nothing was bound'),
      hint: 'It may be sent again.',
    });
    expect(await bench.inLedger()).toEqual([]);
    expect((await shop.run(BIND)).code).toBe(0);
    expect(await bench.atPlatform()).toHaveLength(1);
  });
});

describe('a platform that refuses', () => {
  it('5xx: a bind is not repeated; nothing was bound', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('5xx', '--count', '1');
    const ended = await shop.run(BIND);
    expect(outcome(ended)).toEqual([7, 'platform-failure']);
    expect(errorOf(ended)).toMatchObject({ httpStatus: 500, resultcode: '1023001' });
    expect(await bench.requests()).toEqual(['POST', 'GET']);
    expect([await bench.inLedger(), await bench.atPlatform()]).toEqual([[], []]);
  });

  it('5xx for good: a bind that nobody can ask for is in doubt, and not repeated', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('5xx-after');
    const ended = await shop.run(BIND);
    expect(outcome(ended)).toEqual([8, 'outcome-unknown']);
    expect((await bench.requests()).filter((method) => method === 'POST')).toHaveLength(1);
    expect(await bench.inLedger()).toMatchObject([{ x: X, state: 'in-doubt' }]);
    expect(await bench.atPlatform()).toHaveLength(1);
  });

  it('5xx twice: a question is repeated until it is answered', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('5xx', '--count', '2');
    expect(await shop.json(QUERY)).toMatchObject({ items: [], count: 0 });
    expect(await bench.requests()).toEqual(['GET', 'GET', 'GET']);
  });

  it('5xx for good: a question gives up after its tries, its document still whole', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('5xx');
    const ended = await shop.run(QUERY);
    expect(outcome(ended)).toEqual([7, 'platform-failure']);
    expect(JSON.parse(ended.stdout)).toMatchObject({ items: [], warnings: [expect.stringMatching(/^incomplete: /)] });
    expect(await bench.requests()).toHaveLength(4);
  });

  it('flow control: told with what to do; no wait when none is allowed', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('flow-control');
    const ended = await shop.run([...BIND, '--max-waits', '0']);
    expect(outcome(ended)).toEqual([7, 'flow-control']);
    expect(errorOf(ended)).toMatchObject({
      httpStatus: 403,
      resultcode: '1010010',
      hint: expect.stringContaining('minute'),
    });
    expect(await bench.requests()).toEqual(['POST']);
    expect(await bench.inLedger()).toEqual([]);
  });

  it('blocked address: no further request leaves for any command, unless forced', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('locked', '--count', '1');
    expect(outcome(await shop.run(QUERY))).toEqual([12, 'address-blocked']);
    for (const argv of [QUERY, BIND, ['unbind', '--id', 'some-id', '--json']]) {
      expect(outcome(await shop.run(argv))).toEqual([12, 'address-blocked']);
    }
    expect(await bench.requests()).toEqual(['GET']);
    expect(await shop.json([...QUERY, '--force'])).toMatchObject({ count: 0 });
    expect(await bench.requests()).toEqual(['GET', 'GET']);
  });

  it('wrong secret: told as such, one request only', async () => {
    const { shop, ...bench } = await makeBench();
    const env = { PRIVACY_CALL_APP_KEY: 'sandbox-axb-key', PRIVACY_CALL_APP_SECRET: 'not-the-secret' };
    const ended = await shop.run(QUERY, { env });
    expect(outcome(ended)).toEqual([4, 'signature-rejected']);
    expect(ended.stderr + ended.stdout).not.toContain('not-the-secret');
    expect(await bench.requests()).toEqual(['GET']);
  });
});

describe('a platform that does not answer', () => {
  it('slow: a question ends by --timeout', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('slow', '--delay', '10m');
    expect(outcome(await shop.run([...QUERY, '--timeout', '1s']))).toEqual([8, 'network-timeout']);
    expect((await bench.sandbox.stop()).code).toBe(0);
  });

  it('broken connections: a question is repeated', async () => {
    const { shop, ...bench } = await makeBench();
    await bench.fault('down', '--count', '2');
    expect(await shop.json(QUERY)).toMatchObject({ count: 0, warnings: [] });
    expect(await bench.requests()).toHaveLength(3);
  });

  it(
    'gone: every command that needs it ends with 8 and one sentence; the others work on',
    { timeout: 120_000 },
    async () => {
      const { shop, ...bench } = await makeBench();
      const { item } = await shop.json(BIND);
      await bench.sandbox.stop();
      const needs = [
        BIND,
        QUERY,
        ['update', '--id', item.subscriptionId as string, '--ttl', '2h', '--json'],
        ['unbind', '--id', item.subscriptionId as string, '--json'],
        ['unbind', '-x', X, '--yes', '--json'],
        ['api', 'GET', '/rest/caas/relationnumber/partners/v1.0', '--json'],
        ['recordings', 'url', '--file', 'a.wav', '--domain', 'b.invalid', '--json'],
      ];
      const ends = await inTurn(needs, (argv) => shop.run(argv));
      expect(ends.map((ended) => [...outcome(ended), ended.stderr.trim().split('\n').length])).toEqual(
        needs.map(() => [8, 'network-unreachable', 1]),
      );
      expect(await bench.inLedger()).toMatchObject([{ subscriptionId: item.subscriptionId, state: 'active' }]);
      for (const argv of [
        ['cdr', 'list'],
        ['numbers', 'list'],
        ['profiles', 'list'],
        ['config', 'list'],
      ]) {
        expect((await shop.run(argv)).code, argv.join(' ')).toBe(0);
      }
    },
  );
});

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
