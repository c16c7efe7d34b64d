import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorOf, type Json, makeWorld, ROOT, until, type World } from '../helpers/bin.js';
import { wavFacts } from '../helpers/wav-facts.js';

/** The way that every user goes, with the built program and real processes. */

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8617000000201';
const CDR = join(ROOT, 'test/fixtures/platform/axb-cdr.json');

const MODES = [
  { mode: 'axb', bind: ['-a', A, '-b', B], update: ['--ttl', '2h'], is: { a: A, b: B, x: X } },
  {
    mode: 'ax',
    bind: ['-a', A, '-x', '+8617000000101'],
    update: ['--no-sms'],
    is: { a: A, x: '+8617000000101', expiresAt: null },
  },
  {
    mode: 'axe',
    bind: ['-a', A, '-x', '+8617000000301', '--ext', '1234'],
    update: ['--ttl', '2h'],
    is: { a: A, x: '+8617000000301', extension: '1234' },
  },
] as const;

/** A client whose profile is the application of `mode`: in the sandbox of its own process, or of a server over HTTP. */
async function client(how: 'embedded' | 'over HTTP', mode: string): Promise<{ world: World; as: readonly string[] }> {
  const world = await makeWorld();
  if (how === 'embedded') return { world, as: ['-p', 'sandbox'] };
  const host = await makeWorld();
  const { url } = await host.serve(['sandbox', 'start', '--port', '0']);
  await world.login(url, mode);
  return { world, as: ['-p', 'shop'] };
}

describe.each(['embedded', 'over HTTP'] as const)('bindings, the platform %s', (how) => {
  it.each(MODES)('$mode: bind, query, update, unbind, each told as JSON', async ({ mode, bind, update, is }) => {
    const { world, as } = await client(how, mode);
    const bound = await world.json([...as, 'bind', '--mode', mode, ...bind, '--json']);
    expect(bound).toMatchObject({ kind: 'Binding', item: { kind: 'Binding', mode, ...is } });
    const id: string = bound.item.subscriptionId;
    expect(id.length).toBeGreaterThan(8);
    const queried = await world.json([...as, 'query', '--id', id, '--json']);
    expect(queried).toMatchObject({ kind: 'BindingList', count: 1, next: null, warnings: [] });
    expect(queried.items[0]).toMatchObject({ subscriptionId: id, mode, ...is });
    const updated = await world.json([...as, 'update', '--id', id, ...update, '--json']);
    expect(updated).toMatchObject({ kind: 'Binding', item: { subscriptionId: id, x: is.x } });
    const listed = await world.json([...as, 'bindings', 'list', '--json']);
    expect(listed.items).toMatchObject([{ subscriptionId: id, state: 'active' }]);
    const unbound = await world.json([...as, 'unbind', '--id', id, '--json']);
    expect(unbound).toMatchObject({ kind: 'BindingList', count: 1, items: [{ subscriptionId: id }] });
    const again = await world.run([...as, 'query', '--id', id, '--json']);
    expect([again.code, errorOf(again).code]).toEqual([5, 'binding-not-found']);
    expect(JSON.parse(again.stdout)).toMatchObject({ items: [], count: 0 });
    expect((await world.json([...as, 'bindings', 'list', '--state', 'all', '--json'])).items).toMatchObject([
      { subscriptionId: id, state: 'gone' },
    ]);
  });

  it('axyb: A with X, then B with Y; nothing can be changed', async () => {
    const { world, as } = await client(how, 'axyb');
    const bound = await world.json([...as, 'bind', '--mode', 'axyb', '-a', A, '--area', '0755', '--json']);
    const { subscriptionId: id, x } = bound.item;
    expect(x).toMatch(/^\+86170000004\d\d$/);
    const second = await world.json([...as, 'bind', '--mode', 'axyb', '--id', id, '-b', B, '--json']);
    expect(second.item).toMatchObject({ subscriptionId: id, b: B });
    expect(second.item.y).toMatch(/^\+86170000004\d\d$/);
    const queried = await world.json([...as, 'query', '--id', id, '--json']);
    expect(queried.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ subscriptionId: id, b: B, y: second.item.y })]),
    );
    const changed = await world.run([...as, 'update', '--id', id, '--ttl', '2h', '--json']);
    expect([changed.code, errorOf(changed).code, changed.stdout]).toEqual([2, 'flag-invalid', '']);
    const careless = await world.run([...as, 'unbind', '--id', id, '--json']);
    expect([careless.code, errorOf(careless).code]).toEqual([2, 'confirmation-missing']);
    await world.json([...as, 'unbind', '--id', id, '--yes', '--expect', '1', '--json']);
    expect((await world.run([...as, 'query', '--id', id, '--json'])).code).toBe(5);
  });
});

