import { link, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { buildEncoder } from '../../src/tables/build-encoder.js';
import { openWorld, type World } from '../helpers/world.js';

const ROWS = 'a,b,x\n13800000001,13900000001,17000000201\n12,13900000002,17000000201\n';

function bind(world: World, ...flags: string[]) {
  return world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...flags, '--yes', '--json');
}

async function openRows(): Promise<World> {
  const world = await openWorld();
  await world.write('rows.csv', ROWS);
  return world;
}

/** Nothing was planned, kept or sent. */
async function expectUntouched(world: World): Promise<void> {
  expect(await world.read('rows.csv')).toBe(ROWS);
  expect((await world.files()).filter((file) => file.includes('/jobs/') || file.includes('sandbox'))).toEqual([]);
}

describe('issue 6: unbind --file of a results file', () => {
  const HEAD = 'a,x,subscriptionId,outcome,code,message';
  it('leaves out the rows that were never bound: others may have the X', async () => {
    const world = await openWorld();
    const ax = (...argv: string[]) => world.cli('-p', 'sandbox', ...argv, '--mode', 'ax', '--yes', '--json');
    await ax('bind', '-a', '13800000009', '-x', '17000000101');
    await world.write('rows.csv', 'a,x\n13800000001,17000000101\n13800000002,17000000102\n12,17000000103\n');
    const bound = await ax('bind', '--file', 'rows.csv', '--out', 'out.csv');
    expect(bound.json.item).toMatchObject({ done: 1, refused: 2 });
    const plan = await ax('unbind', '--file', 'out.csv', '--dry-run');
    expect(plan.json.item).toMatchObject({ rows: 3, toSend: 1, skipped: 2, invalid: 0, conflicts: 0 });
    const gone = await ax('unbind', '--file', 'out.csv', '--out', 'gone.csv');
    expect(gone).toMatchObject({ code: 0, json: { item: { done: 1, already: 2 } } });
    expect(await world.read('gone.csv')).toContain('its outcome in the file says that it was never bound');
    const left = await ax('query', '-x', '17000000101');
    expect(left.json.items).toHaveLength(1);
  });

  it('takes a row that names its ID, and a column of that name in any other file', async () => {
    const world = await openWorld();
    const bound = await bind(world, '-a', '13800000001', '-b', '13900000001', '-x', '17000000201');
    const id = bound.json.item.subscriptionId as string;
    await world.write('ids.csv', `${HEAD}\n13800000001,,${id},refused,flow-control,\n`);
    await world.write('own.csv', `id,outcome\n${id},refused\n`);
    for (const file of ['ids.csv', 'own.csv']) {
      const plan = await world.cli('-p', 'sandbox', 'unbind', '--mode', 'axb', '--file', file, '--dry-run', '--json');
      expect(plan.json.item, file).toMatchObject({ toSend: 1, skipped: 0 });
    }
  });
});

