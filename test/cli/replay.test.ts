import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/errors.js';
import { openWorld } from '../helpers/world.js';

interface Target {
  readonly url: string;
  readonly bodies: string[];
  readonly requests: IncomingMessage[];
  /** Status, or status and body, of the answer to the n-th request (from 1). */
  answer: (count: number, body: string) => number | readonly [number, string];
}

async function startTarget(): Promise<Target> {
  const target: Target & { url: string } = { url: '', bodies: [], requests: [], answer: () => 200 };
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      target.bodies.push(body);
      target.requests.push(incoming);
      const answer = target.answer(target.bodies.length, body);
      const [status, text] = typeof answer === 'number' ? [answer, ''] : answer;
      outgoing.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  target.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return target;
}

function event(session: string, type: string, second: number): string {
  const at = `2026-11-21 10:00:${String(second).padStart(2, '0')}`;
  return `{"eventType":"${type}","statusInfo":{"sessionId":"${session}","timestamp":"${at}","n":12345678901234567890}}`;
}

function fee(session: string, x: string): string {
  return `{"eventType":"fee","feeLst":[{"sessionId":"${session}","bindNum":"${x}","callInTime":"2026-11-21 10:00:00","icid":"i-${session}"}]}`;
}

const EVENTS = ['callin', 'alerting', 'answer', 'disconnect'].map((type, index) => event('s1', type, index));
const X = '+8617000000201';
const SAVED = [...EVENTS, fee('s1', X), fee('s2', '+8617000000202')];

