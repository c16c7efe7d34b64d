import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8617000000201';
const BIND = ['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', B] as const;

async function bindPair(world: World, ...more: readonly string[]): Promise<string> {
  const bound = await world.cli(...BIND, '-x', X, ...more, '--query', 'item.subscriptionId');
  expect(bound).toMatchObject({ code: 0, stderr: '' });
  return bound.stdout.trim();
}

describe('AXB: one number as A and B', () => {
  it.each([
    ['bind', [], `a,b\n13800000001,${A}\n`],
    ['update', ['--id', 'some-id'], `id,a,b\nsome-id,13800000001,${A}\n`],
  ])('is refused by %s with one sentence, typed or in a file, and nothing is sent', async (verb, flags, rows) => {
    // Nobody listens there: what is sent ends with exit code 8.
    const world = await openWorld({
      PRIVACY_CALL_ENDPOINT: 'http://127.0.0.1:1',
      PRIVACY_CALL_APP_KEY: 'shop-key',
      PRIVACY_CALL_APP_SECRET: 'shop-secret',
      PRIVACY_CALL_MODE: 'axb',
      PRIVACY_CALL_RETRIES: '0',
    });
    const why = 'hold the same number: A and B are two people';
    const typed = await world.cli(verb, ...flags, '-a', '13800000001', '-b', A, '--json');
    expect(typed.error).toMatchObject({ code: 'flag-conflict', exitCode: 2, message: `-a and -b ${why}` });
    await world.write('rows.csv', rows);
    const plan = await world.cli(verb, '--file', 'rows.csv', '--dry-run', '--json');
    expect(plan.json.item).toMatchObject({ invalid: 1, problems: [{ message: `column “a” and column “b” ${why}` }] });
    expect((await world.cli(verb, ...flags, '-a', A, '-b', B)).code).toBe(8);
  });
});

describe('AXB: bind, query, update, unbind', () => {
  it('prints the ID, and goes the whole way with it', async () => {
    const world = await openWorld();
    const id = await bindPair(world, '--ttl', '2h', '--user-data', 'order-1');

    const queried = await world.cli('-p', 'sandbox', 'query', '--id', id, '--json');
    expect(queried.json).toMatchObject({
      count: 1,
      items: [{ subscriptionId: id, a: A, b: B, x: X, userData: 'order-1', expiresAt: '2026-11-22T10:00:00+08:00' }],
    });

    world.advance(3_600_000);
    const updated = await world.cli(
      '-p',
      'sandbox',
      'update',
      '--id',
      id,
      '-b',
      '13800000007',
      '--ttl',
      '2h',
      '--json',
    );
    expect(updated.json).toMatchObject({
      item: { subscriptionId: id, b: '+8613800000007', expiresAt: '2026-11-22T11:00:00+08:00' },
    });

    const gone = await world.cli('-p', 'sandbox', 'unbind', '--id', id, '-o', 'tsv', '--fields', 'subscriptionId');
    expect(gone).toMatchObject({ code: 0, stdout: `subscriptionId\n${id}\n` });
    expect((await world.cli('-p', 'sandbox', 'query', '--id', id)).code).toBe(5);
  });

  it('expires by the clock', async () => {
    const world = await openWorld();
    const id = await bindPair(world, '--ttl', '90s');
    world.advance(91_000);
    expect((await world.cli('-p', 'sandbox', 'query', '--id', id)).code).toBe(5);
    const states = await world.cli('-p', 'sandbox', 'bindings', 'list', '--state', 'all', '--query', 'items[].state');
    expect(states.stdout).toBe('expired\n');
  });

  it('keeps the end of a binding when a second bind finds it, and shows it before an unbind', async () => {
    const world = await openWorld();
    await bindPair(world, '--ttl', '2h');
    const again = await world.cli(...BIND, '-x', X, '--if-exists', 'skip', '--json');
    expect(again.json).toMatchObject({ item: { expiresAt: '2026-11-22T10:00:00+08:00' } });
    const list = await world.cli('-p', 'sandbox', 'bindings', 'list', '--within', '3h', '--query', 'items[].expiresAt');
    expect(list.stdout).toBe('2026-11-22T10:00:00+08:00\n');
    const plan = await world.cli('-p', 'sandbox', 'unbind', '--mode', 'axb', '-x', X, '--dry-run', '--json');
    expect(plan.json).toMatchObject({ items: [{ expiresAt: '2026-11-22T10:00:00+08:00' }] });
  });

  it('shows a new binding on a terminal as a block, masked, with what to do next', async () => {
    const world = await openWorld();
    const bound = await world.run([...BIND, '-x', X], { terminal: true });
    expect(bound.stdout).toMatch(/^Binding ID {2}\S+\n/);
    expect(bound.stdout).toContain('+86138****0001');
    expect(bound.stdout).not.toContain('13800000001');
    expect(bound.stderr).toMatch(/^People dial 17000000201\. Undo with: privacy-call -p sandbox unbind --id \S+\n$/);
  });

  it('unbinds twice only with --ignore-missing', async () => {
    const world = await openWorld();
    const id = await bindPair(world);
    await world.cli('-p', 'sandbox', 'unbind', '--id', id);
    expect((await world.cli('-p', 'sandbox', 'unbind', '--id', id)).code).toBe(5);
    expect((await world.cli('-p', 'sandbox', 'unbind', '--id', id, '--ignore-missing')).code).toBe(0);
  });

  it('needs something to change', async () => {
    const world = await openWorld();
    const id = await bindPair(world);
    const nothing = await world.cli('-p', 'sandbox', 'update', '--id', id, '--json');
    expect(nothing.error).toMatchObject({ code: 'flag-missing', exitCode: 2 });
  });

  it('warns of a recording that is not announced', async () => {
    const world = await openWorld();
    const bound = await world.cli(...BIND, '-x', X, '--record', '--json');
    expect((bound.json as { warnings: string[] }).warnings).toEqual([expect.stringContaining('--record-tone')]);
  });
});