describe('issue 6: --rejects in the form of the input', () => {
  const bytesOf = (text: string, encoding: 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be') =>
    buildEncoder(encoding)(text);
  it.each([
    { encoding: 'utf-8', mark: '', delimiter: ',', lineEnd: '\n' },
    { encoding: 'utf-8', mark: '\uFEFF', delimiter: ',', lineEnd: '\r\n' },
    { encoding: 'gb18030', mark: '', delimiter: ';', lineEnd: '\r\n' },
    { encoding: 'gb18030', mark: '', delimiter: '，', lineEnd: '\r' },
    { encoding: 'utf-16le', mark: '\uFEFF', delimiter: '\t', lineEnd: '\r\n' },
    { encoding: 'utf-16be', mark: '\uFEFF', delimiter: ',', lineEnd: '\n' },
  ] as const)('%j', async ({ encoding, mark, delimiter, lineEnd }) => {
    const world = await openWorld();
    const line = (...cells: string[]): string => `${cells.join(delimiter)}${lineEnd}`;
    const head = `${mark}${line('主叫', '被叫', 'X号码', '备注')}`;
    const bad = line('12', '13900000002', '17000000201', `"深圳${delimiter}㐀€😀"`);
    await world.write(
      'rows.csv',
      bytesOf(head + line('13800000001', '13900000001', '17000000201', '好') + bad, encoding),
    );
    const done = await bind(world, '--file', 'rows.csv', '--rejects', 'bad.csv');
    expect(done).toMatchObject({ code: 3, json: { item: { done: 1, refused: 1 } } });
    const written = await readFile(world.path('bad.csv'));
    expect(written.equals(bytesOf(head + bad, encoding)), written.toString('latin1')).toBe(true);
  });
});

describe('a file whose headings or form are wrong', () => {
  it.each([[], ['--map', 'a=司机']])(
    'is refused once for two columns of one heading, with both named (%s %s)',
    async (...map) => {
      const world = await openWorld();
      const heading = map.length === 0 ? 'A号码' : '司机';
      await world.write('two.csv', `${heading},b, ${heading} \n13800000001,13900000001,13800000002\n`);
      const { code, error } = await bind(world, '--file', 'two.csv', ...map);
      expect([code, error.code, error.message]).toEqual([
        2,
        'input-invalid',
        `two.csv: two columns of one heading: 1 “${heading}” and 3 “${heading}”`,
      ]);
    },
  );

  it.each([
    ['{"eventType":"fee","feeLst":[]}', 'saved pushes in JSON', 'privacy-call inspect odd.json'],
    ['\n[ {"sessionId":"s"}]', 'saved pushes in JSON', 'privacy-call inspect odd.json'],
    ['{"kind":"NumberList","items":[]}', 'JSON that privacy-call wrote', '-o csv'],
    ['{"calls":[]}', 'JSON', 'Save it as XLSX or as CSV.'],
  ])('is told from JSON: %s', async (text, what, hint) => {
    const world = await openWorld();
    await world.write('odd.json', text);
    for (const words of [
      ['numbers', 'import', 'odd.json'],
      ['bind', '--mode', 'axb', '--file', 'odd.json', '--dry-run'],
    ]) {
      const { code, error } = await world.cli('-p', 'sandbox', ...words, '--json');
      expect([code, error.message]).toEqual([2, `odd.json: ${what}, not a table`]);
      expect(error.hint).toContain(hint);
    }
  });

  it('may begin as JSON does not', async () => {
    const world = await openWorld();
    await world.write('odd.csv', '[x],a,b\n1,13800000001,13900000001\n');
    expect((await bind(world, '--file', 'odd.csv', '--dry-run')).code).toBe(0);
  });
});

describe('issue 6: what is wrong with a row', () => {
  it.each([
    ['ax', 'unbind', '标识,X号码\n1,\n', 'one of column “id”, column “X号码” is needed'],
    ['axb', 'bind', '主叫,被叫\n13800000001,\n', 'column “被叫” is empty (B number)'],
    ['axb', 'bind', '主叫,城市码\n13800000001,0755\n', 'column “b” is missing (B number)'],
    [
      'axb',
      'bind',
      '主叫,被叫\n13800000001,+8613800000001\n',
      'column “主叫” and column “被叫” hold the same number: A and B are two people',
    ],
  ])('%s %s: names columns, not flags (%j)', async (mode, verb, content, message) => {
    const world = await openWorld();
    await world.write('rows.csv', content);
    const plan = await world.cli('-p', 'sandbox', verb, '--mode', mode, '--file', 'rows.csv', '--dry-run', '--json');
    expect(plan.json.item).toMatchObject({ toSend: 0, invalid: 1, problems: [{ row: 2, message }] });
  });
});

describe('issue 6: --file, --out and --rejects', () => {
  it.each([
    ['the input itself', '--out', 'rows.csv'],
    ['the input by another path', '--rejects', './folder/../rows.csv'],
    ['a hard link of the input', '--out', 'hard.csv'],
    ['a symbolic link to the input', '--rejects', 'soft.csv'],
    ['the input in a folder behind a link', '--out', 'way/rows.csv'],
  ])('refuses to write over %s', async (_name, flag, file) => {
    const world = await openRows();
    await mkdir(world.path('folder'));
    await link(world.path('rows.csv'), world.path('hard.csv'));
    await symlink('rows.csv', world.path('soft.csv'));
    await symlink('.', world.path('way'));
    for (const more of [[], ['--dry-run']]) {
      const refused = await bind(world, '--file', 'rows.csv', flag, file, ...more);
      expect(refused.error).toMatchObject({
        code: 'flag-conflict',
        exitCode: 2,
        message: `${flag} ${file} is the same file as --file: it would be overwritten`,
      });
    }
    await expectUntouched(world);
  });

  it.each([
    ['a new file', 'new.csv', './new.csv'],
    ['a new file by a link of its folder', 'new.csv', 'way/new.csv'],
  ])('refuses to write both into %s', async (_name, out, rejects) => {
    const world = await openRows();
    await symlink('.', world.path('way'));
    const refused = await bind(world, '--file', 'rows.csv', '--out', out, '--rejects', rejects);
    expect(refused.error).toMatchObject({ code: 'flag-conflict', exitCode: 2 });
    await expectUntouched(world);
  });

  it('refuses a folder that is not there, and makes none', async () => {
    const world = await openRows();
    for (const flag of ['--out', '--rejects']) {
      const refused = await bind(world, '--file', 'rows.csv', flag, 'none/results.csv');
      expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
      expect((refused.error as { message: string }).message).toContain(`${flag} none/results.csv: there is no folder`);
    }
    expect(await readdir(world.home)).not.toContain('none');
    await expectUntouched(world);
  });

  it('refuses a folder in the place of a file, before anything is sent', async () => {
    const world = await openRows();
    await mkdir(world.path('folder'));
    const refused = await bind(world, '--file', 'rows.csv', '--out', 'folder');
    expect(refused.error).toMatchObject({ code: 'flag-invalid', exitCode: 2 });
    await expectUntouched(world);
  });

  it('refuses a folder that cannot be written, before anything is sent', async () => {
    const world = await openRows();
    // Nobody can make a file in /proc, not even root.
    const refused = await bind(world, '--file', 'rows.csv', '--out', '/proc/results.csv');
    expect(refused).toMatchObject({ code: 14, error: { exitCode: 14 } });
    expect((refused.error as { message: string }).message).toContain('cannot write --out /proc/results.csv');
    const argv = [
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'axb',
      '--file',
      'rows.csv',
      '--out',
      '/proc/results.csv',
      '--yes',
    ];
    const zh = await world.run(argv, {
      env: { PRIVACY_CALL_LANG: 'zh' },
    });
    expect(zh.stderr).toMatch(/^错误：无法写入 --out \/proc\/results\.csv：/);
    await expectUntouched(world);
  });

  it('jobs resume writes over neither its input nor one file twice', async () => {
    const world = await openRows();
    const done = await bind(world, '--file', 'rows.csv');
    const id = done.json.item.id as string;
    const resume = (...flags: string[]) => world.cli('-p', 'sandbox', 'jobs', 'resume', id, ...flags, '--json');
    expect((await resume('--out', 'rows.csv')).error).toMatchObject({ code: 'flag-conflict' });
    expect((await resume('--out', 'a.csv', '--rejects', './a.csv')).error).toMatchObject({ code: 'flag-conflict' });
    expect(await world.read('rows.csv')).toBe(ROWS);
    expect((await resume('--out', 'a.csv')).code).toBe(3);
    expect(await world.read('a.csv')).toContain('done');
  });

  it('leaves nothing beside the files it was asked for', async () => {
    const world = await openRows();
    await mkdir(world.path('results'));
    await bind(world, '--file', 'rows.csv', '--out', 'results/out.csv', '--rejects', 'results/bad.csv');
    expect((await readdir(world.path('results'))).sort()).toEqual(['bad.csv', 'out.csv']);
  });
});
