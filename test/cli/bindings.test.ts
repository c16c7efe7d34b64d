import { describe, expect, it } from 'vitest';
import { unfold } from '../helpers/unfold.js';
import { openWorld, type World } from '../helpers/world.js';

async function worldWithThree(): Promise<{ world: World; ids: string[] }> {
  const world = await openWorld();
  const ids: string[] = [];
  for (const flags of [
    ['--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201', '--ttl', '2h'],
    [
      '--mode',
      'axb',
      '-a',
      '13800000003',
      '-b',
      '13800000004',
      '-x',
      '17000000202',
      '--ttl',
      '7d',
      '--user-data',
      'vip',
    ],
    ['--mode', 'ax', '-a', '13800000001', '-x', '17000000101'],
  ]) {
    const bound = await world.cli('-p', 'sandbox', 'bind', ...flags, '--query', 'item.subscriptionId');
    ids.push(bound.stdout.trim());
  }
  return { world, ids };
}

describe('bindings list', () => {
  it('is empty at first', async () => {
    const world = await openWorld();
    const empty = await world.cli('-p', 'sandbox', 'bindings', 'list', '--json');
    expect(empty).toMatchObject({ code: 0, json: { kind: 'BindingList', items: [], count: 0 } });
  });

  it.each([
    [[], [0, 1, 2]],
    [
      ['--mode', 'axb'],
      [0, 1],
    ],
    [
      ['-a', '13800000001'],
      [0, 2],
    ],
    [['-b', '13800000004'], [1]],
    [
      ['-a', '0001'],
      [0, 2],
    ],
    [
      ['-a', '138-0000 0001'],
      [0, 2],
    ],
    [['-b', '0-0004'], [1]],
    [['-x', '0201', '-b', '2'], [0]],
    [['--x', '0202', '--a', '+8613800000003'], [1]],
    [['-a', '9999'], []],
    [['-a', '01', '--within', '3h'], [0]],
    [['-x', '17000000101'], [2]],
    [['--user-data', 'vip'], [1]],
    [['--state', 'gone'], []],
    [['--within', '3h'], [0]],
    [['--within', '48h', '--state', 'all'], [0]],
  ])('with %j gives %j', async (flags, expected) => {
    const { world, ids } = await worldWithThree();
    const list = ['-p', 'sandbox', 'bindings', 'list', ...flags, '-o', 'tsv', '--fields', 'subscriptionId'];
    const [, ...found] = (await world.cli(...list)).stdout.trim().split('\n');
    expect(found.sort()).toEqual(expected.map((index) => ids[index] ?? '').sort());
  });

  it('tells active, expired and gone apart', async () => {
    const { world, ids } = await worldWithThree();
    await world.cli('-p', 'sandbox', 'unbind', '--id', ids[2] ?? '');
    world.advance(3 * 3_600_000);
    const all = await world.cli('-p', 'sandbox', 'bindings', 'list', '--state', 'all', '--json');
    const states = (all.json as { items: { subscriptionId: string; state: string }[] }).items.map(
      ({ subscriptionId, state }) => [ids.indexOf(subscriptionId), state],
    );
    expect(Object.fromEntries(states)).toEqual({ 0: 'expired', 1: 'active', 2: 'gone' });
  });

  it.each([
    ['--state', 'lost'],
    ['--mode', 'xx'],
    ['--within', 'soon'],
    ['-a', 'nobody'],
    ['-a', '+8613'],
    ['-a', '+86138****0001'],
    ['--limit', '0'],
    ['--sort', 'city'],
    ['--sort', 'a:up'],
  ])('refuses %s %s', async (flag, value) => {
    const world = await openWorld();
    const refused = await world.cli('-p', 'sandbox', 'bindings', 'list', flag, value, '--json');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
  });
});

describe('bindings list --limit and --sort', () => {
  it.each([
    [
      ['--sort', 'a:desc'],
      [1, 0, 2],
    ],
    [
      ['--sort', 'b'],
      [0, 1, 2],
    ],
    [['--sort', 'expiresAt:desc', '--limit', '1'], [1]],
    [
      ['--sort', 'mode', '--limit', '2'],
      [2, 0],
    ],
    [
      ['--limit', '2'],
      [0, 1],
    ],
    [
      ['--limit', '9'],
      [0, 1, 2],
    ],
    [
      ['--within', '8d', '--sort', 'a:desc'],
      [1, 0],
    ],
    [['--within', '8d', '--limit', '1'], [0]],
  ])('%j gives %j', async (flags, expected) => {
    const { world, ids } = await worldWithThree();
    const list = await world.cli('-p', 'sandbox', 'bindings', 'list', ...flags, '--json');
    const found = (list.json as { items: { subscriptionId: string }[] }).items;
    expect(found.map(({ subscriptionId }) => ids.indexOf(subscriptionId))).toEqual(expected);
  });
});

