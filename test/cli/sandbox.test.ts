import { describe, expect, it } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld, type World } from '../helpers/world.js';

const PAIR = ['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
const CALL = ['sandbox', 'call', '--from', '13800000002', '--to', '17000000201'];

async function count(world: World): Promise<string> {
  return (await world.cli('-p', 'sandbox', 'query', '--mode', 'axb', '-x', '17000000201', '--query', 'count')).stdout;
}

describe('sandbox call', () => {
  it.each([
    ['answered', 'answered', '0'],
    ['busy', 'busy', '17'],
    ['no-answer', 'no-answer', '19'],
    ['rejected', 'rejected', '21'],
  ])('--outcome %s is a CDR that says so', async (outcome, expected) => {
    const world = await openWorld();
    await world.cli(...PAIR);
    const call = await world.cli(...CALL, '--outcome', outcome, '--json');
    expect(call).toMatchObject({
      code: 0,
      json: { kind: 'CallRecord', item: { outcome: expected, x: '+8617000000201' } },
    });
  });

  it('talks as long as it is told', async () => {
    const world = await openWorld();
    await world.cli(...PAIR);
    const call = await world.cli(...CALL, '--talk', '65s', '--json');
    expect(call.json).toMatchObject({
      item: { talkSeconds: 65, billedMinutes: 2, endedAt: '2026-11-22T08:00:00+08:00', pushes: [] },
    });
  });

  it('fails as the platform would where nobody is bound', async () => {
    const world = await openWorld();
    const call = await world.cli(...CALL, '--query', 'item.outcome');
    expect(call.stdout).toBe('no-binding\n');
  });

  it('reaches A behind an extension', async () => {
    const world = await openWorld();
    await world.cli(
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'axe',
      '-a',
      '13800000004',
      '-x',
      '17000000301',
      '--ext',
      '1234',
    );
    const dial = ['sandbox', 'call', '--from', '13800000008', '--to', '17000000301', '--digits', '1234'];
    const call = await world.cli(...dial, '--json');
    expect(call.json).toMatchObject({ item: { callee: '+8613800000004', extension: '1234', outcome: 'answered' } });
  });

  it.each([
    [['--to', '17000000201'], 'flag-missing', 2],
    [['--from', '13800000002'], 'flag-missing', 2],
    [['--from', '12', '--to', '17000000201'], 'flag-invalid', 2],
    [['--from', '13800000002', '--to', '17000000999'], 'number-not-found', 5],
    [['--from', '13800000002', '--to', '17000000201', '--outcome', 'odd'], 'flag-invalid', 2],
    [['--from', '13800000002', '--to', '17000000201', '--push', 'nowhere'], 'flag-invalid', 2],
  ])('refuses %j', async (flags, code, exitCode) => {
    const world = await openWorld();
    expect((await world.cli('sandbox', 'call', ...flags, '--json')).error).toMatchObject({ code, exitCode });
  });
});

describe('sandbox sms, number, clock, reset, fault', () => {
  it('sms shows the notice', async () => {
    const world = await openWorld();
    await world.cli(...PAIR);
    const sms = await world.cli(
      'sandbox',
      'sms',
      '--from',
      '13800000001',
      '--to',
      '17000000201',
      '--text',
      'hi',
      '--json',
    );
    expect(sms).toMatchObject({ code: 0, json: { kind: 'Sms', item: { x: '+8617000000201' } } });
  });

  it('number changes the state of an X, and binds answer accordingly', async () => {
    const world = await openWorld();
    const changed = await world.cli('sandbox', 'number', '17000000201', '--status', '10', '--cause', '3', '--json');
    expect(changed.json).toMatchObject({
      kind: 'SandboxNumber',
      item: { status: { code: '10' }, cause: { code: '3' } },
    });
    expect((await world.cli(...PAIR, '--json')).error).toMatchObject({ code: 'number-blocked', exitCode: 6 });
    await world.cli('sandbox', 'number', '17000000201', '--status', '5');
    expect((await world.cli(...PAIR)).code).toBe(0);
    const odd = await world.cli('sandbox', 'number', '17000000201', '--status', '6', '--json');
    expect(odd.error).toMatchObject({ code: 'flag-invalid' });
    const cause = await world.cli('sandbox', 'number', '17000000201', '--status', '10', '--cause', '4');
    expect(cause).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: --cause 4: must be 1, 2, 3, 5, 6, 7, 8 or 9\nhint:/) as string,
    });
  });

  it('number that changes nothing says so, and does not ask for an address', async () => {
    const world = await openWorld();
    const pushesOf = async (...flags: string[]) =>
      (await world.cli('sandbox', 'number', '17000000201', ...flags, '-o', 'tsv', '--fields', 'pushes')).stdout;
    expect(await pushesOf()).toBe('pushes\nnothing changed: nothing was pushed\n');
    expect(await pushesOf('--status', '5')).toBe('pushes\nnothing changed: nothing was pushed\n');
    expect(await pushesOf('--status', '9')).toBe(
      'pushes\nno push address is set: nothing was pushed (--push <address>)\n',
    );
  });

  it.each([
    [[...CALL, '--talk', '25h'], '--talk 25h: must be at most 24h'],
    [[...CALL, '--ring', '11m'], '--ring 11m: must be at most 10m'],
    [[...CALL, '--count', '51'], '--count 51: must be a whole number from 1 to 50'],
    [[...CALL, '--push-cdr', 'x'], '--push-cdr x: must be an address such as https://example.com/fee'],
    [[...CALL, '--answer-wait', '0'], '--answer-wait 0: must not be 0'],
  ])('names the flag: %j', async (line, message) => {
    const world = await openWorld();
    expect(await world.cli(...line)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`error: ${message}\nhint: `) as string,
    });
  });

  it('tells its numbers where one is none of them', async () => {
    const world = await openWorld();
    const other = await world.cli('sandbox', 'number', '17000009999');
    expect([other.code, other.stderr]).toEqual([
      5,
      'error: +86170****9999 is no number of the sandbox\n' +
        'hint:  It has 12 for each mode, 1700000 and then 0101 to 0112 (AX), 0201… (AXB), 0301… (AXE), 0401… (AXYB), 0501… (X).\n',
    ]);
  });

  it('fault shows how long and with what', async () => {
    const world = await openWorld();
    await world.cli('sandbox', 'fault', 'slow', '--delay', '2s');
    const faults = await world.cli('sandbox', 'fault', '5xx', '--status', '502', '--count', '2');
    expect(faults.stdout).toBe('kind\tcount\tshare\tpath\tdelayMs\tstatus\nslow\t\t\t\t2000\t\n5xx\t2\t\t\t\t502\n');
  });

  it('clock is set, moved and let go', async () => {
    const world = await openWorld();
    const clock = async (...flags: string[]) =>
      (await world.cli('sandbox', 'clock', ...flags, '--query', 'item.now')).stdout.trim();
    expect(await clock()).toBe('2026-11-22T08:00:00+08:00');
    expect(await clock('--set', '2026-12-01 08:00', '--freeze')).toBe('2026-12-01T08:00:00+08:00');
    world.advance(60_000);
    expect(await clock('--advance', '2h')).toBe('2026-12-01T10:00:00+08:00');
    expect(await clock('--real')).toBe('2026-11-22T08:01:00+08:00');
    const both = await world.cli('sandbox', 'clock', '--real', '--advance', '2h', '--json');
    expect(both.error).toMatchObject({ code: 'flag-conflict' });
  });

  it('shows in the zone when a push was made and when it is tried again', async () => {
    const world = await openWorld();
    const push = ['--status', '10', '--push', 'http://127.0.0.1:1', '--query', 'item.pushes[0].[queuedAt, dueAt]'];
    const made = await world.cli('sandbox', 'number', '17000000201', ...push);
    expect(made.stdout).toBe('2026-11-22T08:00:00+08:00\n2026-11-22T08:01:00+08:00\n');
  });

  it('reset forgets bindings, after a question', async () => {
    const world = await openWorld();
    await world.cli(...PAIR);
    expect((await world.cli('sandbox', 'reset', '--json')).error).toMatchObject({ code: 'confirmation-missing' });
    expect(await count(world)).toBe('1\n');
    expect((await world.cli('sandbox', 'reset', '--seed', '7', '--yes', '--json')).json).toMatchObject({
      item: { seed: 7 },
    });
    expect(await count(world)).toBe('0\n');
  });

  it('the same seed gives the same answers', async () => {
    const ids = [];
    for (let index = 0; index < 2; index += 1) {
      const world = await openWorld();
      await world.cli('sandbox', 'reset', '--seed', '7', '--yes');
      ids.push((await world.cli(...PAIR, '--query', 'item.subscriptionId')).stdout);
    }
    expect(ids[0]).toBe(ids[1]);
  });

  it('fault stands until its count is used up, or it is cleared', async () => {
    const world = await openWorld();
    const query = ['-p', 'sandbox', 'query', '--mode', 'axb', '-x', '17000000201', '--max-waits', '0'];
    await world.cli('sandbox', 'fault', 'flow-control', '--count', '1');
    expect((await world.cli(...query)).code).toBe(7);
    expect((await world.cli(...query)).code).toBe(0);
    await world.cli('sandbox', 'fault', 'flow-control');
    expect((await world.cli('sandbox', 'fault', '--json')).json).toMatchObject({ items: [{ kind: 'flow-control' }] });
    expect((await world.cli('sandbox', 'fault', 'clear', '--json')).json).toMatchObject({ count: 0 });
    expect((await world.cli(...query)).code).toBe(0);
    expect((await world.cli('sandbox', 'fault', 'fire', '--json')).error).toMatchObject({ code: 'flag-invalid' });
    expect((await world.cli('sandbox', 'fault', 'down', '--share', '2', '--json')).error).toMatchObject({
      exitCode: 2,
    });
  });

  it('a bind whose answer was lost is found again', async () => {
    const world = await openWorld();
    await world.cli('sandbox', 'fault', 'lost-answer', '--count', '1');
    const bound = await world.cli(...PAIR, '--json');
    expect(bound).toMatchObject({ code: 0, json: { item: { x: '+8617000000201' } } });
    expect((bound.json as { warnings: string[] }).warnings[0]).toContain('the answer was lost');
    expect(await count(world)).toBe('1\n');
  });
});

