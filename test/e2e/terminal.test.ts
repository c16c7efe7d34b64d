import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BIN,
  cleanEnvironment,
  makeWorld,
  ROOT,
  type Running,
  startProcess,
  until,
  type World,
} from '../helpers/bin.js';

/** The program under the eyes of a person: a pseudo terminal of 80 columns, made by script(1) of util-linux. */

const works = spawnSync('script', ['-qec', 'true', '/dev/null'], { encoding: 'utf8', input: '' }).status === 0;
const CDRS = ['axb', 'ax'].map((mode) => join(ROOT, `test/fixtures/platform/${mode}-cdr.json`));
const A = '+8613800000001';

/** Runs the program at a terminal; what it shows is in `stdout`, both streams together. */
function atTerminal(
  world: World,
  argv: readonly string[],
  options: { columns?: number; env?: Record<string, string> } = {},
): Running {
  const words = [process.execPath, BIN, ...argv].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  const command = `stty cols ${options.columns ?? 80} rows 40; exec ${words.join(' ')}`;
  const env = cleanEnvironment(world.home, { TERM: 'xterm-256color', SHELL: '/bin/sh', ...options.env });
  const running = startProcess('script', ['-qefc', command, '/dev/null'], { env, cwd: world.folder, pipes: true });
  let shown = '';
  running.child.stdout?.setEncoding('utf8').on('data', (text: string) => (shown += text));
  const ended = running.ended.then((end) => ({ ...end, stdout: shown }));
  return { ...running, stdout: () => shown, ended };
}

async function show(
  world: World,
  argv: readonly string[],
  options: { columns?: number; env?: Record<string, string> } = {},
) {
  const running = atTerminal(world, argv, options);
  const { code, stdout } = await running.ended;
  return { code, text: stdout.replaceAll('\r\n', '\n') };
}

