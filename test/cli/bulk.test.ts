import { execFileSync } from 'node:child_process';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { openWorld, type World } from '../helpers/world.js';

const X = '17000000201';
const NORMAL = ['--rate', 'max', '--pause', '10ms'] as const;
const A = (n: number): string => `138000${String(n).padStart(5, '0')}`;
const B = (n: number): string => `139000${String(n).padStart(5, '0')}`;

/** `count` pairs on one X. */
function pairs(count: number, heading = 'a,b,x'): string {
  return [heading, ...Array.from({ length: count }, (_, n) => `${A(n)},${B(n)},${X}`)].join('\n');
}

function bulk(world: World, verb: string, file: string, ...flags: string[]) {
  return world.cli('-p', 'sandbox', verb, '--mode', 'axb', '--file', file, ...NORMAL, '--yes', '--json', ...flags);
}

async function bound(world: World, x = X): Promise<number> {
  const { stdout } = await world.cli('-p', 'sandbox', 'query', '--mode', 'axb', '-x', x, '--all', '--query', 'count');
  return Number(stdout);
}

describe('bind --file', () => {
  it('binds every row, keeps the ledger, and writes the results', async () => {
    const world = await openWorld();
    await world.write('rows.csv', `${pairs(5)}\n`);
    const done = await bulk(world, 'bind', 'rows.csv', '--out', 'results.csv', '--rejects', 'bad.csv');
    expect(done).toMatchObject({
      code: 0,
      json: { kind: 'Job', item: { state: 'finished', rows: 5, done: 5, refused: 0, inDoubt: 0, left: 0 } },
    });
    expect(await bound(world)).toBe(5);
    const list = await world.cli('-p', 'sandbox', 'bindings', 'list', '--query', 'items[].subscriptionId');
    const ids = list.stdout.trim().split('\n');
    const results = (await world.read('results.csv')).trimEnd().split('\r\n');
    expect(results[0]).toBe('a,b,x,subscriptionId,x_2,y,extension,outcome,code,message');
    expect(results.slice(1).map((line) => line.split(',')[3])).toEqual(expect.arrayContaining(ids));
    expect(results[1]).toMatch(/^13800000000,13900000000,17000000201,[0-9a-f-]{36},\+8617000000201,,,done,,$/);
    expect(await world.read('bad.csv')).toBe('a,b,x\n');
  });

  it('shows the plan and sends nothing with --dry-run', async () => {
    const world = await openWorld();
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A(0), '-b', B(0), '-x', X);
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A(20), '-b', B(20), '-x', X);
    await world.write(
      'rows.csv',
      `${pairs(3)}\n${A(1)},${B(1)},${X}\n${A(2)},${B(9)},${X}\n${A(20)},${B(8)},${X}\n8.61E+12,${B(7)},${X}\n,${B(6)},${X}\n`,
    );
    const plan = await bulk(world, 'bind', 'rows.csv', '--dry-run', '--rate', '2/s');
    expect(plan.json.item).toMatchObject({ rows: 8, toSend: 2, already: 1, conflicts: 1, invalid: 4, seconds: 1 });
    expect(plan.json.item.problems).toEqual([
      { row: 5, code: 'input-invalid', message: 'the same as row 3' },
      {
        row: 6,
        code: 'input-invalid',
        message: 'A or B of this row is on the same X in row 4 already: a user can be on an X once',
      },
      { row: 7, code: 'already-bound', message: expect.stringContaining('X is taken for these numbers') as string },
      { row: 8, code: 'input-invalid', message: expect.stringContaining('column “a”: looks like a number') as string },
      { row: 9, code: 'input-invalid', message: expect.stringContaining('column “a” is empty') as string },
    ]);
    expect(await bound(world)).toBe(2);
    expect((await world.cli('jobs', 'list', '--json')).json).toMatchObject({ count: 0 });
  });

  it('takes the rows that can be used, ends with 3, and hands the others back to be mended', async () => {
    const world = await openWorld();
    await world.write(
      'rows.csv',
      `﻿主叫,被叫,隐私号码,备注\r\n${A(0)},${B(0)},${X},"一\n二"\r\n12,${B(1)},${X},=1+1\r\n`,
    );
    const done = await bulk(world, 'bind', 'rows.csv', '--rejects', 'bad.csv', '--out', 'results.csv');
    expect(done).toMatchObject({ code: 3, error: { code: 'some-failed', exitCode: 3 } });
    expect(done.json).toMatchObject({ item: { done: 1, refused: 1 } });
    const bad = await world.read('bad.csv');
    expect(bad).toBe(`\uFEFF主叫,被叫,隐私号码,备注\r\n12,${B(1)},${X},'=1+1\r\n`);
    expect(await world.read('results.csv')).toContain('"一\n二"');
    await world.write('bad.csv', bad.replace('\r\n12,', `\r\n${A(1)},`));
    expect(await bulk(world, 'bind', 'bad.csv')).toMatchObject({ code: 0, json: { item: { done: 1 } } });
    expect(await bound(world)).toBe(2);
  });

  it('counts what is bound already as done, and does nothing a second time', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(3));
    await bulk(world, 'bind', 'rows.csv');
    const again = await bulk(world, 'bind', 'rows.csv');
    expect(again).toMatchObject({
      code: 0,
      json: { item: { id: expect.stringMatching(/-2$/) as string, already: 3, done: 0 } },
    });
    const third = await bulk(world, 'bind', 'rows.csv', '--out', 'third.csv');
    const id = again.json.item.id as string;
    expect(third).toMatchObject({
      code: 0,
      json: {
        item: { id, already: 3 },
        warnings: [`every row is done already: ${id} stands, no new job was made`],
      },
    });
    expect((await world.read('third.csv')).match(/,already,/g)).toHaveLength(3);
    expect((await world.cli('jobs', 'list', '--json')).json).toMatchObject({ count: 2 });
    const kept = (await world.files()).filter((file) => file.includes('/jobs/'));
    expect(kept).toHaveLength(4);
    expect(await bound(world)).toBe(3);
  });

  it('takes a pipe by its name, which can be read once only', async () => {
    const world = await openWorld();
    execFileSync('mkfifo', [world.path('rows.csv')]);
    const [planned] = await Promise.all([
      bulk(world, 'bind', 'rows.csv', '--dry-run'),
      writeFile(world.path('rows.csv'), `${pairs(3)}\n`),
    ]);
    expect(planned).toMatchObject({ code: 0, json: { item: { rows: 3, toSend: 3 } } });
  });

  it('takes headings by --map, defaults by flags, and stdin', async () => {
    const world = await openWorld();
    const done = await world.run(
      [
        '-p',
        'sandbox',
        'bind',
        '--mode',
        'axb',
        '--file',
        '-',
        '--map',
        'a=司机,b=乘客',
        '--area',
        '0755',
        '--yes',
        '--json',
      ],
      { stdin: `司机；乘客\n`.replace('；', ',') + `${A(1)},${B(1)}\n` },
    );
    expect(done).toMatchObject({ code: 0, json: { item: { file: 'stdin', done: 1 } } });
    const row = await world.cli('-p', 'sandbox', 'numbers', 'list', '--query', 'items[].x');
    expect(row.stdout).toMatch(/^\+861700000020[1-4]\n$/);
    await world.write('rows.csv', '司机,乘客\n');
    const wrong = async (map: string): Promise<unknown> => (await bulk(world, 'bind', 'rows.csv', '--map', map)).error;
    expect(await wrong('a=车主')).toMatchObject({
      code: 'flag-invalid',
      message: '--map a: rows.csv has no heading “车主”',
    });
    expect(await wrong('z=司机')).toMatchObject({ code: 'flag-invalid' });
    expect((await bulk(world, 'bind', 'rows.csv')).error).toMatchObject({
      code: 'input-invalid',
      message: 'rows.csv: no column is known; the headings are “司机”, “乘客”',
    });
  });

  it('prints a template whose example can be run, in every mode', async () => {
    const world = await openWorld();
    for (const mode of ['ax', 'axb', 'axe', 'axyb']) {
      for (const lang of ['zh', 'en']) {
        const template = await world.cli('bind', '--mode', mode, '--template', '--lang', lang);
        expect(template.stdout.split('\r\n')).toHaveLength(3);
        await world.write('template.csv', template.stdout);
        const plan = await world.cli(
          '-p',
          'sandbox',
          'bind',
          '--mode',
          mode,
          '--file',
          'template.csv',
          '--dry-run',
          '--json',
        );
        expect(plan.json.item, template.stdout).toMatchObject({ rows: 1, toSend: 1, invalid: 0 });
      }
    }
    expect((await world.cli('unbind', '--mode', 'ax', '--template')).stdout).toMatch(/^id,a,x\r\n/);
    expect((await world.cli('update', '--mode', 'axyb', '--template', '--json')).error).toMatchObject({ exitCode: 2 });
  });

  it('asks once on a terminal, and does nothing after a no; a script needs --yes', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(2));
    const argv = ['-p', 'sandbox', 'bind', '--mode', 'axb', '--file', 'rows.csv', ...NORMAL];
    const answers = [{ asks: 'This binds 2 rows of rows.csv (AXB)', answer: 'no' }];
    const no = await world.run(argv, { terminal: true, answers });
    expect(no.code).toBe(130);
    expect(no.stderr).toContain('rows.csv (AXB): 2 rows: 2 to bind; 2 requests');
    expect((await world.cli(...argv, '--json')).error).toMatchObject({ code: 'confirmation-missing', exitCode: 2 });
    expect((await world.files()).filter((file) => file.includes('/jobs/'))).toEqual([]);
    expect(await bound(world)).toBe(0);
    const yes = await world.run(argv, { terminal: true, answers: [{ asks: 'Go on?', answer: 'yes' }] });
    expect(yes.code).toBe(0);
    expect(await bound(world)).toBe(2);
  });

  it('refuses flags of a file without one', async () => {
    const world = await openWorld();
    for (const flags of [
      ['--out', 'x.csv'],
      ['--max-errors', '3'],
      ['--map', 'a=b'],
    ]) {
      const refused = await world.cli(
        '-p',
        'sandbox',
        'bind',
        '--mode',
        'axb',
        '-a',
        A(1),
        '-b',
        B(1),
        ...flags,
        '--json',
      );
      expect(refused.error).toMatchObject({ code: 'flag-conflict', message: `${flags[0] ?? ''} needs --file` });
    }
    for (const flags of [
      ['--rate', 'fast'],
      ['--rate', '0'],
      ['--concurrency', '0'],
      ['--concurrency', '1001'],
      ['--max-errors', '-1'],
      ['--max-errors', '101%'],
      ['--pause', 'long'],
    ]) {
      await world.write('rows.csv', pairs(1));
      expect((await bulk(world, 'bind', 'rows.csv', ...flags)).error, flags.join(' ')).toMatchObject({
        code: 'flag-invalid',
      });
    }
  });

  it('misses a file', async () => {
    const world = await openWorld();
    expect((await bulk(world, 'bind', 'none.csv')).error).toMatchObject({
      code: 'input-unreadable',
      message: 'cannot read --file none.csv: there is no such file',
    });
    expect((await bulk(world, 'bind', '.')).error).toMatchObject({ message: 'cannot read --file .: it is a folder' });
  });
});

