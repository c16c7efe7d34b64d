import { appendFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LEDGER_CODEC } from '../../src/store/file/entry-codecs.js';
import { sealLine } from '../../src/store/file/sealed-line.js';
import { openWorld, type World } from '../helpers/world.js';

/** The job as a process left it that was killed between its request and the line of the outcome. */
async function cutOutcome(world: World, id: string): Promise<void> {
  const file = world.path(`.local/state/privacy-call/jobs/${id}.ndjson`);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines.at(-2)).toContain('"state":"sent"');
  await writeFile(file, `${lines.slice(0, -1).join('\n')}\n`);
}

function run(world: World, ...argv: string[]) {
  return world.cli('-p', 'sandbox', ...argv, '--yes', '--json');
}

async function idsOn(world: World, mode: string, ...named: string[]): Promise<string[]> {
  const { json } = await run(world, 'query', '--mode', mode, ...named);
  return (json.items as { subscriptionId: string }[]).map(({ subscriptionId }) => subscriptionId);
}

const CASES = [
  {
    mode: 'ax',
    file: 'x\n17000000101\n',
    first: ['-a', '13800000001', '-x', '17000000101'],
    later: ['-a', '13800000002', '-x', '17000000101'],
    named: ['-x', '17000000101'],
  },
  {
    mode: 'axe',
    file: 'x,extension\n17000000301,1234\n',
    first: ['-a', '13800000001', '-x', '17000000301', '--ext', '1234'],
    later: ['-a', '13800000002', '-x', '17000000301', '--ext', '1234'],
    named: ['-x', '17000000301', '--ext', '1234'],
  },
  {
    mode: 'axb',
    file: 'a,b,x\n13800000001,13900000001,17000000201\n',
    first: ['-a', '13800000001', '-b', '13900000001', '-x', '17000000201'],
    later: ['-a', '13800000001', '-b', '13900000001', '-x', '17000000201'],
    named: ['-x', '17000000201'],
  },
] as const;

