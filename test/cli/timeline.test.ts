import { describe, expect, it } from 'vitest';
import { startCommand } from '../helpers/running.js';
import { openWorld, type World } from '../helpers/world.js';

/** Makes calls in the sandbox while a receiver keeps what they push. @returns the sessions. */
async function callAll(world: World, calls: readonly (readonly string[])[]): Promise<string[]> {
  const receiver = await startCommand(world, ['-p', 'sandbox', 'listen']);
  const sessions: string[] = [];
  for (const call of calls) {
    const made = await world.cli('sandbox', 'call', ...call, '--push', receiver.url, '--query', 'item.sessionId');
    sessions.push(made.stdout.trim());
  }
  await receiver.stop();
  return sessions;
}

const timeline = (world: World, ...words: readonly string[]) => world.cli('-p', 'sandbox', 'timeline', ...words);

describe('timeline', () => {
  it('names cause and remedy of an AXB call without a binding, in both languages', async () => {
    const world = await openWorld();
    const [session = ''] = await callAll(world, [['--from', '13800000009', '--to', '17000000201']]);
    const shown = await timeline(world, session, '--json');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.json).toMatchObject({
      kind: 'Timeline',
      item: {
        kind: 'Timeline',
        sessionId: session,
        outcome: 'no-binding',
        cause: { source: 'release', code: '8014', zh: '无效的AXB模式呼叫', en: 'invalid AXB call' },
        decidedBy: 'cdr',
        remedy: {
          zh: expect.stringContaining('未与该X绑定') as string,
          en: expect.stringContaining('in no binding with this X') as string,
        },
        steps: [
          { step: 'callin', source: 'event' },
          { step: 'disconnect', source: 'event', cause: { source: 'hangup', code: '8014' } },
          { step: 'cdr', source: 'cdr' },
        ],
        questions: [{ code: 'binding-empty' }],
      },
    });
    const english = await world.run(['-p', 'sandbox', 'timeline', session, '--lang', 'en'], { terminal: true });
    expect(english.stdout).toMatch(/^2026-11-22 \d\d:\d\d:\d\d +callin +the caller has dialled X$/m);
    expect(english.stdout).toMatch(/^Outcome +no binding$/m);
    expect(english.stdout).toMatch(
      /^Cause +8014 invalid AXB call \(by the release point of the CDR \(ulFailReason\)\)$/m,
    );
    expect(english.stdout).toMatch(/^What to do +AXB: caller or callee is in no binding with this X/m);
    const chinese = await world.run(['-p', 'sandbox', 'timeline', session, '--lang', 'zh'], { terminal: true });
    expect(chinese.stdout).toMatch(/^原因 +8014 无效的AXB模式呼叫 \(依据话单的拆线点 ulFailReason\)$/m);
    expect(chinese.stdout).toMatch(/^处理 +AXB模式：主叫或被叫未与该X绑定/m);
    expect(chinese.stdout).not.toContain('13800000009');
  });

  it('shows an answered and recorded call with its recording, and the SMS of the binding', async () => {
    const world = await openWorld();
    const pair = ['-a', '13800000001', '-b', '13800000002', '-x', '17000000201', '--record', '--record-tone', 'n.wav'];
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair);
    const receiver = await startCommand(world, ['-p', 'sandbox', 'listen']);
    const call = ['--from', '13800000002', '--to', '17000000201', '--talk', '65s', '--ring', '9s'];
    const made = await world.cli('sandbox', 'call', ...call, '--push', receiver.url, '--query', 'item.sessionId');
    const session = made.stdout.trim();
    world.advance(60_000);
    const text = ['--from', '13800000001', '--to', '17000000201', '--text', 'on my way'];
    await world.cli('sandbox', 'sms', ...text, '--push', receiver.url);
    await receiver.stop();
    const shown = await timeline(world, session, '--json');
    const { item } = shown.json as { item: { steps: { step: string; gapSeconds?: number }[] } };
    expect(item).toMatchObject({
      outcome: 'answered',
      remedy: { en: 'Nothing to do.' },
      caller: '+8613800000002',
      callee: '+8613800000001',
      ringSeconds: 9,
      talkSeconds: 65,
      billedMinutes: 2,
      recording: { state: 'waiting', hoursLeft: 168, fileName: expect.stringMatching(/\.wav$/) as string },
      questions: [],
    });
    expect(item.steps.map(({ step }) => step)).toEqual([
      'callin',
      'callout',
      'alerting',
      'answer',
      'recording',
      'disconnect',
      'cdr',
      'sms',
    ]);
    expect(item.steps.at(-1)).toMatchObject({ gapSeconds: 60 });
    await world.cli('-p', 'sandbox', 'recordings', 'download', '--dir', 'recordings');
    const archived = await timeline(world, session, '--query', 'item.recording.[state, file]', '--json');
    expect(archived.json).toEqual(['archived', expect.stringContaining(world.path('recordings'))]);
  });

  it('shows the digits of an AXE call, and that of one without a binding', async () => {
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
    const from = ['--from', '13800000008', '--to', '17000000301'];
    const [good = '', bad = ''] = await callAll(world, [
      [...from, '--digits', '1234'],
      [...from, '--digits', '9999'],
    ]);
    const right = await timeline(world, good, '--json');
    expect(right.json).toMatchObject({
      item: {
        mode: 'axe',
        extension: '1234',
        steps: expect.arrayContaining([
          expect.objectContaining({
            step: 'collectInfo',
            digits: '1234',
            text: { zh: '收到分机号：1234', en: 'the extension was keyed in: 1234' },
          }),
        ]) as unknown,
        questions: [],
      },
    });
    expect((await timeline(world, bad, '--json')).json).toMatchObject({
      item: { outcome: 'no-binding', cause: { code: '8022' } },
    });
  });

  it('takes a part that one call has; one that several have is refused and named', async () => {
    const world = await openWorld();
    const from = ['--to', '17000000201', '--from', '13800000009'];
    const [first = '', second = ''] = await callAll(world, [from, from]);
    const start = Array.from(first).findIndex((character, index) => character !== second[index]);
    const part = first.slice(start);
    expect((await timeline(world, part, '--query', 'item.sessionId')).stdout).toBe(`${first}\n`);
    const refused = await timeline(world, '@', '--json');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
    expect((refused.error as { message: string }).message).toContain(first);
    expect((refused.error as { message: string }).message).toContain(second);
    expect((await timeline(world, 'nowhere', '--json')).error).toMatchObject({
      code: 'session-not-found',
      exitCode: 5,
    });
    expect((await timeline(world, ' ', '--json')).error).toMatchObject({ code: 'flag-invalid' });
    expect((await timeline(world)).code).toBe(2);
  });

  it('finds a session whichever way JSON has written it', async () => {
    const world = await openWorld();
    const receiver = await startCommand(world, ['-p', 'sandbox', 'listen']);
    const written = ['plain-1', 'sl\\/ash-1', '\\u0061scii-1', 'quote\\"-1', '\u4e2d-1'];
    for (const session of written) {
      const times = '"callInTime":"2026-11-22 08:00:00","callEndTime":"2026-11-22 08:01:00"';
      const body = `{"eventType":"fee","feeLst":[{"sessionId":"${session}","bindNum":"+8617000000201",${times}}]}`;
      expect((await fetch(receiver.url, { method: 'POST', body })).status).toBe(200);
    }
    await receiver.stop();
    for (const session of ['plain-1', 'sl/ash-1', 'ascii-1', 'quote"-1', '\u4e2d-1']) {
      const shown = await timeline(world, session, '--query', 'item.sessionId');
      expect(shown).toMatchObject({ code: 0, stdout: `${session}\n` });
    }
    expect((await timeline(world, '-1')).stderr).toContain('several sessions have this in their ID');
    expect((await timeline(world, '-2')).code).toBe(5);
  });

  it('names five of many, and still finds the whole ID', async () => {
    const world = await openWorld();
    const event = (sessionId: string) =>
      JSON.stringify({ eventType: 'callin', statusInfo: { sessionId, timestamp: '2026-11-22 00:00:00' } });
    await world.write(
      'events.ndjson',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', ''].map((letter) => event(`call${letter}`)).join('\n'),
    );
    const refused = await world.cli('timeline', 'all', 'events.ndjson', '--json');
    expect((refused.error as { message: string }).message).toBe(
      'all: several sessions have this in their ID: calla, callb, callc, calld, calle and more',
    );
    const whole = await world.cli('timeline', 'call', 'events.ndjson', '--query', 'item.sessionId');
    expect(whole.stdout).toBe('call\n');
  });

  it('is one line of text a step in a pipe', async () => {
    const world = await openWorld();
    const [session = ''] = await callAll(world, [['--from', '13800000009', '--to', '17000000201']]);
    const [head = [], row = []] = (await timeline(world, session)).stdout.split('\n').map((line) => line.split('\t'));
    expect(row[head.indexOf('steps.0')]).toMatch(/^2026-11-22T\d\d:\d\d:\d\d\+08:00 callin the caller has dialled X$/);
  });
});