describe('AXB: --if-exists', () => {
  it('fail is the default', async () => {
    const world = await openWorld();
    await bindPair(world);
    const again = await world.cli(...BIND, '-x', X, '--json');
    expect(again.error).toMatchObject({ code: 'already-bound', exitCode: 6, resultcode: '1012010' });
  });

  it('skip gives the binding that stands', async () => {
    const world = await openWorld();
    const id = await bindPair(world);
    const again = await world.cli(...BIND, '-x', X, '--if-exists', 'skip', '--query', 'item.subscriptionId');
    expect(again).toMatchObject({ code: 0, stdout: `${id}\n` });
    const all = await world.cli('-p', 'sandbox', 'query', '--mode', 'axb', '-x', X, '--json');
    expect(all.json).toMatchObject({ count: 1 });
  });

  it('update changes it', async () => {
    const world = await openWorld();
    const id = await bindPair(world);
    const again = await world.cli(...BIND, '-x', X, '--if-exists', 'update', '--user-data', 'order-2', '--json');
    expect(again.json).toMatchObject({ item: { subscriptionId: id, userData: 'order-2' } });
    const found = await world.cli('-p', 'sandbox', 'query', '--id', id, '--query', 'items[0].userData');
    expect(found.stdout).toBe('order-2\n');
  });

  it('refuses another word', async () => {
    const world = await openWorld();
    const refused = await world.cli(...BIND, '--if-exists', 'replace', '--json');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
  });
});

describe('AXB: unbind of a whole X', () => {
  async function worldWithTwoPairs(): Promise<World> {
    const world = await openWorld();
    await bindPair(world);
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', '-a', '13800000005', '-b', '13800000006', '-x', X);
    return world;
  }
  const UNBIND = ['-p', 'sandbox', 'unbind', '--mode', 'axb', '-x', X] as const;

  async function standing(world: World): Promise<unknown> {
    return (await world.cli('-p', 'sandbox', 'query', '--mode', 'axb', '-x', X, '--query', 'count')).stdout;
  }

  it('needs --yes where nobody can be asked', async () => {
    const world = await worldWithTwoPairs();
    const refused = await world.cli(...UNBIND, '--json');
    expect(refused.error).toMatchObject({ code: 'confirmation-missing', exitCode: 2 });
    expect(refused.stderr).toContain('all 2 bindings on +86170****0201');
    expect(await standing(world)).toBe('2\n');
    const alone = await world.cli(...UNBIND, '--yes', '--json');
    expect(alone.error).toMatchObject({ code: 'confirmation-missing', exitCode: 2 });
    expect((alone.error as { hint: string }).hint).toContain('--yes --expect 2');
    for (const wrong of ['1', '3', '0']) {
      const other = await world.cli(...UNBIND, '--yes', '--expect', wrong, '--json');
      expect(other.error).toMatchObject({ code: 'expectation-failed', exitCode: 10 });
    }
    expect(await standing(world)).toBe('2\n');
    const done = await world.cli(...UNBIND, '--yes', '--expect', '2', '--json');
    expect(done).toMatchObject({ code: 0, json: { count: 2 } });
    expect(await standing(world)).toBe('0\n');
  });

  it('takes --expect for one binding by its ID too', async () => {
    const world = await openWorld();
    const id = await bindPair(world);
    const unbind = ['-p', 'sandbox', 'unbind', '--id', id] as const;
    expect((await world.cli(...unbind, '--expect', '2', '--json')).error).toMatchObject({ exitCode: 10 });
    expect((await world.cli(...unbind, '--expect', '1')).code).toBe(0);
  });

  it('wants the count typed on a terminal, and sends nothing after anything else', async () => {
    const world = await worldWithTwoPairs();
    const asks = 'all 2 bindings on +86170****0201 (AXB)';
    const no = await world.run(UNBIND, { terminal: true, answers: [{ asks, answer: 'yes' }] });
    expect(no).toMatchObject({ code: 130, stdout: '' });
    expect(no.stderr).toContain('nothing was done');
    expect(await standing(world)).toBe('2\n');
    const yes = await world.run(UNBIND, { terminal: true, answers: [{ asks: 'Type 2 to go on', answer: ' 2' }] });
    expect(yes.code).toBe(0);
    expect(await standing(world)).toBe('0\n');
  });

  it('shows with --dry-run what would go, and asks nothing', async () => {
    const world = await worldWithTwoPairs();
    const shown = await world.run([...UNBIND, '--dry-run', '--json'], { terminal: true });
    expect(shown.json).toMatchObject({ count: 2, warnings: ['nothing was sent (--dry-run); 2 would go'] });
    expect(await standing(world)).toBe('2\n');
  });

  it('asks nothing where nothing would go: not found, or done with --ignore-missing', async () => {
    const world = await openWorld();
    expect((await world.cli(...UNBIND, '--json')).error).toMatchObject({ code: 'binding-not-found', exitCode: 5 });
    expect((await world.cli(...UNBIND, '--ignore-missing', '--json')).json).toMatchObject({ count: 0 });
  });
});

