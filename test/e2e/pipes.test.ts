import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BIN,
  cleanEnvironment,
  errorOf,
  type Json,
  makeWorld,
  ROOT,
  type Running,
  startProcess,
} from '../helpers/bin.js';

/** The program between other programs. */

let fee: Json;

beforeAll(async () => {
  const text = await readFile(join(ROOT, 'test/fixtures/platform/axb-cdr.json'), 'utf8');
  fee = (JSON.parse(text) as { feeLst: [Json] }).feeLst[0];
});

/** A push body of its own for each `n`. */
function push(n: number): string {
  return `${JSON.stringify({ eventType: 'fee', feeLst: [{ ...fee, icid: `record-${n}`, sessionId: `session-${n}` }] })}\n`;
}

async function writeRecords(file: string, count: number): Promise<void> {
  const out = createWriteStream(file);
  for (let n = 0; n < count; n += 1) if (!out.write(push(n))) await once(out, 'drain');
  out.end();
  await once(out, 'close');
}

/** A pipeline of bash: exit codes of its parts, and what came out. */
async function pipeline(script: string, options: { home: string; cwd: string }) {
  const bash = startProcess('bash', ['-c', `${script}; echo "\${PIPESTATUS[@]}"`], {
    cwd: options.cwd,
    env: cleanEnvironment(options.home, { NODE: process.execPath, BIN }),
  });
  const { stdout, stderr } = await bash.ended;
  const lines = stdout.trimEnd().split('\n');
  return { codes: lines.pop(), lines, stderr };
}

/** Writes pushes without end until nobody reads any more. @returns how many were taken. */
async function feedForEver({ child }: Running): Promise<number> {
  const stdin = child.stdin!;
  const closed = new AbortController();
  for (const event of ['close', 'error']) {
    stdin.on(event, () => {
      closed.abort();
    });
  }
  let n = 0;
  while (!closed.signal.aborted) {
    if (stdin.write(push(n++))) continue;
    await once(stdin, 'drain', { signal: closed.signal }).catch(() => undefined);
  }
  return n;
}

describe.skipIf(spawnSync('bash', ['-c', 'true']).status !== 0)('in a pipeline', () => {
  it.each(['', '-o ndjson', '--json', '-o csv'])('inspect %s | head -1 ends quietly with 0', async (format) => {
    const world = await makeWorld();
    await writeRecords(join(world.folder, 'large.ndjson'), 20_000);
    const { codes, lines, stderr } = await pipeline(`"$NODE" "$BIN" inspect large.ndjson ${format} | head -1`, {
      home: world.home,
      cwd: world.folder,
    });
    expect([codes, stderr, lines.length]).toEqual(['0 0', '', 1]);
    expect(lines[0]?.length).toBeGreaterThan(10);
  });

  it('a slow reader gets everything', async () => {
    const world = await makeWorld();
    await writeRecords(join(world.folder, 'large.ndjson'), 5000);
    const slow = startProcess(process.execPath, [BIN, 'inspect', 'large.ndjson', '-o', 'ndjson'], {
      cwd: world.folder,
      env: cleanEnvironment(world.home),
      pipes: true,
    });
    slow.child.stdin?.end();
    const sessions: string[] = [];
    for await (const line of createInterface({ input: slow.child.stdout! })) {
      sessions.push((JSON.parse(line) as { sessionId: string }).sessionId);
      // Leaves the pipe full for most of the time: the program is faster than one line a turn.
      await nextTurn();
    }
    expect((await slow.ended).code).toBe(0);
    expect(sessions).toEqual(Array.from({ length: 5000 }, (_, n) => `session-${n}`));
  });

  it('takes over from cat and hands on to another of its kind', async () => {
    const world = await makeWorld();
    await writeRecords(join(world.folder, 'some.ndjson'), 50);
    const tool = '"$NODE" "$BIN"';
    const script = `cat some.ndjson | ${tool} inspect - -o ndjson --query raw | ${tool} cdr list - -o tsv --fields sessionId | wc -l`;
    const { codes, lines, stderr } = await pipeline(script, { home: world.home, cwd: world.folder });
    expect([codes, stderr, lines]).toEqual(['0 0 0 0', '', ['51']]);
  });
});

