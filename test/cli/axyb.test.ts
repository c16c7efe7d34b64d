import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const A = '+8613800000004';
const B = '+8613800000008';

async function bindX(world: World): Promise<string> {
  const bound = await world.cli('-p', 'sandbox', 'bind', '--mode', 'axyb', '-a', A, '--area', '0755', '--json');
  expect(bound).toMatchObject({ code: 0, json: { item: { mode: 'axyb', a: A, x: '+8617000000401' } } });
  return (bound.json as { item: { subscriptionId: string } }).item.subscriptionId;
}

async function bindY(world: World, id: string, b = B): Promise<string> {
  const flags = ['--mode', 'axyb', '--id', id, '-b', b, '--query', 'item.y'];
  const bound = await world.cli('-p', 'sandbox', 'bind', ...flags);
  expect(bound.code).toBe(0);
  return bound.stdout.trim();
}

describe('AXYB: bind, query, unbind', () => {
  it('gives A an X and B a Y under one ID', async () => {
    const world = await openWorld();
    const id = await bindX(world);
    const y = await bindY(world, id);
    expect(y).toBe('+8617000000402');
    const queried = await world.cli('-p', 'sandbox', 'query', '--id', id, '--json');
    expect(queried.json).toMatchObject({ items: [{ subscriptionId: id, a: A, x: '+8617000000401', y, b: B }] });
  });

  it('removes one Y, then A and X', async () => {
    const world = await openWorld();
    const id = await bindX(world);
    const y = await bindY(world, id);
    const one = await world.cli('-p', 'sandbox', 'unbind', '--id', id, '--y', y, '--json');
    expect(one).toMatchObject({ code: 0, json: { count: 1, items: [{ y }] } });
    const rest = await world.cli('-p', 'sandbox', 'unbind', '--id', id, '--yes', '--json');
    expect(rest.code).toBe(0);
    const after = await world.cli('-p', 'sandbox', 'query', '--id', id, '--json');
    expect(after.error).toMatchObject({ code: 'binding-not-found' });
  });

  it('asks before an ID alone removes A, X and every Y', async () => {
    const world = await openWorld();
    const id = await bindX(world);
    await bindY(world, id);
    await bindY(world, id, '13800000018');
    const unbind = ['-p', 'sandbox', 'unbind', '--id', id];
    expect((await world.cli(...unbind, '--json')).error).toMatchObject({ code: 'confirmation-missing' });
    const answers = [{ asks: 'all 2 bindings (AXYB)', answer: 'no' }];
    expect((await world.run(unbind, { terminal: true, answers })).code).toBe(130);
    expect((await world.cli('-p', 'sandbox', 'query', '--id', id, '--query', 'count')).stdout).toBe('2\n');
    expect((await world.cli(...unbind, '--yes', '--expect', '2')).code).toBe(0);
    expect((await world.cli('-p', 'sandbox', 'query', '--id', id)).code).toBe(5);
  });

  it('is not found where there is nothing, without a question', async () => {
    const world = await openWorld();
    const nothing = await world.cli('-p', 'sandbox', 'unbind', '--mode', 'axyb', '--id', 'nobody', '--json');
    expect(nothing.error).toMatchObject({ code: 'binding-not-found', exitCode: 5 });
  });

  it('cannot be changed, and says so', async () => {
    const world = await openWorld();
    const id = await bindX(world);
    const refused = await world.cli('-p', 'sandbox', 'update', '--id', id, '--ttl', '2h', '--json');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', message: 'AXYB bindings cannot be changed' });
  });
});

describe('AXYB: --dry-run', () => {
  it('bind shows the request for X, with --id the one for Y', async () => {
    const world = await openWorld();
    const base = ['-p', 'sandbox', 'bind', '--mode', 'axyb', '--dry-run', '--json'];
    expect((await world.cli(...base, '-a', A, '--area', '0755')).json).toMatchObject({
      item: {
        method: 'POST',
        url: 'http://sandbox.invalid/rest/omp/xyrelationnumber/v1.0?app_key=sandbox-axyb-key',
        body: { origNum: A, areaCode: '0755' },
      },
    });
    expect((await world.cli(...base, '--id', 'some-id', '-b', B)).json).toMatchObject({
      item: { body: { origNum: B, subscriptionId: 'some-id' } },
    });
  });

  it('unbind lists what would go and removes nothing', async () => {
    const world = await openWorld();
    const id = await bindX(world);
    await bindY(world, id);
    const shown = await world.cli('-p', 'sandbox', 'unbind', '--id', id, '--dry-run', '--json');
    expect(shown.json).toMatchObject({ count: 1, items: [{ b: B }] });
    expect((await world.cli('-p', 'sandbox', 'query', '--id', id, '--query', 'count')).stdout).toBe('1\n');
  });
});