describe('replay of files', () => {
  it('sends exact bytes, chosen by the filters of the lists', async () => {
    const world = await openWorld();
    const target = await startTarget();
    await world.write('saved.ndjson', SAVED.join('\n'));
    const replay = ['replay', 'saved.ndjson', '--to', target.url, '--json'];
    expect((await world.cli(...replay)).json).toMatchObject({ count: 6 });
    expect(target.bodies).toEqual(SAVED);
    target.bodies.length = 0;
    expect((await world.cli(...replay, '--kind', 'event', '--since', '2026-11-21T10:00:02Z')).code).toBe(0);
    expect(target.bodies).toEqual(EVENTS.slice(2));
    target.bodies.length = 0;
    expect((await world.cli(...replay, '--x', '201', '--kind', 'fee')).code).toBe(0);
    expect((await world.cli(...replay, '--session', 's1', '--limit', '2')).code).toBe(0);
    expect(target.bodies).toEqual([fee('s1', X), ...EVENTS.slice(0, 2)]);
  });

  it('changes fields and times, and nothing else', async () => {
    const world = await openWorld();
    const target = await startTarget();
    await world.write('saved.ndjson', SAVED.join('\n'));
    const replay = ['replay', 'saved.ndjson', '--to', target.url, '--json'];
    const edits = ['--set', 'statusInfo.sessionId=s9', '--shift-times', 'now', '--kind', 'event'];
    expect((await world.cli(...replay, ...edits)).code).toBe(0);
    expect(target.bodies).toEqual(
      EVENTS.map((body, index) =>
        body.replace('"s1"', '"s9"').replace(/2026-11-21 10:00:0\d/, `2026-11-22 00:00:0${index}`),
      ),
    );
    const failed = await world.cli(...replay, '--set', 'statusInfo.nothing=1');
    expect(failed.error).toMatchObject({
      code: 'flag-invalid',
      message: '--set statusInfo.nothing: saved.ndjson:1 has no such field',
    });
  });

  it('looks for the fields of --set before the first push leaves; what comes by a pipe fails push by push', async () => {
    const world = await openWorld();
    const target = await startTarget();
    const saved = [EVENTS[0]!, fee('s1', X), EVENTS[1]!].join('\n');
    await world.write('saved.ndjson', saved);
    const flags = ['--to', target.url, '--set', 'statusInfo.sessionId=s9', '--json'];
    const refused = await world.cli('replay', 'saved.ndjson', ...flags);
    expect(refused.code).toBe(2);
    expect(refused.error.message).toBe('--set statusInfo.sessionId: saved.ndjson:2 has no such field');
    expect(target.bodies).toEqual([]);
    expect((await world.cli('replay', 'saved.ndjson', ...flags, '--limit', '1')).code).toBe(0);
    target.bodies.length = 0;
    for (const more of [[], ['--as-platform']]) {
      world.advance(1000);
      const piped = await world.run(['replay', '-', ...flags, ...more], { stdin: saved });
      expect(piped.code).toBe(10);
      expect(target.bodies).toEqual([EVENTS[0]!, EVENTS[1]!].map((body) => body.replace('"s1"', '"s9"')));
      const verdicts = (piped.json.items as { ok: boolean; reason?: string }[]).filter(({ ok }) => !ok);
      expect(verdicts).toMatchObject([{ reason: expect.stringContaining('has no such field') as string }]);
      target.bodies.length = 0;
    }
    world.advance(1000);
    const again = await world.cli('replay', '--failed-of', 'last', '--json');
    expect(again.code).toBe(10);
    expect(target.bodies).toEqual([]);
    world.advance(1000);
    const mended = await world.cli('replay', '--failed-of', 'last', '--set', 'eventType=fee', '--json');
    expect(mended.code).toBe(0);
    expect(target.bodies).toEqual([fee('s1', X)]);
  });

  it("runs the platform's timetable: three failures, then the fourth try", async () => {
    const world = await openWorld();
    const target = await startTarget();
    target.answer = (count) => (count <= 3 ? 503 : 200);
    await world.write('one.json', fee('s1', X));
    const flags = ['--as-platform', '--time-scale', '6000x'];
    const outcome = await world.cli('replay', 'one.json', '--to', target.url, ...flags, '--json');
    expect(outcome).toMatchObject({ code: 0, json: { items: [{ ok: true, status: 200, attempts: 4 }] } });
    expect(new Set(target.bodies)).toEqual(new Set([fee('s1', X)]));
    expect(target.bodies).toHaveLength(4);
  });

  it('judges bodies, and the form of Block answers without being asked', async () => {
    const world = await openWorld();
    const target = await startTarget();
    target.answer = () => [200, '{"operation":"connect","connectInfo":{"calleeNum":"13800000002"}}'];
    const block = `{"eventType":"callin","statusInfo":{"sessionId":"s","notifyMode":"Block","called":"${X}"}}`;
    await world.write('block.json', block);
    const replay = ['replay', 'block.json', '--to', target.url, '--json'];
    const wrong = await world.cli(...replay);
    expect(wrong.code).toBe(10);
    expect((wrong.json as { items: unknown[] }).items).toEqual([
      expect.objectContaining({ ok: false, reason: expect.stringContaining('connectInfo.calleeNum') as string }),
    ]);
    target.answer = () => [200, '{"operation":"connect","connectInfo":{"calleeNum":"+8613800000002"}}'];
    expect((await world.cli(...replay, '--expect-json', 'operation=connect')).code).toBe(0);
    expect((await world.cli(...replay, '--expect-json', 'operation=close')).code).toBe(10);
    expect((await world.cli(...replay, '--expect-body', '/calleeNum/')).code).toBe(0);
    expect((await world.cli(...replay, '--expect-body', 'ok')).code).toBe(10);
  });
});