describe('cdr show', () => {
  it('shows every field that the CDR carries, explained', async () => {
    const world = await openWorld();
    const [session = ''] = await callAll(world, [['--from', '13800000009', '--to', '17000000201']]);
    const shown = await world.cli('-p', 'sandbox', 'cdr', 'show', session, '--json');
    const { items } = shown.json as { items: { field: string }[] };
    const raw = await world.cli('-p', 'sandbox', 'cdr', 'list', '--query', 'items[0].raw', '--json');
    expect(items.map(({ field }) => field)).toEqual(Object.keys(raw.json as object));
    const row = (name: string) => items.find(({ field }) => field === name);
    expect(row('ulFailReason')).toMatchObject({
      sessionId: session,
      cdr: 1,
      value: 8014,
      reads: { zh: '无效的AXB模式呼叫', en: 'invalid AXB call' },
      meaning: { zh: '拆线点' },
    });
    expect(row('callEndTime')).toMatchObject({ at: expect.stringMatching(/\+08:00$/) as string });
    const drawn = await world.run(['-p', 'sandbox', 'cdr', 'show', session, '--lang', 'zh'], { terminal: true });
    expect(drawn.stdout).toContain('无效的AXB模式呼叫');
    expect(drawn.stdout).toMatch(/callerNum +│ \+86138\*\*\*\*0009/);
    const csv = await world.cli('-p', 'sandbox', 'cdr', 'show', session, '-o', 'csv');
    expect(csv.stdout).toMatch(/^field,value,reads,meaning\r\n/);
  });

  it('shows times and numbers whole on a narrow terminal', async () => {
    const world = await openWorld();
    const fee = {
      sessionId: 's-1',
      icid: '0'.repeat(60),
      callerNum: '+8613800000001',
      callInTime: '2026-11-21 10:15:14',
    };
    await world.write('call.json', JSON.stringify({ eventType: 'fee', feeLst: [fee] }));
    const shown = (columns: number) =>
      world.run(['cdr', 'show', 's-1', 'call.json', '--lang', 'en'], { terminal: true, columns });
    const table = (await shown(80)).stdout;
    expect(table).toMatch(/│ callInTime +│ 2026-11-21 10:15:14 +│ 2026-11-21 18:15:14 +│/);
    expect(table).toMatch(/│ callerNum +│ \+86138\*{4}0001 +│/);
    const blocks = (await shown(50)).stdout;
    expect(blocks).toMatch(/^Value +2026-11-21 10:15:14\nReads +2026-11-21 18:15:14$/m);
    expect(blocks).toContain('0'.repeat(60));
  });

  it('ends with 5 for a call without a CDR, and for none', async () => {
    const world = await openWorld();
    const statusInfo = { sessionId: 'running', timestamp: '2026-11-22 00:00:00' };
    await world.write('event.json', JSON.stringify({ eventType: 'callin', statusInfo }));
    const events = await world.cli('cdr', 'show', 'running', 'event.json', '--json');
    expect(events.error).toMatchObject({
      code: 'session-not-found',
      message: expect.stringContaining('no CDR yet') as string,
    });
    expect((await world.cli('cdr', 'show', 'nowhere', 'event.json')).code).toBe(5);
  });
});