const COLOUR = /\u001b\[[0-9;]*m/g;

/** Columns that a text takes on a terminal: Han and full-width signs take two. */
function width(text: string): number {
  const plain = text.replace(COLOUR, '');
  return plain.length + (plain.match(/[\p{Script=Han}\u3000-\u303f\uff01-\uff60]/gu) ?? []).length;
}

const drawn = (text: string): string[] => text.split('\n').filter((line) => /^[┌├│└]/.test(line));

describe.skipIf(!works)('at a terminal (skipped where script(1) is missing)', () => {
  it.each([
    ['zh', 80],
    ['en', 80],
    ['zh', 120],
  ])('tables of %s at %i columns: borders, colours, every line as wide as the others', async (lang, columns) => {
    const world = await makeWorld();
    const { code, text } = await show(world, ['cdr', 'list', ...CDRS, '--lang', lang], { columns });
    expect(code).toBe(0);
    const lines = drawn(text);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^┌─+┬.*┐$/);
    const widths = new Set(lines.map(width));
    expect(widths.size).toBe(1);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(text).toContain('2019-01-23 17:15:14');
    expect(text).toContain(lang === 'zh' ? '接通' : 'answered');
    expect(text).toMatch(COLOUR);
  });

  it('at 60 columns each call is a block, its times and numbers whole', async () => {
    const world = await makeWorld();
    const { code, text } = await show(world, ['cdr', 'list', ...CDRS, '--lang', 'zh'], { columns: 60 });
    expect(code).toBe(0);
    expect(drawn(text)).toEqual([]);
    const plain = text.replace(COLOUR, '');
    expect(plain).toMatch(/^开始 +2019-01-23 17:15:14$/m);
    expect(plain.match(/^主叫 +\+\d[\d*]+$/gm)).toHaveLength(2);
    expect(plain).not.toContain('…');
  });

  it.each([
    ['NO_COLOR', { NO_COLOR: '1' }, []],
    ['--no-color', {}, ['--no-color']],
    ['TERM=dumb', { TERM: 'dumb' }, []],
  ])('%s: borders, no colours', async (_name, env, flags) => {
    const world = await makeWorld();
    const { code, text } = await show(world, ['cdr', 'list', ...CDRS, ...flags], {
      env: env,
    });
    expect([code, drawn(text).length, text.includes('\u001b')]).toEqual([0, 6, false]);
    const failed = await show(world, ['-p', 'sandbox', 'query', '--mode', 'axb', '--id', 'none', ...flags], {
      env: env,
    });
    expect([failed.code, failed.text.includes('\u001b')]).toEqual([5, false]);
  });

  it('numbers are masked unless they are asked for', async () => {
    const world = await makeWorld();
    await world.json(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', '+8613800000002', '--json']);
    const list = ['-p', 'sandbox', 'bindings', 'list'];
    expect((await show(world, list)).text).not.toContain('13800000001');
    expect((await show(world, [...list, '--no-mask'])).text).toContain('13800000001');
  });

  it('signs from outside steer no terminal', async () => {
    const world = await makeWorld();
    const evil = 'a\u001b[2Jb\u001b]0;t\u0007c\u001b]52;c;eA==\u0007d\u009b31me\rf\u202eg\u200bh\u2066i\u0008j';
    const fee = { icid: 'i', sessionId: `s${evil}`, callInTime: '2026-11-22 08:00:00', userData: evil, direction: 1 };
    const smsEvent = { smsIdentifier: `t${evil}`, calling: A, virtualNumber: evil, content: evil, timeStamp: evil };
    const file = join(world.folder, 'evil.ndjson');
    const push = JSON.stringify({ eventType: 'fee', feeLst: [fee] });
    await writeFile(file, `${push}\n${JSON.stringify({ appKey: 'k', smsEvent })}\n{"${evil.replaceAll('\r', '')}\n`);
    const views = [
      ['inspect', file],
      ['cdr', 'list', file],
      ['sms', 'list', file],
      ['inspect', file, '--fields', 'kind,sessionId,userData,content', '--lang', 'zh'],
    ];
    for (const argv of views) {
      const { text } = await show(world, [...argv, '--no-color'], { columns: 200 });

      expect(text.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202e\u2066]/g), argv.join(' ')).toBeNull();
    }
    const { text } = await show(world, ['cdr', 'list', file, '--no-color'], { columns: 200 });
    expect(text).toContain('\\u202e');
    const told = await world.run(['inspect', file, '--json']);

    expect(told.stdout.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g)).toBeNull();
    expect(told.stderr).not.toContain('\u001b');
  });

  it('bind asks for what is missing, shows the request, and asks once', async () => {
    const world = await makeWorld();
    const bind = atTerminal(world, ['-p', 'sandbox', 'bind']);
    const answer = async (question: RegExp, text: string): Promise<void> => {
      await until(() => question.test(bind.stdout().replace(COLOUR, '')));
      bind.child.stdin?.write(text);
    };
    await answer(/Mode of the application/, '\u001b[B\r');
    await answer(/A number \(-a\)/, '12\r');
    await answer(/> not a phone number/, '\u007f\u007f13800000001\r');
    await answer(/B number \(-b\)/, '13800000002\r');
    await answer(/Send this request\?/, 'y\r');
    const { code, stdout } = await bind.ended;
    const text = stdout.replace(COLOUR, '');
    expect([code, text.includes('People dial 170000002')]).toEqual([0, true]);
    const { items } = await world.json(['-p', 'sandbox', 'bindings', 'list', '--json']);
    expect(items).toMatchObject([
      { a: A, b: '+8613800000002', x: expect.stringMatching(/^\+86170000002\d\d$/) as string, state: 'active' },
    ]);
  });

  it('unbind of many wants their count typed, and anything else is no', async () => {
    const world = await makeWorld();
    const x = '+8617000000201';
    await world.json(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', '+8613800000002', '-x', x, '--json']);
    await world.json([
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'axb',
      '-a',
      '+8613800000003',
      '-b',
      '+8613800000004',
      '-x',
      x,
      '--json',
    ]);
    const unbind = ['-p', 'sandbox', 'unbind', '--mode', 'axb', '-x', x];
    const refused = atTerminal(world, unbind);
    await until(() => refused.stdout().includes('?'));
    refused.child.stdin?.write('n\r');
    expect((await refused.ended).code).toBe(130);
    const query = ['-p', 'sandbox', 'query', '--mode', 'axb', '-x', x, '--json'];
    expect((await world.json(query)).count).toBe(2);
    const meant = atTerminal(world, unbind);
    await until(() => meant.stdout().includes('?'));
    meant.child.stdin?.write('2\r');
    expect((await meant.ended).code).toBe(0);
    expect((await world.json(query)).count).toBe(0);
  });

  it('Ctrl-C at a question ends with 130, and nothing was sent', async () => {
    const world = await makeWorld();
    const bind = atTerminal(world, ['-p', 'sandbox', 'bind', '--mode', 'axb']);
    await until(() => bind.stdout().replace(COLOUR, '').includes('A number (-a)'));
    bind.child.stdin?.write('\u0003');
    const { code, stdout } = await bind.ended;
    expect([code, /\n\s+at /.test(stdout)]).toEqual([130, false]);
    expect((await world.json(['-p', 'sandbox', 'bindings', 'list', '--state', 'all', '--json'])).count).toBe(0);
  });
});