describe('sandbox start', () => {
  it('serves the state of -p sandbox to others, and ends with 0', async () => {
    const world = await openWorld();
    await world.cli(...PAIR);
    const server = await startCommand(world, ['sandbox', 'start', '-o', 'ndjson']);
    expect(await count(world)).toBe('1\n');

    const other = await openWorld();
    await other.run(
      ['login', 'shop', '--app-key', 'sandbox-axb-key', '--secret-stdin', '--mode', 'axb', '--endpoint', server.url],
      { stdin: 'sandbox-axb-secret' },
    );
    const query = ['query', '-x', '17000000201', '--json'];
    expect(await other.cli(...query)).toMatchObject({ code: 0, json: { count: 1 } });
    expect((await other.cli('doctor')).code).toBe(0);

    const ended = await server.stop();
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout.split('\n')[0] ?? '')).toMatchObject({ kind: 'SandboxLine', text: server.url });
    expect(await count(world)).toBe('1\n');
  });

  it('runs once a folder', async () => {
    const world = await openWorld();
    await startCommand(world, ['sandbox', 'start']);
    const second = await world.cli('sandbox', 'start', '--port', '0', '--json');
    expect(second.error).toMatchObject({ code: 'storage-locked', exitCode: 14 });
  });
});

describe('the flags of pushes', () => {
  it.each([
    [['start', '--port', '0']],
    [['call', '--from', '13800000002', '--to', '17000000201']],
    [['sms', '--from', '13800000002', '--to', '17000000201']],
    [['number', '17000000201']],
    [['traffic', '--for', '1s']],
  ])('are looked at before anything is made: sandbox %s', async (command) => {
    const world = await openWorld();
    const refused = await world.cli('sandbox', ...command, '--push', 'nonsense', '--json');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
    expect(await world.files()).toEqual([]);
  });
});

describe('demo', () => {
  it('plays the whole way and leaves nothing behind', async () => {
    const world = await openWorld();
    const demo = await world.run(['demo'], { now: () => new Date() });
    expect(demo).toMatchObject({ code: 0, stderr: '' });
    for (const step of [1, 2, 3, 4, 5, 6, 7, 8]) expect(demo.stdout).toContain(`\n# ${step}. `);
    expect(demo.stdout).toContain('$ privacy-call explain 8014\n');
    expect(demo.stdout).toContain('1m05s');
    expect(demo.stdout).not.toContain('\u001b');
    expect(await world.files()).toEqual([]);
  });
});
