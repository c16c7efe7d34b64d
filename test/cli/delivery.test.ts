import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld, type World } from '../helpers/world.js';

const CDR = fileURLToPath(new URL('../fixtures/platform/axb-cdr.json', import.meta.url));
const LISTEN = ['-p', 'sandbox', 'listen'] as const;

async function callThrough(world: World, url: string) {
  const pair = ['-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
  await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair);
  return world.cli('sandbox', 'call', '--from', '13800000002', '--to', '17000000201', '--push', url, '--json');
}

describe('listen', () => {
  it('keeps what the sandbox pushes, shows each, and ends with 0', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, [...LISTEN, '-o', 'ndjson']);
    expect(receiver.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const call = await callThrough(world, receiver.url);
    expect((call.json as { item: { pushes: { state: string }[] } }).item.pushes.map(({ state }) => state)).toEqual(
      Array(6).fill('delivered'),
    );
    const ended = await receiver.stop();
    expect(ended.code).toBe(0);
    const rows = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { push: string; result: string; status?: number; signature?: string });
    expect(rows[0]).toMatchObject({ push: 'receiver', result: 'ready' });
    expect(
      rows
        .slice(1)
        .map(({ push }) => push)
        .sort(),
    ).toEqual(['event', 'event', 'event', 'event', 'event', 'fee']);
    for (const row of rows.slice(1)) expect(row).toMatchObject({ result: 'new', status: 200, signature: 'valid' });

    const calls = await world.cli('-p', 'sandbox', 'cdr', 'list', '--json');
    expect(calls.json).toMatchObject({ count: 1, items: [{ caller: '+8613800000002', x: '+8617000000201' }] });
    expect((await world.cli('-p', 'sandbox', 'events', 'list', '--json')).json).toMatchObject({ count: 5 });
    const numbers = await world.cli('-p', 'sandbox', 'numbers', 'list', '--query', 'items[].x');
    expect(numbers.stdout).toContain('+8617000000201');
  });

  it('names the number states that came, their numbers masked', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, [...LISTEN, '-o', 'ndjson', '--max-body', '2K']);
    const numInfo = [1, 2, 3, 4, 5].map((last) => ({ number: `+8617000000${last}00`, status: '10', cause: '2' }));
    for (const body of [
      { eventType: 'numStatus', numInfo: [{ number: '+8617000000201', status: '5' }] },
      { eventType: 'numStatus', numInfo },
    ])
      expect((await fetch(receiver.url, { method: 'POST', body: JSON.stringify(body) })).status).toBe(200);
    expect((await fetch(receiver.url, { method: 'POST', body: ' '.repeat(2049) })).status).toBe(413);
    const rows = (await receiver.stop()).stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { what?: string }).what);
    expect(rows.slice(1)).toEqual([
      'number-status:+86170****0201:5',
      'number-status:+86170****0100:10:2,+86170****0200:10:2,+86170****0300:10:2,2 more',
      undefined,
    ]);
  });

  it('marks a push that comes twice', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, [...LISTEN, '-o', 'ndjson']);
    const body = await readFile(CDR);
    for (let index = 0; index < 2; index += 1) {
      const answer = await fetch(receiver.url, { method: 'POST', body });
      expect(answer.status).toBe(200);
      await answer.text();
    }
    const ended = await receiver.stop();
    const results = ended.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { result: string }).result);
    expect(results).toEqual(['ready', 'new', 'duplicate']);
    expect((await world.cli('-p', 'sandbox', 'cdr', 'list', '--json')).json).toMatchObject({ count: 1 });
  });

  it('refuses what is not signed with --verify strict, and who is not on the list', async () => {
    const world = await openWorld();
    const strict = await startCommand(world, [...LISTEN, '--verify', 'strict']);
    const body = await readFile(CDR);
    expect((await fetch(strict.url, { method: 'POST', body })).status).toBe(401);
    await strict.stop();
    const closed = await startCommand(world, [...LISTEN, '--allow-ip', '203.0.113.0/24']);
    expect((await fetch(closed.url, { method: 'POST', body })).status).toBe(403);
    await closed.stop();
    expect((await world.cli('-p', 'sandbox', 'cdr', 'list', '--json')).json).toMatchObject({ count: 0 });
  });

  it.each([
    [['--port', 'http'], 'flag-invalid'],
    [['--allow-ip', '203.0.113.0/'], 'flag-invalid'],
    [['--tls-cert', 'cert.pem'], 'flag-missing'],
    [['--verify', 'maybe'], 'flag-invalid'],
  ])('refuses %j', async (flags, code) => {
    const world = await openWorld();
    expect((await world.cli(...LISTEN, ...flags, '--json')).error).toMatchObject({ code, exitCode: 2 });
  });
});