describe('bind --file: B4, B8: what a file may be', () => {
  const gb = (text: string): Buffer =>
    Buffer.concat(
      Array.from(text, (one) => {
        const known: Record<string, string> = { 主: 'd6f7', 叫: 'bdd0', 被: 'b1bb' };
        return known[one] === undefined ? Buffer.from(one) : Buffer.from(known[one], 'hex');
      }),
    );
  const text = `主叫,被叫\r\n${A(1)},${B(1)}\r\n`;
  const cases: readonly [string, Buffer | string][] = [
    ['UTF-8', text],
    ['UTF-8 with a mark', `\uFEFF${text}`],
    ['GB18030', gb(text)],
    ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['a full-width comma', text.replaceAll(',', '，')],
    ['tabs, and a delimiter at the end', text.replaceAll(',', '\t').replaceAll('\r\n', '\t\r\n')],
    ['full-width digits', text.replaceAll('138', '１３８')],
    ['quotes', text.replaceAll(A(1), `"${A(1)}"`)],
    ['numbers as text by a spreadsheet', text.replaceAll(A(1), `'${A(1)}`)],
    ['no line end at the end', text.trimEnd()],
    ['CR alone', text.replaceAll('\r\n', '\r')],
  ];
  it.each(cases)('reads %s', async (_name, content) => {
    const world = await openWorld();
    await world.write('rows.csv', content);
    const plan = await bulk(world, 'bind', 'rows.csv', '--dry-run');
    expect(plan.json.item).toMatchObject({ rows: 1, toSend: 1, problems: [] });
  });

  const refusals: readonly [string, Buffer | string, RegExp][] = [
    ['__proto__ as a heading', `a,b,__proto__\n${A(1)},${B(1)},1\n`, /row 1: the heading “__proto__” is not allowed/],
    ['NUL', `a,b\n${A(1)},${B(1)}\n\0,\n`, /row 3: holds a NUL/],
    [
      'a cell of 10 MB',
      `a,b\n${A(1)},${B(1)}\n"${'x'.repeat(10_000_000)}",1\n`,
      /row 3: a cell or row of more than 1 MB/,
    ],
    [
      'a cell longer than a spreadsheet has',
      `a,b\n${A(1)},${'x'.repeat(40_000)}\n`,
      /row 2, column “b”: longer than a cell/,
    ],
    ['a quote that is not closed', `a,b\n${A(1)},"${B(1)}\n`, /row 2: a quote is not closed/],
    ['mixed encodings', Buffer.concat([Buffer.from('主叫,被叫\n'), Buffer.from([0xff, 0xff, 0x0a])]), /neither UTF-8/],
    ['a workbook', Buffer.from('504b0304aaaa', 'hex'), /a workbook/],
    ['nothing', '', /empty/],
  ];
  it.each(refusals)('refuses %s, with its place', async (_name, content, message) => {
    const world = await openWorld();
    await world.write('rows.csv', content);
    const refused = await bulk(world, 'bind', 'rows.csv');
    expect(refused.error).toMatchObject({ code: 'input-invalid', exitCode: 2 });
    expect((refused.error as { message: string }).message).toMatch(message);
    expect((await world.files()).filter((file) => file.includes('/jobs/'))).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each([
    ['8.61E+12', /spreadsheet rounded/],
    ['1.38e10', /spreadsheet rounded/],
    ['13800000001.0', /not a phone number/],
    ['1380000000', /not a phone number/],
    ['＝1', /not a phone number/],
  ])('never makes a number of %s', async (cell, message) => {
    const world = await openWorld();
    await world.write('rows.csv', `a,b\n${cell},${B(1)}\n`);
    const { item } = (await bulk(world, 'bind', 'rows.csv', '--dry-run')).json;
    expect(item).toMatchObject({ toSend: 0, invalid: 1 });
    expect(item.problems[0]).toMatchObject({ row: 2, message: expect.stringMatching(message) as string });
    expect(item.problems[0].message).toContain('column “a”');
  });
});

describe('unbind --file and update --file', () => {
  it('undo and change what the results file names', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(3));
    await bulk(world, 'bind', 'rows.csv', '--out', 'results.csv');
    expect(await bulk(world, 'update', 'results.csv', '--ttl', '2h')).toMatchObject({
      code: 0,
      json: { item: { done: 3 } },
    });
    const ends = await world.cli('-p', 'sandbox', 'bindings', 'list', '--query', 'items[].expiresAt');
    expect(ends.stdout.trim().split('\n')).toHaveLength(3);
    const gone = await bulk(world, 'unbind', 'results.csv', '--out', 'gone.csv');
    expect(gone).toMatchObject({ code: 0, json: { item: { done: 3 } } });
    expect(await bound(world)).toBe(0);
    expect((await world.cli('-p', 'sandbox', 'bindings', 'list', '--json')).json).toMatchObject({ count: 0 });
  });

  it('unbinds by the file that was bound: the ledger knows the IDs', async () => {
    const world = await openWorld();
    await world.write('rows.csv', `${pairs(3)}\n${A(7)},${B(7)},${X}\n`);
    await bulk(world, 'bind', 'rows.csv');
    await world.cli('-p', 'sandbox', 'unbind', '--id', await idOf(world, A(7)));
    const gone = await bulk(world, 'unbind', 'rows.csv', '--rejects', 'bad.csv');
    expect(gone).toMatchObject({ code: 3, json: { item: { done: 3, refused: 1 } } });
    expect(await world.read('bad.csv')).toBe(`a,b,x\n${A(7)},${B(7)},${X}\n`);
    expect(await bound(world)).toBe(0);
  });

  it('finds in the ledger what a row names by B', async () => {
    const world = await openWorld();
    await world.write('rows.csv', `${pairs(3)}\n${A(7)},${B(2)},17000000202\n`);
    await bulk(world, 'bind', 'rows.csv');
    await world.write('b.csv', `b\n${B(1)}\n${B(2)}\n${B(9)}\n`);
    const plan = await bulk(world, 'unbind', 'b.csv', '--dry-run');
    expect(plan.json.item).toMatchObject({
      toSend: 1,
      problems: [
        { row: 3, message: '2 bindings fit these numbers: give X or the ID' },
        { row: 4, message: 'the ledger knows no active binding of these numbers' },
      ],
    });
    expect((await bulk(world, 'unbind', 'b.csv')).json.item).toMatchObject({ done: 1, refused: 2 });
    const left = await world.cli('-p', 'sandbox', 'bindings', 'list', '--query', 'items[].b', '--json');
    expect(left.json).toEqual([B(0), B(2), B(2)].map((b) => `+86${b}`));
  });

  it('finds a Y by X and B', async () => {
    const world = await openWorld();
    const axyb = (verb: string, ...flags: string[]) =>
      world.cli('-p', 'sandbox', verb, '--mode', 'axyb', ...flags, '--yes', '--json');
    const { subscriptionId, x } = (await axyb('bind', '-a', A(1), '--area', '0755')).json.item as Record<
      string,
      string
    >;
    for (const n of [1, 2]) await axyb('bind', '--id', String(subscriptionId), '-b', B(n));
    await world.write('xb.csv', `x,b\n${x},${B(1)}\n`);
    expect(await axyb('unbind', '--file', 'xb.csv')).toMatchObject({ code: 0, json: { item: { done: 1 } } });
    const left = await axyb('query', '--id', String(subscriptionId), '--query', 'items[].b');
    expect(left.json).toEqual([`+86${B(2)}`]);
  });

  it('never removes a whole X by a row', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(2));
    await bulk(world, 'bind', 'rows.csv');
    await world.write('x.csv', `x\n${X}\n`);
    const plan = await bulk(world, 'unbind', 'x.csv', '--dry-run');
    expect(plan.json.item).toMatchObject({ toSend: 0, invalid: 1 });
    expect(plan.json.item.problems[0].message).toContain('X alone would remove every binding on it');
    expect((await bulk(world, 'unbind', 'x.csv')).code).toBe(3);
    expect(await bound(world)).toBe(2);
  });

  it('a binding that is not there is refused, or done with --ignore-missing', async () => {
    const world = await openWorld();
    await world.write('ids.csv', 'subscriptionId\nnobody-1\n');
    expect(await bulk(world, 'unbind', 'ids.csv')).toMatchObject({ code: 3, json: { item: { refused: 1 } } });
    const ignored = await bulk(world, 'unbind', 'ids.csv', '--ignore-missing');
    expect(ignored).toMatchObject({ code: 0, json: { item: { already: 1 } } });
  });

  async function idOf(world: World, a: string): Promise<string> {
    const found = await world.cli('-p', 'sandbox', 'bindings', 'list', '-a', a, '--query', 'items[0].subscriptionId');
    return found.stdout.trim();
  }
});