describe('bindings list on a terminal', () => {
  it.each([
    [['expiring', '--within', '3h'], '到期'],
    [['list', '--within', '3h'], '到期'],
  ])('%j says at 80 columns when a binding ends, for that was asked', async (words, title) => {
    const { world, ids } = await worldWithThree();
    const list = await world.run(['-p', 'sandbox', 'bindings', ...words, '--lang', 'zh'], {
      terminal: true,
      columns: 80,
    });
    expect(list.stdout).toContain(title);
    expect(list.stdout).toContain(`│ ${ids[0] ?? ''} │ +86138****0001 │ 2026-11-22 10:00:00 │`);
  });

  it('shows A, B and X of pairs at 80 columns, and says that the ID is cut for it', async () => {
    const { world, ids } = await worldWithThree();
    const words = ['-p', 'sandbox', 'bindings', 'list', '--mode', 'axb'];
    const list = await world.run(words, { terminal: true, columns: 80 });
    for (const id of ids.slice(0, 2)) expect(list.stdout).toContain(`│ ${id.slice(0, 24)}… │`);
    expect(list.stdout).toContain('│ +86138****0001 │ +86138****0002 │ +86170****0201 │');
    expect(unfold(list.stderr)).toMatch(
      /no room for createdAt.* and all of subscriptionId: widen the terminal, or choose with/,
    );
    const wide = await world.run([...words, '--lang', 'zh'], { terminal: true, columns: 91 });
    for (const id of ids.slice(0, 2)) expect(wide.stdout).toContain(`│ ${id} │`);
    expect(unfold(wide.stderr)).toMatch(/^宽度不足，未显示 createdAt.*：请加宽终端/);
    const chinese = await world.run([...words, '--lang', 'zh'], { terminal: true, columns: 80 });
    expect(unfold(chinese.stderr)).toMatch(/^宽度不足，未显示 createdAt.*，subscriptionId 未显示完整：请加宽终端/);
  });

  it('shows a single one as a block, whole', async () => {
    const { world, ids } = await worldWithThree();
    const words = ['-p', 'sandbox', 'bindings', 'list', '-b', '0002'];
    const one = await world.run(words, { terminal: true, columns: 80 });
    expect(one.stdout).toMatch(new RegExp(`^Binding ID +${ids[0] ?? ''}\n`));
  });

  it('shows IDs whole at 80 columns where there is no B, for they are typed again, extensions beside them or not', async () => {
    const { world } = await worldWithThree();
    for (const n of [4, 5]) {
      const axe = ['--mode', 'axe', '-a', `1380000000${n}`, '-x', '17000000301', '--ext', `123${n}`];
      await world.cli('-p', 'sandbox', 'bind', ...axe);
    }
    const words = ['-p', 'sandbox', 'bindings', 'list', '--mode', 'axe'];
    const ids = (await world.cli(...words, '--query', 'items[].subscriptionId', '--json')).json as string[];
    const list = await world.run(words, { terminal: true, columns: 80 });
    expect(ids).toHaveLength(2);
    for (const id of ids) expect(list.stdout).toContain(`│ ${id} │`);
    expect(list.stderr).toContain('no room for');
    expect(list.stderr).toContain('extension');
  });
});

describe('bindings export', () => {
  it('takes the end of a number too', async () => {
    const { world } = await worldWithThree();
    const exported = await world.cli('-p', 'sandbox', 'bindings', 'export', '-x', '0202', '--query', 'items[].b');
    expect(exported.stdout).toBe('+8613800000004\n');
  });
});

describe('bindings show', () => {
  it('shows what was last done to a binding', async () => {
    const { world, ids } = await worldWithThree();
    world.advance(60_000);
    await world.cli('-p', 'sandbox', 'unbind', '--id', ids[0] ?? '');
    const shown = await world.cli('-p', 'sandbox', 'bindings', 'show', ids[0] ?? '', '--json');
    expect(shown.json).toMatchObject({
      kind: 'Binding',
      item: { subscriptionId: ids[0], state: 'gone', lastAction: 'unbind', changedAt: '2026-11-22T08:01:00+08:00' },
    });
  });

  it('speaks the chosen language on a terminal', async () => {
    const { world, ids } = await worldWithThree();
    const shown = await world.run(['-p', 'sandbox', 'bindings', 'show', ids[2] ?? '', '--lang', 'zh'], {
      terminal: true,
    });
    for (const line of [/^录音 +否$/m, /^到期 +永久$/m, /^状态 +有效$/m, /^最近操作 +绑定$/m])
      expect(shown.stdout).toMatch(line);
  });

  it('does not know others', async () => {
    const world = await openWorld();
    const unknown = await world.cli('-p', 'sandbox', 'bindings', 'show', 'nobody', '--json');
    expect(unknown.error).toMatchObject({
      code: 'binding-not-found',
      hint: expect.stringContaining('query') as string,
    });
  });
});