describe('a session that is not found', () => {
  const CALL = '{"eventType":"fee","feeLst":[{"icid":"r-1","sessionId":"s-1"}]}';

  it.each([['timeline'], ['cdr', 'show']])('may stand in what %s %s could not read', async (...words) => {
    const world = await openWorld();
    await world.write('calls.ndjson', `${CALL}\n{"eventType":"fee","feeLst":[{"sessionId":"s-2\n${CALL}\n`);
    await world.write('empty.json', '');
    const missed = await world.cli(...words, 's-2', 'calls.ndjson', 'empty.json');
    expect([missed.code, missed.stdout]).toEqual([5, '']);
    expect(missed.stderr).toMatch(
      /^error: s-2: no event or CDR of such a session; could not be read: calls\.ndjson:2: damaged or cut short; empty: empty\.json\nhint: /,
    );
    const data = await world.cli(...words, 's-2', 'calls.ndjson', '--json');
    expect(data.error).toMatchObject({
      code: 'session-not-found',
      message: 's-2: no event or CDR of such a session; could not be read: calls.ndjson:2: damaged or cut short',
    });
    await world.write('whole.ndjson', CALL);
    expect((await world.cli(...words, 's-2', 'whole.ndjson', '--json')).error.message).toBe(
      's-2: no event or CDR of such a session',
    );
  });

  it('names three places, and counts the others', async () => {
    const world = await openWorld();
    await world.write('calls.ndjson', `${CALL}\n${'{"eventType":x}\n'.repeat(25)}`);
    const missed = await world.cli('timeline', 's-2', 'calls.ndjson', '--json');
    expect(missed.error.message).toMatch(
      /: calls\.ndjson:2: [^,]+, calls\.ndjson:3: [^,]+, calls\.ndjson:4: .+ and 22 more$/,
    );
  });
});