describe('other modes', () => {
  it.each([
    ['ax', `a,x\n${A(1)},17000000101\n${A(2)},17000000102\n${A(3)},17000000101\n`, 2],
    ['axe', `a,x,ext\n${A(1)},17000000301,1001\n${A(2)},17000000301,1002\n${A(3)},17000000301,1001\n`, 2],
    ['axyb', `a,area\n${A(1)},0755\n${A(2)},755\n`, 2],
  ])('binds in %s, and refuses what cannot stand beside an earlier row', async (mode, content, count) => {
    const world = await openWorld();
    await world.write('rows.csv', content);
    const run = ['-p', 'sandbox', 'bind', '--mode', mode, '--file', 'rows.csv', ...NORMAL, '--yes', '--json'];
    const done = await world.cli(...run);
    expect(done.json.item).toMatchObject({ done: count, refused: content.trim().split('\n').length - 1 - count });
    const again = await world.cli(...run);
    expect(again.json.item).toMatchObject({ already: count, done: 0 });
  });
});

describe('faults in the middle of a file (B2, B3)', () => {
  it('flow control pauses all, then goes on', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(6));
    await world.cli('sandbox', 'fault', 'flow-control', '--count', '2');
    expect(await bulk(world, 'bind', 'rows.csv')).toMatchObject({ code: 0, json: { item: { done: 6 } } });
    await world.cli('sandbox', 'fault', 'flow-control');
    await world.write('more.csv', pairs(6).replaceAll('13800', '13801').replaceAll('13900', '13901'));
    const stopped = await bulk(world, 'bind', 'more.csv');
    expect(stopped).toMatchObject({
      code: 7,
      error: { code: 'flow-control' },
      json: { item: { done: 0, left: 6, state: 'open' } },
    });
    await world.cli('sandbox', 'fault', 'clear');
    const resumed = await world.cli(
      '-p',
      'sandbox',
      'jobs',
      'resume',
      stopped.json.item.id as string,
      '--rate',
      'max',
      '--json',
    );
    expect(resumed).toMatchObject({ code: 0, json: { item: { done: 6, left: 0 } } });
    expect(await bound(world)).toBe(12);
  });

  it('a rate of one row in a year is kept, and a stop ends the wait', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(3));
    const stop = new AbortController();
    const flags = ['--file', 'rows.csv', '--rate', '0.0001/h', '--yes', '--json'];
    const running = world.run(['-p', 'sandbox', 'bind', '--mode', 'axb', ...flags], { signal: stop.signal });
    while ((await bound(world)) === 0);
    stop.abort(new AppError('interrupted', 'stopped by Ctrl-C'));
    expect(await running).toMatchObject({ code: 130, json: { item: { done: 1, left: 2 } } });
    expect(await bound(world)).toBe(1);
  });

  it('a lock-out stops at once, and says how to go on', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(20));
    await world.cli('sandbox', 'fault', 'locked', '--count', '1');
    const stopped = await bulk(world, 'bind', 'rows.csv');
    expect(stopped).toMatchObject({ code: 12, error: { code: 'address-blocked', exitCode: 12 } });
    expect((stopped.error as { hint: string }).hint).toContain(`jobs resume ${stopped.json.item.id as string}`);
    expect(stopped.json.item.left).toBeGreaterThan(15);
    await world.cli('sandbox', 'fault', 'clear');
    expect(await bulk(world, 'bind', 'rows.csv')).toMatchObject({ code: 0, json: { item: { done: 20 } } });
    expect(await bound(world)).toBe(20);
  });

  it('5xx and broken connections: asked, then sent again; no row twice', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(40));
    for (const kind of ['5xx', '5xx-after', 'down', 'lost-answer', 'cut'])
      await world.cli('sandbox', 'fault', kind, '--share', '0.1', '--path', 'relationnumber');
    const done = await bulk(world, 'bind', 'rows.csv', '--concurrency', '4');
    await world.cli('sandbox', 'fault', 'clear');
    const item = done.json.item as Record<string, number>;
    const { done: finished = 0, already = 0, refused = 0, inDoubt = 0, left = 0 } = item;
    expect(finished + already + refused + inDoubt + left).toBe(40);
    // A row that met a fault at each of its tries is refused; the job that is open keeps it so, the next one over the same file sends it.
    let resumed = await bulk(world, 'bind', 'rows.csv');
    expect(resumed).toMatchObject({ json: { item: { inDoubt: 0, left: 0 } } });
    if (resumed.json.item.refused > 0) resumed = await bulk(world, 'bind', 'rows.csv');
    expect(resumed).toMatchObject({ code: 0, json: { item: { inDoubt: 0, left: 0, refused: 0 } } });
    expect(await bound(world)).toBe(40);
    const list = await world.cli('-p', 'sandbox', 'bindings', 'list', '--query', 'items[].a');
    expect(new Set(list.stdout.trim().split('\n')).size).toBe(40);
  });

  it('a lost answer without X is looked for on the X numbers that are known, and never sent again', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', `X号码,城市码\n${X},0755\n17000000202,0755\n`);
    await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv');
    await world.write('rows.csv', `a,b,area\n${A(2)},${B(2)},021\n${A(1)},${B(1)},0755\n`);
    await world.cli('sandbox', 'fault', 'lost-answer', '--count', '2');
    const done = await bulk(world, 'bind', 'rows.csv', '--concurrency', '1');
    expect(done).toMatchObject({ code: 3, json: { item: { done: 1, inDoubt: 1 } } });
    const doubts = await world.cli('jobs', 'show', done.json.item.id as string, '--rows', 'in-doubt', '--json');
    expect(doubts.json).toMatchObject({ count: 1, items: [{ row: 2, state: 'in-doubt', code: 'outcome-unknown' }] });
    expect(doubts.json.items[0].message).toContain('0 X numbers of the inventory');
    const again = await bulk(world, 'bind', 'rows.csv');
    expect(again).toMatchObject({ code: 3, json: { item: { id: done.json.item.id as string, done: 1, inDoubt: 1 } } });
    await world.write('other.csv', `a,b,area\n${A(2)},${B(2)},021\n`);
    const other = await bulk(world, 'bind', 'other.csv', '--dry-run');
    expect(other.json.item).toMatchObject({ toSend: 0, conflicts: 1, problems: [{ code: 'outcome-unknown' }] });
    const state = JSON.parse(await readFile(world.path('.local/state/privacy-call/sandbox/state.json'), 'utf8')) as {
      axb: unknown[];
    };
    expect(state.axb).toHaveLength(2);
  });

  it('--max-errors stops, by count and by share', async () => {
    for (const [most, refused] of [
      ['2', 3],
      ['10%', 3],
    ] as const) {
      const world = await openWorld();
      await world.write('rows.csv', `${pairs(20)}\n`.replaceAll(X, '17000000299'));
      const stopped = await bulk(world, 'bind', 'rows.csv', '--max-errors', most, '--concurrency', '1');
      expect(stopped).toMatchObject({ code: 3, json: { item: { refused, left: 17 } } });
    }
  });
});