describe('inspect', () => {
  const RECORD = {
    startedAt: '2019-01-23T17:15:14+08:00',
    talkSeconds: 65,
    billedMinutes: 2,
    outcome: 'answered',
    caller: '+86138****0021',
  };

  it('shows the documented record in Beijing time, whatever the zone of the machine', async () => {
    const world = await makeWorld();
    const shown = await world.json(['inspect', CDR, '--json']);
    expect(shown).toMatchObject({ kind: 'RecordList', count: 1, items: [{ kind: 'CallRecord', ...RECORD }] });
    const table = await world.run(['cdr', 'list', CDR, '--fields', 'startedAt,talkSeconds,billedMinutes']);
    expect(table).toMatchObject({
      code: 0,
      stdout: 'startedAt\ttalkSeconds\tbilledMinutes\n2019-01-23T17:15:14+08:00\t65\t2\n',
      stderr: '',
    });
    const utc = await world.json(['inspect', CDR, '--tz', 'UTC', '--json']);
    expect(utc.items[0].startedAt).toBe('2019-01-23T09:15:14Z');
  });

  it('reads a folder, a gzip, a glob and stdin alike', async () => {
    const world = await makeWorld();
    const folder = join(world.folder, 'calls');
    await mkdir(join(folder, 'deep'), { recursive: true });
    await copyFile(CDR, join(folder, 'deep', 'call.json'));
    const bytes = await readFile(CDR);
    const zipped = join(world.folder, 'call.json.gz');
    await writeFile(zipped, gzipSync(bytes));
    const ways: [string[], { stdin?: Uint8Array; cwd?: string }][] = [
      [[folder], {}],
      [[zipped], {}],
      [['calls/**/*.json'], { cwd: world.folder }],
      [['-'], { stdin: bytes }],
      [['-'], { stdin: gzipSync(bytes) }],
    ];
    for (const [argv, options] of ways) {
      const shown = await world.json(['inspect', ...argv, '--json'], options);
      expect(shown.items, argv.join(' ')).toMatchObject([RECORD]);
    }
  });
});

describe('the whole way, each part a process', () => {
  it('bind → call → journal → cdr list → recording → replay', { timeout: 180_000 }, async () => {
    const host = await makeWorld();
    const shop = await makeWorld();
    const sandbox = await host.serve(['sandbox', 'start', '--port', '0', '-o', 'ndjson']);
    await shop.login(sandbox.url);
    const receiver = await shop.serve(['-p', 'shop', 'listen', '--port', '0', '--verify', 'strict', '-o', 'ndjson']);
    const bound = await shop.json(['bind', '-a', A, '-b', B, '--area', '0755', '--record', '--ttl', '2h', '--json']);
    expect(bound.item).toMatchObject({ x: X, recording: true });

    const talk = ['--from', B, '--to', X, '--talk', '65s', '--push', receiver.url];
    const call = (await host.json(['sandbox', 'call', ...talk, '--json'])).item;
    expect(call).toMatchObject({ outcome: 'answered', talkSeconds: 65, billedMinutes: 2, direction: 'b-to-a' });
    expect((call.pushes as { state: string }[]).filter(({ state }) => state !== 'delivered')).toEqual([]);
    await until(() => receiver.stdout().includes('"push":"fee"'));
    const rows = receiver
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    expect(rows[0]).toMatchObject({ push: 'receiver', result: 'ready', what: receiver.url });
    expect(
      rows.slice(1).map(({ push, result, status, signature }) => [push, result, status, signature].map(String)),
    ).toEqual([...Array.from({ length: 5 }, () => ['event', 'new', '200', 'valid']), ['fee', 'new', '200', 'valid']]);

    const listed = await shop.json(['cdr', 'list', '--json']);
    expect(listed).toMatchObject({ kind: 'CallRecordList', count: 1 });
    const { sessionId, icid, startedAt, subscriptionId } = listed.items[0];
    expect([sessionId, icid, startedAt]).toEqual([call.sessionId, call.icid, call.startedAt]);
    expect(subscriptionId).toBe(bound.item.subscriptionId);

    const recordings = join(shop.folder, 'recordings');
    const download = ['recordings', 'download', '--dir', recordings, '--json'];
    const [saved] = (await shop.json(download)).items;
    expect(saved).toMatchObject({ state: 'saved', durationSeconds: 65 });
    expect(isAbsolute(saved.file as string)).toBe(true);
    expect((saved.file as string).startsWith(recordings)).toBe(true);
    // Eight thousand bytes a second: A-law, mono, 8 bits.
    expect(wavFacts(saved.file as string)).toMatchObject({
      format: 6,
      channels: 1,
      rate: 8000,
      bits: 8,
      sound: 520_000,
      promised: 520_000,
    });
    const file = spawnSync('file', ['-b', saved.file as string], { encoding: 'utf8' });
    if (file.status === 0) expect(file.stdout).toMatch(/WAVE audio, .*A-law, mono 8000 Hz/);
    expect((await shop.json(download)).items).toMatchObject([{ state: 'already', file: saved.file }]);

    const target = await startTarget();
    const replayed = await shop.json(['replay', '--to', target.url, '--expect-status', '200', '--json']);
    expect((replayed.items as Json[]).map(({ ok, status }) => [ok as boolean, status as number])).toEqual(
      Array.from({ length: 6 }, () => [true, 200]),
    );
    expect(target.received.map(({ eventType }) => eventType as string)).toEqual([
      ...Array.from({ length: 5 }, () => expect.any(String) as string),
      'fee',
    ]);
    expect(target.received[5]!.feeLst[0]).toMatchObject({ sessionId, icid });
    const again = await shop.run(['replay', '--kind', 'fee', '--to', receiver.url, '--json']);
    expect(again.code).toBe(0);
    await until(() => receiver.stdout().includes('"result":"duplicate"'));
    expect((await shop.json(['cdr', 'list', '--json'])).count).toBe(1);
    const wrong = await shop.run(['replay', '--kind', 'fee', '--to', target.url, '--expect-status', '204', '--json']);
    expect([wrong.code, errorOf(wrong).code]).toEqual([10, 'expectation-failed']);

    expect((await receiver.stop()).code).toBe(0);
    expect((await sandbox.stop()).code).toBe(0);
  });
});

/** A server of the team: keeps what it is sent. */
async function startTarget(): Promise<{ url: string; received: Json[] }> {
  const received: Json[] = [];
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      received.push(JSON.parse(Buffer.concat(pieces).toString()) as Json);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
