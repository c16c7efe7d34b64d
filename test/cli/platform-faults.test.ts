import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const PAIR = ['-a', '13800000001', '-b', '13900000001', '-x', '17000000201'] as const;

function run(world: World, ...argv: string[]) {
  return world.cli('-p', 'sandbox', ...argv, '--mode', 'axb', '--yes', '--json');
}

const fault = (world: World, kind: string, ...more: string[]) =>
  world.cli('sandbox', 'fault', kind, '--count', '1', '--path', 'relationnumber', ...more);

describe('issue 6: a 5xx does not say that nothing was done', () => {
  it.each(['500', '502', '503', '504'])('HTTP %s after the platform has acted: found by a query', async (status) => {
    const world = await openWorld();
    await fault(world, '5xx-after', '--status', status);
    const bound = await run(world, 'bind', ...PAIR);
    expect(bound).toMatchObject({ code: 0, json: { kind: 'Binding' } });
    expect(bound.json.warnings).toEqual(['the answer was lost; a query found that the platform had bound']);
    const id = bound.json.item.subscriptionId as string;
    await fault(world, '5xx-after', '--status', status);
    const changed = await run(world, 'update', '--id', id, '--user-data', 'order-1');
    expect(changed).toMatchObject({ code: 0, json: { item: { userData: 'order-1' } } });
    await fault(world, '5xx-after', '--status', status);
    expect((await run(world, 'unbind', '--id', id)).code).toBe(0);
    expect((await run(world, 'bindings', 'list', '--state', 'all')).json.items).toMatchObject([{ state: 'gone' }]);
  });

  it('before the platform has acted: exit 7 as before, and it may be sent again', async () => {
    const world = await openWorld();
    await fault(world, '5xx');
    const failed = await run(world, 'bind', ...PAIR);
    expect(failed.error).toMatchObject({
      code: 'platform-failure',
      exitCode: 7,
      httpStatus: 500,
      resultcode: '1023001',
      hint: 'It may be sent again.',
    });
    const bound = await run(world, 'bind', ...PAIR);
    await fault(world, '5xx');
    const stands = await run(world, 'unbind', '--id', bound.json.item.subscriptionId as string);
    expect(stands.error).toMatchObject({ code: 'platform-failure', exitCode: 7 });
  });

  it('a row that can be asked for is done, one that cannot is in doubt and never in --rejects', async () => {
    const world = await openWorld();
    await world.write('rows.csv', `a,b,x\n13800000001,13900000001,17000000201\n`);
    await world.write('open.csv', `a,b,area\n13800000002,13900000002,0755\n`);
    const files = ['--rejects', 'bad.csv', '--out', 'out.csv', '--pause', '10ms'];
    await fault(world, '5xx-after');
    expect(await run(world, 'bind', '--file', 'rows.csv', ...files)).toMatchObject({
      code: 0,
      json: { item: { done: 1 } },
    });
    // Nobody can ask for a pair without X; the inventory knows X from the row before, so it is emptied.
    const other = await openWorld();
    await other.write('open.csv', await world.read('open.csv'));
    await fault(other, '5xx-after');
    const open = await run(other, 'bind', '--file', 'open.csv', ...files);
    expect(open).toMatchObject({ code: 3, json: { item: { done: 0, refused: 0, inDoubt: 1 } } });
    expect((await other.read('bad.csv')).trimEnd().split('\n')).toEqual(['a,b,area']);
    expect(await other.read('out.csv')).toContain('in-doubt');
  });
});