describe('issue 6: jobs resume of an unbind', () => {
  it.each(CASES)('removes no binding that was made after the row had left ($mode)', async (one) => {
    const world = await openWorld();
    const { mode } = one;
    expect((await run(world, 'bind', '--mode', mode, ...one.first)).code).toBe(0);
    await world.write('gone.csv', one.file);
    const done = await run(world, 'unbind', '--mode', mode, '--file', 'gone.csv');
    expect(done).toMatchObject({ code: 0, json: { item: { done: 1 } } });
    await cutOutcome(world, done.json.item.id as string);
    const later = await run(world, 'bind', '--mode', mode, ...one.later);
    expect(later.code).toBe(0);
    const resumed = await run(world, 'jobs', 'resume', done.json.item.id as string);
    expect(resumed).toMatchObject({ code: 0, json: { item: { done: 1, left: 0 } } });
    expect(await idsOn(world, mode, ...one.named)).toEqual([later.json.item.subscriptionId]);
  });

  it('sends again, for the same binding, what the platform has not done', async () => {
    const world = await openWorld();
    await run(world, 'bind', '--mode', 'ax', '-a', '13800000001', '-x', '17000000101');
    await world.write('gone.csv', 'x\n17000000101\n');
    // The question for the ID is the first request, the unbind the second.
    await world.cli('sandbox', 'fault', 'slow', '--delay', '1ms', '--count', '1');
    await world.cli('sandbox', 'fault', 'down', '--count', '1');
    const done = await run(world, 'unbind', '--mode', 'ax', '--file', 'gone.csv', '--pause', '10ms');
    expect(done).toMatchObject({ code: 0, json: { item: { done: 1 } } });
    const log = await world.read(`.local/state/privacy-call/jobs/${done.json.item.id as string}.ndjson`);
    const ids = [...log.matchAll(/"state":"sent","at":"[^"]+","id":"([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(await idsOn(world, 'ax', '-x', '17000000101')).toEqual([]);
  });

  it('leaves a row in doubt whose job noted no ID and whose X carries a binding', async () => {
    const world = await openWorld();
    await run(world, 'bind', '--mode', 'ax', '-a', '13800000001', '-x', '17000000101');
    await world.write('gone.csv', 'x\n17000000101\n');
    const done = await run(world, 'unbind', '--mode', 'ax', '--file', 'gone.csv');
    const id = done.json.item.id as string;
    await cutOutcome(world, id);
    const file = world.path(`.local/state/privacy-call/jobs/${id}.ndjson`);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(0, -1);
    const sent = sealLine(['{"v":1,"row":0,"state":"sent","at":"2026-11-22T00:00:00.000Z"']).toString();
    await writeFile(file, `${lines.join('\n')}\n${sent}`);
    const later = await run(world, 'bind', '--mode', 'ax', '-a', '13800000002', '-x', '17000000101');
    const resumed = await run(world, 'jobs', 'resume', id);
    expect(resumed).toMatchObject({ code: 3, json: { item: { done: 0, inDoubt: 1 } } });
    expect(await idsOn(world, 'ax', '-x', '17000000101')).toEqual([later.json.item.subscriptionId]);
  });
});

describe('issue 6: a row that names A', () => {
  it('never removes another A from X', async () => {
    const world = await openWorld();
    const other = await run(world, 'bind', '--mode', 'ax', '-a', '13800000002', '-x', '17000000101');
    await world.write('gone.csv', 'a,x\n13800000001,17000000101\n');
    const refused = await run(world, 'unbind', '--mode', 'ax', '--file', 'gone.csv');
    expect(refused).toMatchObject({ code: 3, json: { item: { done: 0, refused: 1 } } });
    expect(await idsOn(world, 'ax', '-x', '17000000101')).toEqual([other.json.item.subscriptionId]);
  });
});

describe('issue 6: jobs resume of an update', () => {
  it('changes no binding that was made after the row had left', async () => {
    const world = await openWorld();
    const first = await run(world, 'bind', '--mode', 'ax', '-a', '13800000001', '-x', '17000000101');
    await world.write('change.csv', 'x,userData\n17000000101,order-1\n');
    const done = await run(world, 'update', '--mode', 'ax', '--file', 'change.csv');
    expect(done).toMatchObject({ code: 0, json: { item: { done: 1 } } });
    await cutOutcome(world, done.json.item.id as string);
    await run(world, 'unbind', '--mode', 'ax', '--id', first.json.item.subscriptionId as string);
    await run(world, 'bind', '--mode', 'ax', '-a', '13800000002', '-x', '17000000101', '--user-data', 'order-2');
    const resumed = await run(world, 'jobs', 'resume', done.json.item.id as string);
    expect(resumed).toMatchObject({ code: 3, json: { item: { done: 0, inDoubt: 1 } } });
    const { json } = await run(world, 'query', '--mode', 'ax', '-x', '17000000101');
    expect(json.items).toMatchObject([{ userData: 'order-2' }]);
  });
});

describe('issue 6: jobs resume beside a large ledger', () => {
  it('takes from the ledger what an earlier run bound, and finds by numbers what an unbind names', async () => {
    const world = await openWorld();
    const rows = Array.from({ length: 150 }, (_, n) => `${13800000100 + n},${13900000100 + n}\n`);
    await world.write('pairs.csv', `a,b\n${rows.join('')}`);
    const bound = await run(
      world,
      'bind',
      '--mode',
      'axb',
      '--file',
      'pairs.csv',
      '--rate',
      'max',
      '--concurrency',
      '1',
    );
    expect(bound).toMatchObject({ code: 0, json: { item: { done: 150 } } });
    const id = bound.json.item.id as string;
    await cutOutcome(world, id);
    await enlarge(world.path('.local/share/privacy-call/sandbox/ledger.ndjson'));
    // Without X the platform cannot be asked, and no inventory tells which X to look on.
    await rm(world.path('.local/share/privacy-call/sandbox/inventory.ndjson'));
    const resumed = await run(world, 'jobs', 'resume', id);
    expect(resumed).toMatchObject({ code: 0, json: { item: { done: 150, inDoubt: 0, left: 0 } } });
    const gone = await run(
      world,
      'unbind',
      '--mode',
      'axb',
      '--file',
      'pairs.csv',
      '--rate',
      'max',
      '--concurrency',
      '1',
    );
    expect(gone).toMatchObject({ code: 0, json: { item: { done: 150 } } });
    expect((await run(world, 'bindings', 'list', '-b', '13900000100')).json).toMatchObject({ count: 0 });
  });
});

/** Makes a ledger so long that it gets an index. */
async function enlarge(file: string): Promise<void> {
  const lines = Array.from({ length: 16_000 }, (_, n) => {
    const subscriptionId = `other-${n}`;
    const numbers = {
      a: `+86137${String(n).padStart(8, '0')}`,
      b: `+86136${String(n).padStart(8, '0')}`,
      x: '+8617000000212',
    };
    const binding = { kind: 'Binding', mode: 'axb', subscriptionId, ...numbers, expiresAt: null } as const;
    const at = new Date('2026-11-01T00:00:00Z');
    const entry = { key: `axb:${subscriptionId}`, at, mode: 'axb', action: 'bind', state: 'active', binding } as const;
    return sealLine([JSON.stringify({ v: 1, ...LEDGER_CODEC.encode(entry) }).slice(0, -1)]);
  });
  await appendFile(file, Buffer.concat(lines));
  expect((await stat(file)).size).toBeGreaterThan(4 * 1024 * 1024);
}