describe('replay', () => {
  it('sends the journal again, and is judged', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, LISTEN);
    await callThrough(world, receiver.url);
    await receiver.stop();

    world.advance(60_000);
    const target = await openWorld();
    const server = await startCommand(target, [...LISTEN, '-o', 'ndjson']);
    const replay = ['-p', 'sandbox', 'replay', '--to', server.url];
    const fees = await world.cli(...replay, '--kind', 'fee', '--expect-status', '200', '--json');
    expect(fees).toMatchObject({
      code: 0,
      json: { kind: 'ReplayVerdictList', count: 1, items: [{ ok: true, status: 200 }] },
    });
    const wrong = await world.cli(...replay, '--expect-status', '204', '--json');
    expect(wrong).toMatchObject({ code: 10, json: { count: 6 } });
    expect(wrong.error).toMatchObject({
      code: 'expectation-failed',
      message: expect.stringContaining('6 of 6') as string,
    });
    await server.stop();
    expect((await target.cli('-p', 'sandbox', 'cdr', 'list', '--json')).json).toMatchObject({ count: 1 });
  });

  it('sends files, signed anew, and nothing with --dry-run', async () => {
    const world = await openWorld();
    const server = await startCommand(world, [...LISTEN, '--verify', 'strict', '-o', 'ndjson']);
    const replay = ['-p', 'sandbox', 'replay', CDR, '--to', server.url];
    expect((await world.cli(...replay, '--dry-run')).code).toBe(0);
    expect((await world.cli(...replay)).code).toBe(10);
    expect((await world.cli(...replay, '--resign')).code).toBe(0);
    const ended = await server.stop();
    const statuses = ended.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { status?: number }).status);
    expect(statuses).toEqual([undefined, 401, 200]);
  });

  it.each([
    ['en', '127.0.0.1:1 cannot be reached (ECONNREFUSED)', 'HTTP 200, not 204'],
    ['zh', '127.0.0.1:1 无法连接（ECONNREFUSED）', 'HTTP 200，不是 204'],
  ])('tells in the language %s why a push failed', async (lang, gone, wrong) => {
    const world = await openWorld();
    const server = await startCommand(world, LISTEN);
    const replay = ['replay', CDR, '--expect-status', '204', '--lang', lang];
    const nobody = await world.cli(...replay, '--to', 'http://127.0.0.1:1', '--report-file', 'replay.xml', '--json');
    expect(nobody).toMatchObject({ code: 10, json: { items: [{ ok: false, reason: gone }] } });
    expect(await world.read('replay.xml')).toContain(`<failure message="${gone}"/>`);
    const other = await world.cli(...replay, '--to', server.url, '-o', 'tsv', '--fields', 'reason');
    expect(other).toMatchObject({ code: 10, stdout: `reason\n${wrong}\n` });
  });

  it('is no success where files could not be read', async () => {
    const world = await openWorld();
    const server = await startCommand(world, LISTEN);
    await world.write('bad.json', '{"no":"push"}');
    const nothing = await world.cli('replay', 'bad.json', '--to', server.url, '--json');
    expect(nothing.error).toMatchObject({ code: 'input-invalid', exitCode: 2 });
    const some = await world.cli('replay', 'bad.json', CDR, '--to', server.url, '--json');
    expect(some).toMatchObject({ code: 3, json: { count: 1 }, error: { code: 'some-failed' } });
  });

  it.each([
    [[], 'flag-missing'],
    [['--to', 'localhost:80'], 'flag-invalid'],
    [['--to', 'http://127.0.0.1:1', '--speed', '2x'], 'flag-invalid'],
    [['--to', 'http://127.0.0.1:1', '--kind', 'call'], 'flag-invalid'],
    [['--to', 'http://127.0.0.1:1', '--set', 'a'], 'flag-invalid'],
    [['--to', 'http://127.0.0.1:1', '--time-scale', '600x'], 'flag-conflict'],
    [['--to', 'http://127.0.0.1:1', '--as-platform', '--time-scale', '0x'], 'flag-invalid'],
    [['--to', 'http://127.0.0.1:1', '--report', 'html'], 'flag-invalid'],
    [['--to', 'http://127.0.0.1:1', '--limit', 'all'], 'flag-invalid'],
    [['--to', 'http://127.0.0.1:1', CDR, '--failed-of', 'last'], 'input-unreadable'],
    [['--to', 'http://127.0.0.1:1', CDR, '--resume', 'last'], 'flag-conflict'],
    [['--resume', 'last', '--failed-of', 'last'], 'flag-conflict'],
    [['--resume', '../x'], 'flag-invalid'],
    [['--list-runs', '--to', 'http://127.0.0.1:1'], 'flag-conflict'],
    [['--list-runs', CDR], 'flag-conflict'],
    [['--prune-runs', '30d', '--kind', 'fee'], 'flag-conflict'],
    [['--list-runs', '--prune-runs', '30d'], 'flag-conflict'],
  ])('refuses %j', async (flags, code) => {
    const world = await openWorld();
    expect((await world.cli('-p', 'sandbox', 'replay', ...flags, '--json')).error).toMatchObject({ code, exitCode: 2 });
  });
});