describe('jobs', () => {
  it('lists, shows and resumes; knows the profile', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(2));
    const stop = new AbortController();
    stop.abort(new AppError('interrupted', 'stopped by Ctrl-C'));
    const stopped = await world.run(
      ['-p', 'sandbox', 'bind', '--mode', 'axb', '--file', 'rows.csv', '--yes', '--json'],
      { signal: stop.signal },
    );
    expect(stopped.code).toBe(130);
    const open = await world.cli('jobs', 'list', '--open', '--json');
    expect(open.json).toMatchObject({ count: 1, items: [{ state: 'open', left: 2, rows: 2, operation: 'bind' }] });
    const id = open.json.items[0].id as string;
    expect((await world.cli('jobs', 'resume', id, '--json')).error).toMatchObject({
      code: 'flag-invalid',
      hint: `privacy-call -p sandbox jobs resume ${id}`,
    });
    expect(await world.cli('-p', 'sandbox', 'jobs', 'resume', id, '--json')).toMatchObject({
      code: 0,
      json: { item: { done: 2 } },
    });
    expect((await world.cli('jobs', 'list', '--open', '--json')).json).toMatchObject({ count: 0 });
    const rows = await world.cli('jobs', 'show', id, '--rows', '--json');
    expect(rows.json).toMatchObject({
      kind: 'JobRowList',
      items: [{ row: 2, state: 'done', x: `+86${X}` }, { row: 3 }],
    });
    expect((await world.cli('jobs', 'show', 'bind-000000000000', '--json')).error).toMatchObject({
      code: 'job-not-found',
      exitCode: 5,
    });
    expect((await world.cli('jobs', 'show', '../../x', '--json')).error).toMatchObject({ code: 'job-not-found' });
    expect((await world.cli('jobs', 'show', id, '--rows', 'lost', '--json')).error).toMatchObject({
      code: 'flag-invalid',
    });
  });

  it('prune removes what has ended and is old, with the copy of its input, and nothing else', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(2));
    await world.write('open.csv', `${pairs(1)}\n`);
    const id = (await bulk(world, 'bind', 'rows.csv')).json.item.id as string;
    const stop = new AbortController();
    stop.abort(new AppError('interrupted', 'stopped by Ctrl-C'));
    await world.run(
      ['-p', 'sandbox', 'bind', '--mode', 'axb', '--file', 'open.csv', '--if-exists', 'update', '--yes'],
      {
        signal: stop.signal,
      },
    );
    const files = (await world.files()).filter((file) => file.includes('/jobs/') && !file.endsWith('.lock'));
    expect(files).toHaveLength(4);
    const prune = (age: string, ...flags: string[]) =>
      world.cli('jobs', 'prune', '--older-than', age, ...flags, '--json');
    const old = new Date(world.now().getTime() - 40 * 86_400_000);
    for (const file of files) await utimes(file, old, old);
    expect((await prune('50d', '--yes')).json).toMatchObject({ count: 0 });
    expect((await prune('30d', '--dry-run')).json).toMatchObject({ count: 1, items: [{ id }] });
    expect((await prune('30d')).error).toMatchObject({ code: 'confirmation-missing' });
    expect((await prune('30d', '--yes')).json).toMatchObject({ count: 1, items: [{ id }] });
    const left = (await world.files()).filter((file) => file.includes('/jobs/') && !file.endsWith('.lock'));
    expect(left).toHaveLength(2);
    expect((await world.cli('jobs', 'list', '--json')).json).toMatchObject({ count: 1, items: [{ state: 'open' }] });
    // The stopped job is found although an earlier one of the same work is gone.
    const goesOn = await bulk(world, 'bind', 'open.csv', '--if-exists', 'update');
    expect(goesOn.json).toMatchObject({ item: { state: 'finished', left: 0 } });
    expect((await world.cli('jobs', 'list', '--json')).json).toMatchObject({ count: 1 });
    expect((await world.cli('jobs', 'prune', '--json')).error).toMatchObject({ code: 'flag-missing' });
  });

  it('B7: the same file twice at once is one job; the second is told which', async () => {
    const world = await openWorld();
    await world.write('rows.csv', pairs(30));
    await world.write('copy.csv', pairs(30));
    const both = await Promise.all([bulk(world, 'bind', 'rows.csv'), bulk(world, 'bind', 'copy.csv')]);
    expect(both.map(({ code }) => code).sort((one, other) => one - other)).toEqual([0, 6]);
    const second = both.find(({ code }) => code === 6);
    expect(second?.error).toMatchObject({
      code: 'job-running',
      message: expect.stringMatching(/^bind-[0-9a-f]{12} runs already/) as string,
    });
    expect(await bound(world)).toBe(30);
  });
});