describe('stdin', () => {
  it('is read no further once nobody reads the output', async () => {
    const world = await makeWorld();
    const reading = world.start(['inspect', '-', '-o', 'ndjson'], { pipes: true });
    const fed = feedForEver(reading);
    const stdout = reading.child.stdout!;
    await once(stdout, 'data');
    stdout.destroy();
    // Its input never ends: only a program that stops reading can end.
    const { code, stderr } = await reading.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(await fed).toBeGreaterThan(1);
  });

  it('gives each record as soon as it is whole, while more is to come', async () => {
    const world = await makeWorld();
    const reading = world.start(['inspect', '-', '-o', 'ndjson'], { pipes: true });
    const lines = createInterface({ input: reading.child.stdout! })[Symbol.asyncIterator]();
    for (let n = 0; n < 3; n += 1) {
      reading.child.stdin?.write(push(n));
      const { value } = await lines.next();
      expect(JSON.parse(value as string)).toMatchObject({ sessionId: `session-${n}` });
    }
    reading.child.stdin?.end();
    expect(await reading.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('that is empty is an empty list; what is no record is told and counted', async () => {
    const world = await makeWorld();
    const empty = await world.run(['inspect', '-', '--json'], { stdin: '' });
    expect([empty.code, JSON.parse(empty.stdout)]).toMatchObject([0, { items: [], count: 0 }]);
    const mixed = await world.run(['inspect', '-', '--json'], { stdin: `${push(1)}no record\n${push(2)}` });
    expect(mixed.code).toBe(3);
    const document = JSON.parse(mixed.stdout) as Json;
    expect([document.count, document.warnings.length]).toEqual([2, 1]);
    expect(document.warnings[0]).toMatch(/stdin.*:2: /);
  });
});

describe.runIf(existsSync('/dev/full'))('a disk that is full behind >', () => {
  const FULL = 'cannot write to stdout: no space left';
  const onto = async (redirection: string, ...argv: readonly string[]) =>
    (await makeWorld()).run(argv, { under: ['bash', '-c', `exec "$0" "$@" ${redirection}`] });

  it.each([
    ['explain', '8014'],
    ['cdr', 'list', '--help'],
    ['completion', 'bash'],
  ])('is told where data is lost: %s %s', async (...argv) => {
    const ended = await onto('>/dev/full', ...argv);
    expect([ended.code, ended.stderr]).toEqual([14, `error: ${FULL}\nhint:  Free some space, then run it again.\n`]);
  });

  it('is told as JSON to whom data is JSON', async () => {
    const ended = await onto('>/dev/full', 'explain', '8014', '--json');
    expect([ended.code, errorOf(ended)]).toEqual([
      14,
      expect.objectContaining({ code: 'disk-full', exitCode: 14, message: FULL }),
    ]);
  });

  it('does not hide how a command ended whose talk is lost', async () => {
    expect((await onto('2>/dev/full', 'cdr', 'list', 'nowhere.json')).code).toBe(2);
    expect((await onto('2>/dev/full', 'explain', '999999')).code).toBe(5);
    expect((await onto('2>/dev/full', 'inspect', '/dev/null')).code).toBe(14);
  });
});

describe('without a terminal', () => {
  it('nothing is drawn, nothing moves, nothing asks', async () => {
    const world = await makeWorld();
    const bound = await world.run(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', '+8613800000001']);
    expect([bound.code, bound.stdout]).toEqual([2, '']);
    expect(bound.stderr).toMatch(/^error: .*-b/);
    const shown = await world.run(['inspect', join(ROOT, 'test/fixtures/platform/axb-cdr.json')]);
    expect(shown.code).toBe(0);
    for (const { stdout, stderr } of [bound, shown]) expect(stdout + stderr).not.toMatch(/\u001b|[┌│└─]/);
  });

  it('demo goes its whole way, without colours, and leaves nothing in the home', async () => {
    const world = await makeWorld();
    const { code, stdout, stderr } = await world.run(['demo']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('\u001b');
    const steps = [...stdout.matchAll(/^# (\d)\./gm)].map(([, step]) => step);
    expect(steps).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(stdout).toContain('1 saved, 0 already there, 0 too short, 0 expired, 0 failed');
    expect(stdout).toContain('2 pushes, 0 failed');
    expect(await readdir(world.home)).toEqual([]);
  });
});