describe('runs of replay', () => {
  it('keep the failures, and send just those again', async () => {
    const world = await openWorld();
    const target = await startTarget();
    target.answer = (count) => (count % 2 === 0 ? 500 : 200);
    await world.write('saved.ndjson', SAVED.join('\n'));
    const first = await world.cli('replay', 'saved.ndjson', '--to', target.url, '--set', '*=1', '--json');
    expect(first.error).toMatchObject({ code: 'flag-invalid' });
    world.advance(1000);
    const run = await world.cli('replay', 'saved.ndjson', '--to', target.url, '--json');
    expect(run.code).toBe(10);
    const listed = await world.cli('replay', '--list-runs', '--json');
    const runs = (listed.json as { items: { run: string; state: string; sent: number; failed: number }[] }).items;
    // The one that was refused before anything was sent is none.
    expect(runs.map(({ state, sent, failed }) => [state, sent, failed])).toEqual([['ended', 6, 3]]);
    expect((run.error as { hint: string }).hint).toContain(`--failed-of ${runs[0]!.run}`);
    const files = (await world.files()).filter((file) => file.includes('replays'));
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);

    const prune = (age: string, ...flags: string[]) => world.cli('replay', '--prune-runs', age, ...flags, '--json');
    expect((await prune('1h', '--yes')).json).toMatchObject({ count: 0 });
    world.advance(7_200_000);
    expect((await prune('1h', '--dry-run')).json).toMatchObject({ count: 1, items: [{ run: runs[0]!.run }] });
    expect((await prune('1h')).error).toMatchObject({ code: 'confirmation-missing' });
    expect((await world.files()).filter((file) => file.includes('replays'))).toHaveLength(1);

    target.bodies.length = 0;
    target.answer = () => 200;
    world.advance(1000);
    const again = await world.cli('replay', '--failed-of', runs[0]!.run, '--json');
    expect(again).toMatchObject({ code: 0, json: { count: 3 } });
    expect(target.bodies).toEqual([SAVED[1], SAVED[3], SAVED[5]]);
    world.advance(1000);
    expect((await world.cli('replay', '--failed-of', 'last', '--json')).json).toMatchObject({ count: 0 });
    world.advance(7_200_000);
    expect((await prune('1h', '--yes')).code).toBe(0);
    expect((await world.cli('replay', '--list-runs', '--json')).json).toMatchObject({ count: 0 });
  });

  it('are kept also where older ones cannot be removed', async () => {
    const world = await openWorld();
    const target = await startTarget();
    await world.write('saved.ndjson', SAVED.join('\n'));
    await world.cli('replay', 'saved.ndjson', '--to', target.url);
    const [kept = ''] = (await world.files()).filter((file) => file.includes('replays'));
    // Fifty that are no files.
    for (let n = 10; n < 60; n += 1) await mkdir(join(dirname(kept), `0000-${n}.ndjson`));
    world.advance(1000);
    target.answer = () => 500;
    const run = await world.cli('replay', 'saved.ndjson', '--to', target.url, '--json');
    expect([run.code, run.stderr]).toEqual([10, expect.stringMatching(/^warning: .*; older runs are kept$/m)]);
    const zh = await world.run(['replay', 'saved.ndjson', '--to', target.url, '--json'], {
      env: { PRIVACY_CALL_LANG: 'zh' },
    });
    expect(zh.stderr).toMatch(/^警告：无法删除 .*；较早的批次仍保留$/m);
    target.answer = () => 200;
    for (let n = 10; n < 60; n += 1) await rmdir(join(dirname(kept), `0000-${n}.ndjson`));
    expect((await world.cli('replay', '--failed-of', 'last', '--json')).json).toMatchObject({ count: 6 });
  });

  it('go on where they were stopped', async () => {
    const world = await openWorld();
    const target = await startTarget();
    const lines = Array.from({ length: 200 }, (_, index) => event(`s${index}`, 'callin', 0));
    await world.write('saved.ndjson', lines.join('\n'));
    const stopping = new AbortController();
    const stopped = await world.run(
      ['replay', 'saved.ndjson', '--to', target.url, '--concurrency', '4', '-o', 'ndjson'],
      {
        signal: stopping.signal,
        onWrite: () => {
          if (target.bodies.length > 50) stopping.abort(new AppError('interrupted', 'stopped by Ctrl-C'));
        },
      },
    );
    expect(stopped.code).toBe(130);
    const before = target.bodies.length;
    expect(before).toBeLessThan(200);
    world.advance(60_000);
    const resumed = await world.cli('replay', '--resume', 'last', '--json');
    expect(resumed.code).toBe(0);
    expect(new Set(target.bodies)).toEqual(new Set(lines));
    // Only what was under way when it stopped may be sent twice.
    expect(target.bodies.length - 200).toBeLessThanOrEqual(4);
    const again = await world.cli('replay', '--resume', 'last', '--json');
    expect(again.error).toMatchObject({
      code: 'flag-invalid',
      message: expect.stringContaining('came to its end') as string,
    });
  });

  it('keep their order where several begin in one second', async () => {
    const world = await openWorld();
    const target = await startTarget();
    await world.write('saved.ndjson', SAVED.join('\n'));
    for (let count = 1; count <= 6; count += 1) {
      await world.cli('replay', 'saved.ndjson', '--to', target.url, '--limit', String(count));
      world.advance(10);
    }
    const listed = await world.cli('replay', '--list-runs', '--query', 'items[].sent', '-o', 'json');
    expect(listed.json).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('warn where nothing was sent', async () => {
    const world = await openWorld();
    const target = await startTarget();
    const none = await world.cli('-p', 'sandbox', 'replay', '--to', target.url);
    expect([none.code, none.stderr]).toEqual([0, 'warning: nothing was sent: no saved push fits\n']);
  });

  it('name twenty lines that cannot be read, and count the rest', async () => {
    const world = await openWorld();
    await world.write('bad.ndjson', '{"no":"push"}\n'.repeat(25));
    const { code, json } = await world.cli('replay', 'bad.ndjson', '--to', 'http://127.0.0.1:9/', '--json');
    const { warnings } = json as { warnings: string[] };
    expect([code, warnings.length, warnings.at(-2), warnings.at(-1)]).toEqual([
      2,
      21,
      'bad.ndjson:20: not a notification',
      'and 5 more that could not be read',
    ]);
  });

  it('say which file is empty', async () => {
    const world = await openWorld();
    const target = await startTarget();
    await world.write('saved/a.json', ' \n');
    const none = await world.cli('replay', 'saved', '--to', target.url);
    expect([none.code, none.stderr]).toEqual([
      0,
      'warning: saved/a.json: empty\nwarning: nothing was sent: no saved push fits\n',
    ]);
    await world.write('saved/b.ndjson', SAVED.join('\n'));
    const sent = await world.cli('replay', 'saved', '--to', target.url);
    expect([sent.code, sent.stderr, target.bodies.length]).toEqual([0, 'warning: saved/a.json: empty\n', SAVED.length]);
  });

  it('write reports', async () => {
    const world = await openWorld();
    const target = await startTarget();
    target.answer = (count) => (count === 2 ? 500 : 200);
    await world.write('saved.ndjson', SAVED.slice(0, 3).join('\n'));
    const replay = ['replay', 'saved.ndjson', '--to', target.url];
    const tap = await world.cli(...replay, '--report', 'tap');
    expect(tap.code).toBe(10);
    expect(tap.stdout).toMatch(/^TAP version 13\n1\.\.3\nok 1 - saved\.ndjson:1\nnot ok 2 - saved\.ndjson:2\n/);
    const list = await world.cli(...replay, '--report-file', 'report.xml', '--json');
    expect(list).toMatchObject({ code: 0, json: { count: 3 } });
    expect(await world.read('report.xml')).toContain('tests="3" failures="0"');
    const sent = target.bodies.length;
    await world.write('taken/report.xml/page', '');
    for (const argv of [replay, ['replay', '--check', target.url, '--mode', 'axb']]) {
      const refused = await world.cli(...argv, '--report-file', 'taken/report.xml', '--json');
      expect(refused.error).toMatchObject({ exitCode: 14 });
      expect(refused.stderr).toContain('cannot write the report');
    }
    expect(target.bodies).toHaveLength(sent);
    const dry = await world.cli(...replay, '--report', 'json', '--dry-run');
    expect(dry.json).toMatchObject({ kind: 'ReplayReport', skipped: 3, failed: 0 });
  });
});

describe('replay of the journal', () => {
  it('ends with what was there when it began, also when its target writes into the same journal', async () => {
    const world = await openWorld();
    const { startCommand } = await import('../helpers/running.js');
    const receiver = await startCommand(world, ['-p', 'sandbox', 'listen', '--verify', 'off']);
    // A number state has no key: each copy is kept anew.
    const body = '{"eventType":"numStatus","numInfo":[{"number":"+8617000000201","status":"5"}]}';
    await (await fetch(receiver.url, { method: 'POST', body })).text();
    world.advance(1000);
    const replay = ['-p', 'sandbox', 'replay', '--to', receiver.url, '--json'];
    expect((await world.cli(...replay)).json).toMatchObject({ count: 1 });
    world.advance(1000);
    expect((await world.cli(...replay)).json).toMatchObject({ count: 2 });
  });
});

describe('replay --check', () => {
  it('passes the receiver of this tool, and ends with 10 where a server is wrong', async () => {
    const world = await openWorld();
    const { startCommand } = await import('../helpers/running.js');
    const receiver = await startCommand(world, ['-p', 'sandbox', 'listen', '--verify', 'strict']);
    const good = await world.cli('-p', 'sandbox', 'replay', '--check', receiver.url, '--mode', 'x', '--json');
    expect((good.json as { items: { verdict: string }[] }).items.filter(({ verdict }) => verdict !== 'passed')).toEqual(
      [],
    );
    expect(good.code).toBe(0);
    const target = await startTarget();
    target.answer = (_, body) => (body.includes('numStatus') ? 500 : 200);
    const check = ['replay', '--check', target.url, '--mode', 'axb'];
    const bad = await world.cli(...check, '--report', 'tap');
    expect(bad.code).toBe(10);
    expect(bad.stdout).toContain('not ok 5 - number-status\n  ---\n  message: "HTTP 500, not 200; ');
    expect(bad.stderr).toContain('1 of 17 checks failed: number-status');
    expect((await world.cli(...check, '--dry-run', '--report-file', 'check.json', '--json')).code).toBe(0);
    expect(JSON.parse(await world.read('check.json'))).toMatchObject({ kind: 'ReplayReport', skipped: 17 });
    const refused = await world.cli('replay', '--check', target.url, '--json');
    expect(refused.error).toMatchObject({ code: 'flag-missing', exitCode: 2 });
    const both = await world.cli(...check, '--to', target.url, '--json');
    expect(both.error).toMatchObject({ code: 'flag-conflict', exitCode: 2 });
    for (const flags of [['--rate', '5/s'], ['--min-duration', '5s'], ['--session', 's-1'], ['--resign']]) {
      const refused = await world.cli(...check, ...flags, '--json');
      expect(refused.error).toMatchObject({
        code: 'flag-conflict',
        message: `--check makes up its own pushes and does not go with ${flags[0] ?? ''}`,
      });
    }
  });

  it('says on a narrow terminal in whole sentences what is wrong', async () => {
    const world = await openWorld();
    const target = await startTarget();
    target.answer = (_, body) => (body.includes('numStatus') ? 500 : 200);
    const argv = ['-p', 'sandbox', 'replay', '--check', target.url, '--mode', 'axb'];
    const shown = await world.run(argv, { terminal: true, columns: 80 });
    expect(shown.code).toBe(10);
    expect(shown.stdout).not.toContain('…');
    const lines = shown.stdout.split('\n');
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    const at = lines.indexOf('number-status    failed   state of an X number');
    expect(lines.slice(at + 1, at + 4)).toEqual([
      '    HTTP 500, not 200',
      '    what is not answered 200 comes again and again until the platform gives up',
      '    keep the body as it came, answer HTTP 200 at once, parse it afterwards',
    ]);
    const chinese = await world.run([...argv, '--lang', 'zh'], { terminal: true, columns: 80 });
    expect(chinese.stdout).toContain('\nnumber-status    失败  X 号码状态\n    HTTP 500，不是 200\n');
  });
});
