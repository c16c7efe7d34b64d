import { copyFile, cp, rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openWorld, type World } from '../helpers/world.js';

const DATA = '.local/share/privacy-call/sandbox';
const X = '17000000201';

async function bind(world: World, a: string, more: readonly string[] = []): Promise<string> {
  const numbers = ['-a', `138000000${a}`, '-b', `138000001${a}`, '-x', X];
  const bound = await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...numbers, ...more, '--json');
  return (bound.json as { item: { subscriptionId: string } }).item.subscriptionId;
}

async function refresh(world: World, ...flags: string[]) {
  return world.cli('-p', 'sandbox', 'numbers', 'refresh', '--rate', 'max', ...flags, '--json');
}

/** Runs `work` on a copy of the books that is thrown away: what it does is done elsewhere. */
async function elsewhere<T>(world: World, work: () => Promise<T>): Promise<T> {
  await cp(world.path(DATA), world.path('books'), { recursive: true });
  const result = await work();
  await rm(world.path(DATA), { recursive: true });
  await cp(world.path('books'), world.path(DATA), { recursive: true });
  return result;
}

describe('numbers refresh', () => {
  it('adopts, updates, and marks what is gone with what is known of the reason', async () => {
    const world = await openWorld();
    const kept = await bind(world, '01');
    const short = await bind(world, '02', ['--ttl', '2m']);
    const unbound = await bind(world, '03');
    const changed = await bind(world, '04');
    const made = await elsewhere(world, async () => {
      await world.cli('-p', 'sandbox', 'unbind', '--id', unbound);
      await world.cli('-p', 'sandbox', 'update', '--id', changed, '-b', '13800000999');
      return bind(world, '05');
    });
    world.advance(180_000);

    const shown = await refresh(world, '--changes', '--dry-run');
    const differences = [
      { change: 'adopted', subscriptionId: made },
      { change: 'updated', subscriptionId: changed, b: '+8613800000999' },
      { change: 'expired', subscriptionId: short },
      { change: 'missing', subscriptionId: unbound },
    ];
    const sorted = (items: { change: string }[]): unknown[] =>
      items.sort((one, other) => one.change.localeCompare(other.change));
    expect(sorted(shown.json.items as { change: string }[])).toMatchObject(sorted(differences));
    expect((await world.cli('-p', 'sandbox', 'bindings', 'list', '--json')).json).toMatchObject({ count: 3 });

    const done = await refresh(world);
    expect(done).toMatchObject({ code: 0 });
    expect(done.json.items).toMatchObject([
      { x: `+86${X}`, bindings: 3, adopted: 1, updated: 1, expired: 1, missing: 1, settled: 0 },
    ]);
    const list = await world.cli('-p', 'sandbox', 'bindings', 'list', '--state', 'all', '--json');
    const notes = Object.fromEntries(
      (list.json.items as { subscriptionId: string; state: string; note?: string }[]).map((row) => [
        row.subscriptionId,
        [row.state, row.note],
      ]),
    );
    expect(notes[kept]).toEqual(['active', undefined]);
    expect(notes[made]?.[0]).toBe('active');
    expect(notes[short]).toEqual(['gone', 'expired: its time was over, and the platform has it no more']);
    expect(notes[unbound]?.[0]).toBe('gone');
    expect(notes[unbound]?.[1]).toMatch(/it does not say why: unbound elsewhere/);
    const again = await refresh(world, '--changes');
    expect(again.json.items).toEqual([]);
  });

  it('reads page after page, and asks for one that a long answer did not show before it counts as missing', async () => {
    const world = await openWorld();
    const rows = Array.from({ length: 120 }, (_, at) => `1380000${1000 + at},1380001${1000 + at},${X}`);
    await world.write('rows.csv', `a,b,x\n${rows.join('\n')}\n`);
    const bulk = ['bind', '--mode', 'axb', '--file', 'rows.csv', '--rate', 'max', '--yes'];
    expect((await world.cli('-p', 'sandbox', ...bulk)).code).toBe(0);
    const ledger = world.path(`${DATA}/ledger.ndjson`);
    await copyFile(ledger, world.path('whole'));
    await rm(ledger);
    expect((await refresh(world)).json.items).toMatchObject([{ bindings: 120, adopted: 120 }]);
    const list = await world.cli('-p', 'sandbox', 'bindings', 'list', '--query', 'count');
    expect(list.stdout).toBe('120\n');
  });

  it('goes on after a stop with the numbers that are left, and asks all again when it had ended', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', 'X号码,模式\n17000000201,axb\n17000000202,axb\n17000000203,axb\n');
    await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv');
    const stop = new AbortController();
    const one = ['numbers', 'refresh', '--rate', 'max', '--concurrency', '1', '-o', 'ndjson'];
    const stopped = await world.run(['-p', 'sandbox', ...one], {
      signal: stop.signal,
      onWrite: () => {
        stop.abort(new Error('stop'));
      },
    });
    expect(stopped.code).not.toBe(0);
    const first = stopped.stdout.trim().split('\n').length;
    expect(first).toBeLessThan(3);
    world.advance(1000);
    const rest = await refresh(world);
    expect(rest.stderr).toContain(`goes on with a stopped refresh: ${first} of 3 numbers`);
    expect(rest.json.items).toHaveLength(3 - first);
    world.advance(1000);
    expect((await refresh(world)).json.items).toHaveLength(3);
  });

  it('leaves out what cannot be asked, and goes on after a number that is not of the application', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', 'X号码,模式\n17000000501,x\n17000000201,axb\n17099999999,axb\n17000000101,\n');
    await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv');
    const done = await refresh(world);
    expect(done.code).toBe(3);
    expect(done.json.items).toMatchObject([
      { x: '+8617000000201', bindings: 0 },
      { x: '+8617099999999', code: 'number-not-found' },
    ]);
    expect((done.json.warnings as string[]).join()).toMatch(/1 number left out: nothing tells the mode.*in X mode/);
    const typed = await refresh(world, '17000000101');
    expect(typed.error).toMatchObject({ code: 'flag-missing' });
    expect((await refresh(world, '17000000101', '--mode', 'ax')).json.items).toMatchObject([
      { mode: 'ax', bindings: 0 },
    ]);
  });
});
