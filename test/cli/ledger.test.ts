import { appendFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const bind = async (world: World, ...flags: string[]): Promise<string> => {
  const done = await world.cli('-p', 'sandbox', 'bind', ...flags, '--query', 'item.subscriptionId');
  return done.stdout.trim();
};
const ledger = (world: World, ...flags: string[]) => world.cli('-p', 'sandbox', 'bindings', ...flags);

describe('bindings expiring', () => {
  it('lists what ends soon, soonest first, and tells what is not known', async () => {
    const world = await openWorld();
    const pair = (a: string): string[] => [
      '--mode',
      'axb',
      '-a',
      `1380000000${a}`,
      '-b',
      '13800000009',
      '-x',
      `1700000020${a}`,
    ];
    const late = await bind(world, ...pair('1'), '--ttl', '20h');
    const soon = await bind(world, ...pair('2'), '--ttl', '1h');
    await bind(world, ...pair('3'), '--ttl', '30h');
    await bind(world, ...pair('4'), '--ttl', '0');
    const found = await ledger(world, 'expiring', '--json');
    expect(found.json).toMatchObject({ count: 2, items: [{ subscriptionId: soon }, { subscriptionId: late }] });
    expect((await ledger(world, 'expiring', '--within', '2h', '--query', 'count')).stdout).toBe('1\n');
    expect((await ledger(world, 'expiring', '--within', '1m', '--fail-if-empty')).code).toBe(9);
  });
});

describe('bindings list', () => {
  it('finds by ID, extension and time of binding', async () => {
    const world = await openWorld();
    const one = await bind(world, '--mode', 'axe', '-a', '13800000001', '-x', '17000000301', '--ext', '1234');
    world.advance(86_400_000);
    const two = await bind(world, '--mode', 'axe', '-a', '13800000002', '-x', '17000000301', '--ext', '1235');
    const ids = async (...flags: string[]): Promise<string[]> =>
      (await ledger(world, 'list', ...flags, '--query', 'items[].subscriptionId')).stdout.trim().split('\n');
    expect(await ids('--id', one)).toEqual([one]);
    expect(await ids('--ext', '1235')).toEqual([two]);
    expect(await ids('--since', '2026-11-23')).toEqual([two]);
    expect(await ids('--until', '2026-11-22')).toEqual([one]);
    expect(await ids('--since', '2026-11-24')).toEqual(['']);
  });
});

describe('bindings export', () => {
  it.each([
    ['axb', ['-a', '13800000001', '-b', '13800000002', '-x', '17000000201', '--ttl', '2h', '--user-data', '=1+1']],
    ['axb', ['-a', '13800000001', '-b', '13800000002', '-x', '17000000201', '--record', '--record-tone', 'notice.wav']],
    ['axe', ['-a', '13800000001', '-x', '17000000301', '--ext', '1234', '--ttl', '2h']],
    ['ax', ['-a', '13800000001', '-x', '17000000101', '--no-sms']],
  ])('writes a CSV that binds the same in %s', async (mode, flags) => {
    const world = await openWorld();
    const id = await bind(world, '--mode', mode, ...flags);
    const before = (await ledger(world, 'list', '--json')).json.items[0];
    const exported = await ledger(world, 'export');
    await world.write('again.csv', exported.stdout);
    expect(
      (await world.cli('-p', 'sandbox', 'unbind', '--mode', mode, '--file', 'again.csv', '--yes', '--rate', 'max'))
        .code,
    ).toBe(0);
    const bulk = await world.cli(
      '-p',
      'sandbox',
      'bind',
      '--mode',
      mode,
      '--file',
      'again.csv',
      '--yes',
      '--rate',
      'max',
      '--json',
    );
    expect(bulk.json).toMatchObject({ item: { done: 1, refused: 0 } });
    const [after] = (await ledger(world, 'list', '--json')).json.items as { subscriptionId: string }[];
    expect(after?.subscriptionId).not.toBe(id);
    const { note: _note, raw: _raw, ...same } = before as Record<string, unknown>;
    expect(after).toMatchObject({ ...same, subscriptionId: after?.subscriptionId });
  });

  it('keeps the tones of a bind when the binding was updated, found bound already, or asked for', async () => {
    const world = await openWorld();
    const pair = ['--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
    const id = await bind(world, ...pair, '--record', '--record-tone', 'notice.wav', '--max-call', '10m');
    const exported = async () => (await ledger(world, 'export', '--json')).json.items as Record<string, unknown>[];
    await world.cli('-p', 'sandbox', 'update', '--id', id, '--ttl', '2h');
    expect(await exported()).toMatchObject([{ recordTone: 'notice.wav', maxCall: 10, ttl: 7200 }]);
    await world.cli('-p', 'sandbox', 'bind', ...pair, '--if-exists', 'skip');
    expect(await exported()).toMatchObject([{ recordTone: 'notice.wav', maxCall: 10 }]);
    await world.cli('-p', 'sandbox', 'update', '--id', id, '--max-call', '20m');
    expect(await exported()).toMatchObject([{ recordTone: 'notice.wav', maxCall: 20, x: '+8617000000201', id }]);
  });

  it('shortens the life of a binding to what is left, and asks for the mode where there are several', async () => {
    const world = await openWorld();
    await bind(world, '--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201', '--ttl', '2h');
    world.advance(3_600_000);
    expect((await ledger(world, 'export', '--query', 'items[].ttl')).stdout).toBe('3600\n');
    await bind(world, '--mode', 'ax', '-a', '13800000001', '-x', '17000000101');
    expect((await ledger(world, 'export', '--json')).error).toMatchObject({ code: 'flag-missing' });
    expect((await ledger(world, 'export', '--mode', 'ax', '--query', 'items[].ttl')).stdout).toBe('0\n');
  });
});

describe('bindings settle', () => {
  /** A bind without X whose answer is lost: the platform cannot be asked for it. */
  async function doubtful(world: World): Promise<string> {
    await world.cli('-p', 'sandbox', 'sandbox', 'fault', 'lost-answer', '--count', '1');
    const lost = await world.cli(
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'axb',
      '-a',
      '13800000001',
      '-b',
      '13800000002',
      '--json',
    );
    expect(lost.error).toMatchObject({ code: 'outcome-unknown' });
    return (await ledger(world, 'list', '--state', 'in-doubt', '--query', 'items[0].doubt')).stdout.trim();
  }

  it('leaves open what the platform cannot tell, until somebody says what the console shows', async () => {
    const world = await openWorld();
    const doubt = await doubtful(world);
    const asked = await ledger(world, 'settle', '--json');
    expect(asked).toMatchObject({ code: 3, json: { items: [{ doubt, outcome: 'open' }] } });
    const found = await world.cli('-p', 'sandbox', 'query', '--mode', 'axb', '-x', '17000000201', '--json');
    const id = found.json.items[0].subscriptionId as string;
    world.advance(60_000);
    const settled = await ledger(world, 'settle', doubt.slice(0, 6), '--bound', id, '--json');
    expect(settled).toMatchObject({ code: 0, json: { items: [{ doubt, outcome: 'bound', subscriptionId: id }] } });
    const list = await ledger(world, 'list', '--json');
    expect(list.json).toMatchObject({
      count: 1,
      items: [{ subscriptionId: id, createdAt: '2026-11-22T08:00:00+08:00' }],
    });
    expect((await ledger(world, 'settle', '--json')).json).toMatchObject({ count: 0 });
  });

  it('takes only a binding of the same numbers', async () => {
    const world = await openWorld();
    const doubt = await doubtful(world);
    const other = await bind(world, '--mode', 'axb', '-a', '13800000003', '-b', '13800000004', '-x', '17000000202');
    expect((await ledger(world, 'settle', doubt, '--bound', other, '--json')).error).toMatchObject({
      code: 'flag-invalid',
    });
    expect((await ledger(world, 'settle', doubt, '--bound', 'none', '--json')).error).toMatchObject({
      code: 'binding-not-found',
    });
    expect((await ledger(world, 'list', '--state', 'in-doubt', '--query', 'count')).stdout).toBe('1\n');
  });

  it('closes by hand only when it is confirmed; refresh settles by itself', async () => {
    const world = await openWorld();
    const doubt = await doubtful(world);
    expect((await ledger(world, 'settle', doubt, '--not-bound', '--json')).error).toMatchObject({
      code: 'confirmation-missing',
    });
    const closed = await ledger(world, 'settle', doubt, '--not-bound', '--yes', '--json');
    expect(closed).toMatchObject({
      code: 0,
      json: { items: [{ outcome: 'not-bound', note: 'settled: closed by hand' }] },
    });
    const another = await openWorld();
    await doubtful(another);
    const refreshed = await another.cli(
      '-p',
      'sandbox',
      'numbers',
      'refresh',
      '17000000201',
      '--mode',
      'axb',
      '--json',
    );
    expect(refreshed.json.items).toMatchObject([{ adopted: 1, settled: 1 }]);
  });

  it('decides what resuming a job does with a row in doubt', async () => {
    const world = await openWorld();
    await world.write('rows.csv', 'a,b\n13800000001,13800000002\n');
    await world.cli('-p', 'sandbox', 'sandbox', 'fault', 'lost-answer', '--count', '1');
    const bulk = ['-p', 'sandbox', 'bind', '--mode', 'axb', '--file', 'rows.csv', '--yes', '--rate', 'max', '--json'];
    const done = await world.cli(...bulk);
    expect(done.json).toMatchObject({ item: { inDoubt: 1 } });
    const doubt = (await ledger(world, 'list', '--state', 'in-doubt', '--query', 'items[0].doubt')).stdout.trim();
    // What the platform did all the same is gone before somebody looks.
    const found = await world.cli('-p', 'sandbox', 'query', '--mode', 'axb', '-x', '17000000201', '--json');
    await world.cli('-p', 'sandbox', 'unbind', '--mode', 'axb', '--id', found.json.items[0].subscriptionId as string);
    world.advance(1000);
    await ledger(world, 'settle', doubt, '--not-bound', '--yes');
    expect((await world.cli(...bulk)).json).toMatchObject({ item: { done: 1, inDoubt: 0 } });
    expect((await ledger(world, 'list', '--query', 'count')).stdout).toBe('1\n');
  });

  it.each([
    [['--bound', 'x'], 'flag-missing'],
    [['--not-bound'], 'flag-missing'],
    [['a', '--bound', 'x', '--not-bound'], 'flag-conflict'],
    [['a', 'b', '--bound', 'x'], 'flag-conflict'],
    [['nothing'], 'binding-not-found'],
  ])('refuses %j', async (flags, code) => {
    const world = await openWorld();
    expect((await ledger(world, 'settle', ...flags, '--json')).error).toMatchObject({ code });
  });
});

describe('a damaged ledger', () => {
  it('is told in the warnings of a list, with what was set aside', async () => {
    const world = await openWorld();
    const numbers = ['-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...numbers);
    const folder = '.local/share/privacy-call/sandbox';
    await appendFile(world.path(`${folder}/ledger.ndjson`), '{"v":1,"key":"axb:lost"}\n');
    await writeFile(world.path(`${folder}/ledger.damaged`), 'one\ntwo\n', { mode: 0o600 });
    for (const argv of [['list'], ['list', '-a', '13800000001'], ['export', '--mode', 'axb'], ['expiring']]) {
      const { json, code } = await world.cli('-p', 'sandbox', 'bindings', ...argv, '--json');
      expect(code).toBe(0);
      expect(json.warnings, argv.join(' ')).toEqual([
        expect.stringMatching(/^1 damaged line of ledger.ndjson cannot be read; .*numbers refresh/),
        expect.stringMatching(/^2 damaged lines of ledger.ndjson were set aside in .*ledger.damaged; /),
      ]);
    }
  });
});
