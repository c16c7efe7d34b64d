import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { unfold } from '../helpers/unfold.js';
import { openWorld, type World } from '../helpers/world.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/platform', import.meta.url));

async function worldWithBindings(): Promise<World> {
  const world = await openWorld();
  for (const last of [1, 2, 3]) {
    const pair = ['-a', `1380000001${last}`, '-b', `1380000002${last}`, '-x', '17000000201', '--ttl', '2h'];
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair, '--user-data', `order ${last}`);
  }
  return world;
}

describe('X5: a reader that closes the pipe', () => {
  const LINES = [
    ['inspect', FIXTURES],
    ['cdr', 'list', FIXTURES],
    ['-p', 'sandbox', 'bindings', 'list'],
    ['-p', 'sandbox', 'query', '--mode', 'axb', '-x', '17000000201'],
    ['config', 'list'],
  ];

  it.each(LINES.flatMap((line) => ['json', 'ndjson', 'csv', 'tsv', 'table'].map((format) => ({ line, format }))))(
    'ends $line as $format quietly with 0',
    async ({ line, format }) => {
      const world = await worldWithBindings();
      for (const closeStdoutAfter of [0, 1]) {
        const outcome = await world.run([...line, '-o', format], { closeStdoutAfter });
        expect(outcome).toMatchObject({ code: 0, stderr: '' });
        expect(outcome.writes).toHaveLength(closeStdoutAfter);
      }
    },
  );

  it.each([[['--help']], [['explain', '8014']], [['bind', '--help']], [['--version']]])('ends %j too', async (argv) => {
    const world = await openWorld();
    expect(await world.run(argv, { closeStdoutAfter: 0 })).toMatchObject({ code: 0, stderr: '' });
  });

  it('does not undo a change that was made', async () => {
    const world = await openWorld();
    const bind = ['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '--json'];
    expect((await world.run(bind, { closeStdoutAfter: 0 })).code).toBe(0);
    const list = await world.cli('-p', 'sandbox', 'bindings', 'list', '--query', 'count');
    expect(list.stdout).toBe('1\n');
  });
});

describe('colours', () => {
  const LIST = ['-p', 'sandbox', 'bindings', 'list'];
  const COLOUR = /\u001b\[\d+m/;

  it('are there on a terminal, and only there', async () => {
    const world = await worldWithBindings();
    const env = { NO_COLOR: undefined };
    expect((await world.run(LIST, { terminal: true, env })).stdout).toMatch(COLOUR);
    expect((await world.run(LIST, { env })).stdout).not.toMatch(COLOUR);
    expect((await world.run(LIST, { terminal: true, stdoutTerminal: false, env })).stdout).not.toMatch(COLOUR);
  });

  it.each([
    [{ NO_COLOR: '1' }, []],
    [{ NO_COLOR: undefined, TERM: 'dumb' }, []],
    [{ NO_COLOR: undefined }, ['--no-color']],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, []],
  ])('are not there with %j %j', async (env, flags) => {
    const world = await worldWithBindings();
    const shown = await world.run([...LIST, ...flags], { terminal: true, env });
    expect(shown.stdout).not.toMatch(COLOUR);
    expect(shown.stdout).toMatch(/^┌/);
    const failed = await world.run(['nothing', ...flags], { terminal: true, env });
    expect(failed.stderr).not.toMatch(COLOUR);
  });
});

describe('X5: a narrow terminal', () => {
  it.each([120, 100, 80])('of %i columns has lines of one width that fit, in both languages', async (columns) => {
    const world = await worldWithBindings();
    for (const lang of ['en', 'zh']) {
      for (const line of [
        ['bindings', 'list'],
        ['numbers', 'list'],
        ['config', 'list'],
        ['profiles', 'list'],
      ]) {
        const shown = await world.run(['-p', 'sandbox', ...line, '--lang', lang], { terminal: true, columns });
        const widths = shown.stdout
          .trimEnd()
          .split('\n')
          .map((text) => stringWidth(text));
        if (!shown.stdout.startsWith('┌')) continue;
        expect(new Set(widths).size, line.join(' ')).toBe(1);
        expect(widths[0], line.join(' ')).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('says which columns are missing', async () => {
    const world = await worldWithBindings();
    const shown = await world.run(['-p', 'sandbox', 'bindings', 'list'], { terminal: true, columns: 80 });
    expect(unfold(shown.stderr)).toMatch(
      /no room for createdAt, userData.*: widen the terminal, or choose with --fields\n/,
    );
    const quiet = await world.run(['-p', 'sandbox', 'bindings', 'list', '-q'], { terminal: true, columns: 80 });
    expect(quiet.stderr).toBe('');
  });
});

describe('a pipe', () => {
  it('gets a table as tab-separated text, with a header, uncut', async () => {
    const world = await worldWithBindings();
    const shown = await world.cli('-p', 'sandbox', 'bindings', 'list');
    const [header, ...rows] = shown.stdout.replace(/\n$/, '').split('\n');
    expect(header?.split('\t').slice(0, 5)).toEqual(['subscriptionId', 'mode', 'a', 'b', 'x']);
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.split('\t')).toHaveLength(header?.split('\t').length ?? 0);
    expect(shown.stdout).toContain('+8613800000011');
  });

  it('is masked with --mask', async () => {
    const world = await worldWithBindings();
    const shown = await world.cli('-p', 'sandbox', 'bindings', 'list', '--mask', '--json');
    expect(shown.stdout).toContain('+86138****0011');
    expect(shown.stdout).not.toContain('13800000011');
  });
});

describe('X4: hostile text from outside', () => {
  const HOSTILE = 'a\u001b[2J\u001b]52;c;cm0=\u0007\u009b31m\rb\u202e\u200bc\u007f';

  it('steers no terminal, whatever the format', async () => {
    const world = await openWorld();
    const fee = { sessionId: `s${HOSTILE}`, bindNum: '+8617000000201', callerNum: HOSTILE, userData: HOSTILE };
    await world.write('cdr.json', JSON.stringify({ eventType: 'fee', feeLst: [fee, { ...fee, sessionId: 'other' }] }));
    for (const format of ['table', 'json', 'ndjson', 'csv', 'tsv']) {
      for (const more of [[], ['--fields', 'sessionId,caller,userData,raw'], ['--limit', '1']]) {
        const argv = ['cdr', 'list', 'cdr.json', '-o', format, ...more];
        const { code, stdout, stderr } = await world.run(argv, { terminal: true });
        expect(code).toBe(0);
        expect(stdout + stderr, argv.join(' ')).not.toMatch(
          /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/,
        );
        expect(stdout.replaceAll('\r\n', ''), argv.join(' ')).not.toContain('\r');
      }
    }
  });
});
