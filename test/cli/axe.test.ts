import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const A = '+8613800000004';
const X = '+8617000000301';

async function bindAxe(world: World, ...more: readonly string[]): Promise<string> {
  const flags = ['--mode', 'axe', '-a', A, '-x', X, '--ext', '1234', ...more];
  const bound = await world.cli('-p', 'sandbox', 'bind', ...flags, '--json');
  expect(bound).toMatchObject({ code: 0, json: { item: { mode: 'axe', a: A, x: X, extension: '1234' } } });
  return (bound.json as { item: { subscriptionId: string } }).item.subscriptionId;
}

describe('AXE: bind, query, update, unbind', () => {
  it('goes the whole way with one ID', async () => {
    const world = await openWorld();
    const id = await bindAxe(world, '--ttl', '2h');
    const queried = await world.cli('-p', 'sandbox', 'query', '--id', id, '--json');
    expect(queried.json).toMatchObject({ items: [{ subscriptionId: id, a: A, x: X, extension: '1234' }] });
    const updated = await world.cli('-p', 'sandbox', 'update', '--id', id, '--user-data', 'desk-7', '--json');
    expect(updated.json).toMatchObject({ item: { subscriptionId: id, userData: 'desk-7' } });
    const gone = await world.cli('-p', 'sandbox', 'unbind', '--id', id, '--json');
    expect(gone.json).toMatchObject({ items: [{ subscriptionId: id }] });
    expect((await world.cli('-p', 'sandbox', 'query', '--id', id)).code).toBe(5);
  });

  it('is named by X and extension too', async () => {
    const world = await openWorld();
    const id = await bindAxe(world);
    const on = ['--mode', 'axe', '-x', X, '--ext', '1234'];
    expect((await world.cli('-p', 'sandbox', 'query', ...on, '--query', 'items[].subscriptionId')).stdout).toBe(
      `${id}\n`,
    );
    expect((await world.cli('-p', 'sandbox', 'unbind', ...on, '--json')).json).toMatchObject({
      items: [{ subscriptionId: id }],
    });
  });

  it('lists every extension of an X', async () => {
    const world = await openWorld();
    await bindAxe(world);
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axe', '-a', '13800000014', '-x', X, '--ext', '5678');
    const all = await world.cli(
      '-p',
      'sandbox',
      'query',
      '--mode',
      'axe',
      '-x',
      X,
      '--all',
      '--query',
      'items[].extension',
    );
    expect(all.stdout.trim().split('\n').sort()).toEqual(['1234', '5678']);
  });

  it('does not unbind a whole X', async () => {
    const world = await openWorld();
    await bindAxe(world);
    const refused = await world.cli('-p', 'sandbox', 'unbind', '--mode', 'axe', '-x', X, '--yes', '--json');
    expect(refused.error).toMatchObject({ exitCode: 2, message: expect.stringContaining('--ext') as string });
  });

  it('refuses an extension that is taken', async () => {
    const world = await openWorld();
    await bindAxe(world);
    const taken = ['-a', '13800000014', '-x', X, '--ext', '1234'];
    const refused = await world.cli('-p', 'sandbox', 'bind', '--mode', 'axe', ...taken, '--json');
    expect(refused.error).toMatchObject({ code: 'already-bound', exitCode: 6 });
  });

  it('cannot change A', async () => {
    const world = await openWorld();
    const id = await bindAxe(world);
    const refused = await world.cli('-p', 'sandbox', 'update', '--id', id, '-a', '13800000014', '--json');
    expect(refused.error).toMatchObject({ code: 'flag-conflict', exitCode: 2 });
  });
});

describe('AXE: --dry-run', () => {
  it.each([
    ['bind', ['-a', A, '-x', X, '--ext', '1234'], 'POST', { bindNum: A, virtualNum: X, extendNum: '1234' }],
    ['unbind', ['--id', 'some-id'], 'DELETE', undefined],
    ['update', ['--id', 'some-id', '--record'], 'PUT', { subscriptionId: 'some-id', recordFlag: 'true' }],
  ] as const)('%s shows the request and sends nothing', async (verb, flags, method, body) => {
    const world = await openWorld();
    const shown = await world.cli('-p', 'sandbox', verb, '--mode', 'axe', ...flags, '-n', '--json');
    expect(shown.json).toMatchObject({ kind: 'Request', item: { method, ...(body === undefined ? {} : { body }) } });
    expect((await world.cli('-p', 'sandbox', 'query', '--mode', 'axe', '-x', X, '--json')).json).toMatchObject({
      count: 0,
    });
  });
});
