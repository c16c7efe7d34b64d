import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const A = '+8613800000003';
const X = '+8617000000101';

async function bindAx(world: World): Promise<string> {
  const bound = await world.cli('-p', 'sandbox', 'bind', '--mode', 'ax', '-a', A, '-x', X, '--json');
  expect(bound).toMatchObject({ code: 0, stderr: '' });
  expect(bound.json).toMatchObject({
    kind: 'Binding',
    item: { mode: 'ax', a: A, x: X, direction: 'both', recording: false, sms: true, expiresAt: null },
  });
  return (bound.json as { item: { subscriptionId: string } }).item.subscriptionId;
}

describe('AX: bind, query, update, callee, unbind', () => {
  it('goes the whole way with one ID, and the mode is told by the ledger', async () => {
    const world = await openWorld();
    const id = await bindAx(world);
    expect(id).toMatch(/^[\w-]{8,64}$/);

    const queried = await world.cli('-p', 'sandbox', 'query', '--id', id, '--json');
    expect(queried.json).toMatchObject({ count: 1, items: [{ subscriptionId: id, mode: 'ax', a: A, x: X }] });

    const update = ['-p', 'sandbox', 'update', '--id', id, '-a', '13800000013', '--json'];
    expect((await world.cli(...update)).json).toMatchObject({
      item: { subscriptionId: id, a: '+8613800000013', x: X },
    });

    const gone = await world.cli('-p', 'sandbox', 'unbind', '--id', id, '--json');
    expect(gone.json).toMatchObject({ kind: 'BindingList', count: 1, items: [{ subscriptionId: id }] });
    const after = await world.cli('-p', 'sandbox', 'query', '--mode', 'ax', '--id', id, '--json');
    expect(after.code).toBe(5);
    expect(after.error).toMatchObject({ code: 'binding-not-found', exitCode: 5 });
  });

  it('is unbound by X too, without a question: an AX number has one binding', async () => {
    const world = await openWorld();
    const id = await bindAx(world);
    const gone = await world.cli('-p', 'sandbox', 'unbind', '--mode', 'ax', '-x', X, '--json');
    expect(gone).toMatchObject({ code: 0, json: { items: [{ subscriptionId: id }] } });
  });

  it('finds every X of an A', async () => {
    const world = await openWorld();
    await bindAx(world);
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'ax', '-a', A, '-x', '17000000102');
    const found = await world.cli('-p', 'sandbox', 'query', '--mode', 'ax', '-a', A, '--query', 'items[].x');
    expect(found.stdout).toBe('+8617000000101\n+8617000000102\n');
  });

  it('lets the platform pick X in a city', async () => {
    const world = await openWorld();
    const bound = await world.cli(
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'ax',
      '-a',
      A,
      '--area',
      '010',
      '--query',
      'item.x',
    );
    expect(bound.stdout).toBe('+8617000000105\n');
  });

  it('sets the temporary callee for a minute', async () => {
    const world = await openWorld();
    const id = await bindAx(world);
    const callee = await world.cli('-p', 'sandbox', 'callee', '--id', id, '--to', '13800000009', '--json');
    expect(callee.json).toEqual({
      kind: 'TemporaryCallee',
      item: { id, to: '+8613800000009', forSeconds: 60, until: '2026-11-22T08:01:00+08:00' },
    });
    const call = await world.cli('-p', 'sandbox', 'sandbox', 'call', '--from', A, '--to', X, '--query', 'item.callee');
    expect(call.stdout).toBe('+8613800000009\n');
  });

  it('refuses flags of other modes and misses mandatory ones, offline', async () => {
    const world = await openWorld();
    const conflict = await world.cli('-p', 'sandbox', 'bind', '--mode', 'ax', '-a', A, '-x', X, '-b', A, '--json');
    expect(conflict.error).toMatchObject({ code: 'flag-conflict', exitCode: 2 });
    const missing = await world.cli('-p', 'sandbox', 'bind', '--mode', 'ax', '-x', X, '--json');
    expect(missing.error).toMatchObject({ code: 'flag-missing', message: expect.stringContaining('-a') as string });
    expect((await world.cli('-p', 'sandbox', 'callee', '-x', X, '--json')).error).toMatchObject({
      code: 'flag-missing',
    });
    expect(await world.files()).toEqual([]);
  });
});

describe('AX: --dry-run', () => {
  it.each([
    ['bind', ['-a', A, '-x', X], 'POST', { origNum: A, privateNum: X }],
    ['unbind', ['--id', 'some-id'], 'DELETE', undefined],
    ['update', ['--id', 'some-id', '--no-sms'], 'PUT', { subscriptionId: 'some-id', privateSms: 'false' }],
  ] as const)('%s shows the request and sends nothing', async (verb, flags, method, body) => {
    const world = await openWorld();
    const shown = await world.cli('-p', 'sandbox', verb, '--mode', 'ax', ...flags, '--dry-run', '--json');
    expect(shown.code).toBe(0);
    expect(shown.json).toMatchObject({ kind: 'Request', item: { method, ...(body === undefined ? {} : { body }) } });
    expect((shown.json as { item: { url: string } }).item.url).toMatch(
      /^http:\/\/sandbox\.invalid\/rest\/provision\/caas\/privatenumber\/v1\.0(\?subscriptionId=some-id)?$/,
    );
    const ledger = await world.cli('-p', 'sandbox', 'bindings', 'list', '--state', 'all', '--json');
    expect(ledger.json).toMatchObject({ count: 0 });
  });

  it('callee shows the request and sends nothing', async () => {
    const world = await openWorld();
    const shown = await world.cli('-p', 'sandbox', 'callee', '-x', X, '--to', '13800000009', '--dry-run', '--json');
    expect(shown.json).toMatchObject({
      item: { method: 'PUT', body: { privateNum: X, calleeNum: '+8613800000009' } },
    });
  });
});