describe('AXB: query', () => {
  it('takes pages of an X, as many as are wanted', async () => {
    const world = await openWorld();
    for (const last of [1, 2, 3]) {
      const pair = ['-a', `1380000001${last}`, '-b', `1380000002${last}`, '-x', X];
      expect((await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair)).code).toBe(0);
    }
    const query = ['-p', 'sandbox', 'query', '--mode', 'axb', '-x', X];
    expect((await world.cli(...query, '--limit', '2', '--json')).json).toMatchObject({ count: 2 });
    expect((await world.cli(...query, '--all', '-o', 'ndjson')).stdout.trim().split('\n')).toHaveLength(3);
    const one = await world.cli(...query, '-a', '13800000012', '--query', 'items[].b');
    expect(one.stdout).toBe('+8613800000022\n');
    const footer = await world.run([...query, '--limit', '2'], { terminal: true });
    expect(footer.stderr).toBe('the first 2; --all shows every binding\n');
  });

  it('is an empty list for an X without pairs', async () => {
    const world = await openWorld();
    const query = ['-p', 'sandbox', 'query', '--mode', 'axb', '-x', X];
    expect(await world.cli(...query, '--json')).toMatchObject({ code: 0, json: { items: [], count: 0 } });
    expect((await world.cli(...query, '--fail-if-empty')).code).toBe(9);
  });

  it('adopts what the ledger does not know', async () => {
    const world = await openWorld();
    const id = await bindPair(world);
    const other = await openWorld({ XDG_STATE_HOME: world.path('.local/state') });
    const query = ['-p', 'sandbox', 'query', '--mode', 'axb', '--id', id];
    await other.cli(...query);
    expect((await other.cli('-p', 'sandbox', 'bindings', 'list', '--json')).json).toMatchObject({ count: 0 });
    await other.cli(...query, '--adopt');
    expect((await other.cli('-p', 'sandbox', 'bindings', 'list', '--json')).json).toMatchObject({
      items: [{ subscriptionId: id }],
    });
  });
});

describe('AXB: --dry-run', () => {
  const ADDRESS = 'http://sandbox.invalid/rest/caas/relationnumber/partners/v1.0';

  it.each([
    ['bind', ['-a', A, '-b', B], { method: 'POST', url: ADDRESS, body: { callerNum: A, calleeNum: B } }],
    ['unbind', ['--id', 'some-id'], { method: 'DELETE', url: `${ADDRESS}?subscriptionId=some-id` }],
    [
      'update',
      ['--id', 'some-id', '--ttl', '2h'],
      { method: 'PUT', url: ADDRESS, body: { subscriptionId: 'some-id', duration: 7200 } },
    ],
  ] as const)('%s shows the request and sends nothing', async (verb, flags, item) => {
    const world = await openWorld();
    const shown = await world.cli('-p', 'sandbox', verb, '--mode', 'axb', ...flags, '-n', '--json');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.json).toEqual({ kind: 'Request', item });
  });
});
