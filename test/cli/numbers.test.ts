import { describe, expect, it } from 'vitest';
import { unfold } from '../helpers/unfold.js';
import { workbook } from '../helpers/workbook.js';
import type { PushKind } from '../../src/domain/push-kind.js';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import { openWorld, type World } from '../helpers/world.js';

const CSV = 'X号码,城市,城市码,状态,备注\n17000000101,深圳,0755,正常,vip\n17000000201,北京,010,正常,\n';
/** `X号码,城市` and `17000000101,深圳` as a spreadsheet on Chinese Windows writes them. */
const GB18030 = Buffer.concat([
  Buffer.from('X'),
  Buffer.from('bac5c2eb', 'hex'),
  Buffer.from(','),
  Buffer.from('b3c7cad0', 'hex'),
  Buffer.from('\r\n17000000101,'),
  Buffer.from('c9eedbda', 'hex'),
  Buffer.from('\r\n'),
]);

describe('numbers import', () => {
  it('takes UTF-8, keeps further columns, and counts what changed', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', CSV);
    const once = await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv', '--json');
    expect(once.json).toMatchObject({ kind: 'Import', item: { added: 2, changed: 0, unchanged: 0 } });
    const again = await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv', '--json');
    expect(again.json).toMatchObject({ item: { added: 0, changed: 0, unchanged: 2 } });
    const list = await world.cli('-p', 'sandbox', 'numbers', 'list', '--json');
    expect(list.json).toMatchObject({
      kind: 'NumberList',
      count: 2,
      items: [
        { x: '+8617000000101', city: '深圳', areaCode: '0755', status: '正常', extra: { 备注: 'vip' } },
        { x: '+8617000000201', city: '北京', areaCode: '010' },
      ],
    });
  });

  it('takes GB18030, also from stdin', async () => {
    const world = await openWorld();
    const done = await world.run(['-p', 'sandbox', 'numbers', 'import', '-', '--json'], { stdin: GB18030 });
    expect(done.json).toMatchObject({ item: { added: 1 } });
    const list = await world.cli('-p', 'sandbox', 'numbers', 'list', '--query', 'items[].[x, city][]');
    expect(list.stdout).toBe('+8617000000101\n深圳\n');
  });

  it('names every bad row, masked, and imports nothing then', async () => {
    const world = await openWorld();
    await world.write('bad.csv', 'X号码,城市\n17000000101,深圳\n1.7E+10,北京\n12,上海\n');
    const refused = await world.cli('-p', 'sandbox', 'numbers', 'import', 'bad.csv', '--json');
    expect(refused.error).toMatchObject({ code: 'input-invalid', exitCode: 2 });
    expect((refused.error as { message: string }).message).toMatch(/bad\.csv.*3.*4/s);
    expect((await world.cli('-p', 'sandbox', 'numbers', 'list', '--json')).json).toMatchObject({ count: 0 });
  });

  it('takes rows whose words for mode and SMS it does not know, says so once, and exports them as they were', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', 'X号码,业务类型,短信\n17000000101,语音通知,也许\n17000000102,语音通知,是\n');
    const done = await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv', '--json');
    expect(done).toMatchObject({ code: 0, json: { item: { added: 2 } } });
    expect(done.json.warnings).toEqual([
      expect.stringMatching(/^numbers\.csv, row 2: column “短信” says “也许”/),
      expect.stringMatching(/^numbers\.csv, row 2 and 1 more: column “业务类型” says “语音通知”/),
    ]);
    const exported = await world.cli('-p', 'sandbox', 'numbers', 'export');
    expect(exported.stdout.split('\r\n').slice(0, 3)).toEqual([
      'X号码,模式,城市,城市码,状态,短信,短信,业务类型',
      '+8617000000101,,,,,,也许,语音通知',
      '+8617000000102,,,,,true,,语音通知',
    ]);
    await world.write('copy.csv', exported.stdout);
    const again = await world.cli('-p', 'sandbox', 'numbers', 'import', 'copy.csv', '--json');
    expect(again.json).toMatchObject({ item: { added: 0, changed: 0, unchanged: 2 } });
  });

  it('imports nothing with --dry-run', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', CSV);
    const shown = await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv', '--dry-run', '--json');
    expect(JSON.stringify(shown.json)).toContain('2 rows can be imported; nothing was (--dry-run)');
    expect((await world.cli('-p', 'sandbox', 'numbers', 'list', '--json')).json).toMatchObject({ count: 0 });
  });

  it('takes a workbook like the CSV of the same', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', CSV);
    const rows = CSV.trim()
      .split('\n')
      .map((line) => line.split(','));
    await world.write('numbers.xlsx', workbook({ 号码: rows }));
    await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv');
    const same = await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.xlsx', '--json');
    expect(same.json).toMatchObject({ item: { added: 0, changed: 0, unchanged: 2 } });
    expect(JSON.stringify(same.json)).toContain('column “备注” is kept as it is');
  });

  it('shows what a later list changes, and forgets a number only when told to', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', CSV);
    await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv');
    await world.write('newer.csv', 'X号码,城市\n17000000101,广州\n17000000102,深圳\n');
    const differences = [
      { change: 'changed', x: '+8617000000101', was: { city: '深圳' }, is: { city: '广州' } },
      { change: 'appeared', x: '+8617000000102' },
      { change: 'vanished', x: '+8617000000201' },
    ];
    const load = (...flags: string[]) =>
      world.cli('-p', 'sandbox', 'numbers', 'import', 'newer.csv', ...flags, '--json');
    expect((await load('--dry-run')).json).toMatchObject({
      item: { added: 1, vanished: 1, forgotten: 0, differences },
    });
    const kept = await load();
    expect(kept.json).toMatchObject({ item: { added: 1, changed: 1, vanished: 1, forgotten: 0, differences } });
    expect(JSON.stringify(kept.json)).toContain('1 number is no longer in the list and was kept');
    const count = async (): Promise<string> =>
      (await world.cli('-p', 'sandbox', 'numbers', 'list', '--query', 'count')).stdout;
    expect(await count()).toBe('3\n');
    const question = 'no longer has 1 number of earlier imports';
    const terminal = (answer: string) =>
      world.run(['-p', 'sandbox', 'numbers', 'import', 'newer.csv'], {
        terminal: true,
        answers: [{ asks: question, answer }],
      });
    expect((await terminal('no')).stderr).toContain('0 new, 0 changed, 2 unchanged; not in the list: +86170****0201\n');
    expect(await count()).toBe('3\n');
    expect(
      (await world.run(['-p', 'sandbox', 'numbers', 'import', 'newer.csv', '--keep'], { terminal: true })).code,
    ).toBe(0);
    await terminal('yes');
    expect(await count()).toBe('2\n');
    expect((await load('--yes')).json).toMatchObject({ item: { vanished: 0, forgotten: 0 } });
  });

  it('misses a file', async () => {
    const world = await openWorld();
    expect((await world.cli('-p', 'sandbox', 'numbers', 'import', '--json')).error).toMatchObject({
      code: 'flag-missing',
    });
    const none = await world.cli('-p', 'sandbox', 'numbers', 'import', 'none.csv', '--json');
    expect(none.error).toMatchObject({
      code: 'input-unreadable',
      message: 'cannot read none.csv: there is no such file',
    });
  });

  it('learns numbers from saved CDRs', async () => {
    const world = await openWorld();
    const cdr = { sessionId: 's1', bindNum: '+8617000000203', callInTime: '2026-11-21 00:00:00', direction: 1 };
    await world.write('cdr.json', JSON.stringify({ eventType: 'fee', feeLst: [cdr] }));
    const done = await world.cli('-p', 'sandbox', 'numbers', 'import', '--records', 'cdr.json', '--json');
    expect(done).toMatchObject({ code: 0, json: { item: { added: 1 } } });
    const list = await world.cli('-p', 'sandbox', 'numbers', 'list', '--query', 'items[].x');
    expect(list.stdout).toBe('+8617000000203\n');
  });
});

describe('numbers list', () => {
  it('counts bindings and chooses', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', CSV);
    await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv');
    await world.cli(
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'axb',
      '-a',
      '13800000001',
      '-b',
      '13800000002',
      '-x',
      '17000000201',
    );
    const chosen = async (...flags: string[]): Promise<string> =>
      (await world.cli('-p', 'sandbox', 'numbers', 'list', ...flags, '--query', 'items[].x')).stdout;
    expect(await chosen('--unused')).toBe('+8617000000101\n');
    expect(await chosen('--mode', 'axb')).toBe('+8617000000201\n');
    expect(await chosen('--area', '0755')).toBe('+8617000000101\n');
    expect(await chosen('--city', '北')).toBe('+8617000000201\n');
    const counts = await world.cli('-p', 'sandbox', 'numbers', 'list', '--query', 'items[].activeBindings');
    expect(counts.stdout).toBe('0\n1\n');
  });
});

/** Calls and an SMS as the receiver keeps them. */
async function withJournal(): Promise<World> {
  const world = await openWorld();
  const rows = ['201', '202', '203', '204'].map((end) => `17000000${end},axb,深圳,正常,${end}`);
  await world.write('numbers.csv', `X号码,模式,城市,状态,备注\n${rows.join('\n')}\n`);
  const folder = world.path('.local/share/privacy-call/sandbox');
  const store = await openFileStore({ folder, now: () => world.now(), pid: 1, hostname: 'test-host' });
  const push = async (kind: PushKind, body: unknown, at: Date): Promise<void> => {
    const bytes = Buffer.from(JSON.stringify(body));
    await store.journal.append({ at, kind, key: undefined, remote: '', path: '/', headers: {}, bytes });
  };
  const call = (x: string, at: string, answered: boolean) => ({
    eventType: 'fee',
    feeLst: [
      {
        sessionId: `s-${x}-${at}`,
        direction: 1,
        bindNum: x,
        callInTime: at,
        callEndTime: at,
        ...(answered ? { fwdAnswerTime: at } : {}),
      },
    ],
  });
  await push('fee', call('+8617000000201', '2026-11-20 00:00:00', true), new Date('2026-11-20T00:01:00Z'));
  await push('fee', call('+8617000000201', '2026-11-21 00:00:00', false), new Date('2026-11-21T00:01:00Z'));
  await push('fee', call('+8617000000202', '2026-10-30 00:00:00', true), new Date('2026-10-30T00:01:00Z'));
  const sms = {
    smsIdentifier: 'm1',
    notificationMode: 'Notify',
    virtualNumber: '+8617000000203',
    timeStamp: '2026-11-19T00:00:00.000Z',
  };
  await push('sms', { smsEvent: sms }, new Date('2026-11-19T00:00:01Z'));
  await store.close();
  await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv');
  return world;
}

const numbers = (world: World, ...flags: string[]) => world.cli('-p', 'sandbox', 'numbers', ...flags);

describe('numbers list', () => {
  it('counts the calls of the last days', async () => {
    const world = await withJournal();
    const list = await numbers(world, 'list', '--json');
    expect(list.json.items).toMatchObject([
      { calls: 2, answered: 1, answerRate: 0.5, lastCallAt: '2026-11-21T08:00:00+08:00', capacity: 5000 },
      { calls: 0 },
      { calls: 0, texts: 1, lastUseAt: '2026-11-19T08:00:00+08:00' },
      { calls: 0, statusAt: '2026-11-22T08:00:00+08:00' },
    ]);
    const month = await numbers(world, 'list', '--days', '30', '--query', 'items[].calls');
    expect(month.stdout).toBe('2\n1\n0\n0\n');
    const none = await numbers(world, 'list', '--days', '0', '--json');
    expect(Object.keys(none.json.items[0] as object)).not.toContain('calls');
  });

  it('chooses by use and free capacity, and sorts', async () => {
    const world = await withJournal();
    await world.cli(
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'axb',
      '-a',
      '13800000001',
      '-b',
      '13800000002',
      '-x',
      '17000000204',
    );
    const chosen = async (...flags: string[]): Promise<string[]> => {
      const found = await numbers(world, 'list', ...flags, '--query', 'items[].x');
      return found.stdout
        .trim()
        .split('\n')
        .map((x) => x.slice(-3));
    };
    expect(await chosen('--unused-since', '2026-11-20')).toEqual(['202', '203', '204']);
    expect(await chosen('--unused-since', '2026-10-01')).toEqual(['204']);
    expect(await chosen('--free', '5000')).toEqual(['201', '202', '203']);
    expect(await chosen('--sort', 'x:desc')).toEqual(['204', '203', '202', '201']);
    expect((await numbers(world, 'list', '--sort', 'nothing', '--json')).error).toMatchObject({ code: 'flag-invalid' });
  });
});

describe('numbers import: the area code of a city', () => {
  it('is filled in where the list has none and the table knows the city', async () => {
    const world = await openWorld();
    await world.write(
      'numbers.csv',
      'X号码,城市,城市码\n17000000201,深圳,\n17000000202,广东省深圳市,\n17000000203,乌有乡,\n17000000204,深圳,010\n',
    );
    await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv', '--yes');
    const inArea = async (area: string): Promise<string[]> =>
      (
        (await world.cli('-p', 'sandbox', 'numbers', 'list', '--area', area, '--json')).json.items as { x: string }[]
      ).map(({ x }) => x.slice(-3));
    expect(await inArea('0755')).toEqual(['201', '202']);
    expect(await inArea('010')).toEqual(['204']);
  });
});

describe('numbers show', () => {
  it('shows one number with its bindings', async () => {
    const world = await withJournal();
    const pair = ['-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair);
    const shown = await numbers(world, 'show', '17000000201', '--json');
    expect(shown.json).toMatchObject({
      kind: 'Number',
      item: { calls: 2, activeBindings: 1, freeCapacity: 4999, bindings: [{ a: '+8613800000001', state: 'active' }] },
    });
    const lines = (await numbers(world, 'show', '17000000201')).stdout.split('\n');
    expect(lines.find((line) => line.includes('bindings'))).toBeDefined();
    expect(lines.join('\n')).not.toContain('subscriptionId');
    const table = await numbers(world, 'show', '17000000201', '-o', 'tsv', '--fields', 'x,bindings');
    expect(table.stdout).toBe('x\tbindings\n+8617000000201\t1\n');
    expect((await numbers(world, 'show', '17000000299', '--json')).error).toMatchObject({ code: 'number-not-found' });
  });
});

describe('numbers unused', () => {
  it('lists what nobody uses, with what cancelling saves', async () => {
    const world = await withJournal();
    world.advance(20 * 86_400_000);
    await world.cli(
      '-p',
      'sandbox',
      'bind',
      '--mode',
      'axb',
      '-a',
      '13800000001',
      '-b',
      '13800000002',
      '-x',
      '17000000204',
    );
    const found = await numbers(world, 'unused', '--days', '15', '--json');
    expect((found.json.items as { x: string }[]).map(({ x }) => x.slice(-3))).toEqual(['201', '202', '203']);
    const warnings = (found.json.warnings as string[]).join('\n');
    expect(warnings).toContain('the journal has no pushes of the last 15 days');
    expect(warnings).toContain('cancelled by 25 December (13 days left) a number costs nothing from 1 January');
    expect(warnings).toContain('about 3 of them the platform was not asked');
    const bound = await numbers(world, 'unused', '--days', '15', '--bound', '--query', 'count');
    expect(bound.stdout).toBe('4\n');
    const young = await numbers(world, 'unused', '--days', '30', '--json');
    expect(young.json).toMatchObject({ count: 0 });
    expect((young.json.warnings as string[]).join()).toContain('entered the inventory within this time');
  });
});

describe('numbers export', () => {
  it('writes a CSV that is imported to the same inventory', async () => {
    const world = await withJournal();
    const exported = await numbers(world, 'export');
    expect(exported.stdout.split('\r\n').slice(0, 2)).toEqual([
      'X号码,模式,城市,城市码,状态,短信,备注',
      '+8617000000201,axb,深圳,0755,正常,,201',
    ]);
    await world.write('copy.csv', exported.stdout);
    const again = await numbers(world, 'import', 'copy.csv', '--json');
    expect(again.json).toMatchObject({ item: { added: 0, changed: 0, unchanged: 4, vanished: 0 } });
  });

  it('has in JSON what numbers list has', async () => {
    const world = await withJournal();
    const pair = ['-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
    await world.cli('-p', 'sandbox', 'bind', '--mode', 'axb', ...pair);
    const fields = 'items[].[x, activeBindings, freeCapacity]';
    const listed = await numbers(world, 'list', '--query', fields);
    expect(JSON.parse(listed.stdout)).toContainEqual(['+8617000000201', 1, 4999]);
    expect((await numbers(world, 'export', '--query', fields)).stdout).toBe(listed.stdout);
  });
});

describe('numbers show on a terminal', () => {
  it.each([
    ['en', ['Bound', 'Free', 'Bindings'], 'never'],
    ['zh', ['已绑定', '还可绑定', '绑定关系'], '永久'],
  ])('has a label of its own for each thing (%s)', async (lang, labels, end) => {
    const world = await openWorld();
    const pair = ['--mode', 'axb', '-a', '13800000001', '-b', '13800000002', '-x', '17000000201'];
    const bound = await world.cli('-p', 'sandbox', 'bind', ...pair, '--query', 'item.subscriptionId');
    const shown = await world.run(['-p', 'sandbox', 'numbers', 'show', '17000000201', '--lang', lang], {
      terminal: true,
      columns: 80,
    });
    const rows = unfold(shown.stdout)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(/ {2,}/));
    const names = rows.map(([label]) => label ?? '');
    expect(new Set(names).size).toBe(names.length);
    const valueOf = (label = ''): string | undefined => rows.find(([name]) => name === label)?.[1];
    expect(labels.map(valueOf)).toEqual([
      '1/5000',
      '4999',
      `${bound.stdout.trim()} +86138****0001 +86138****0002 ${end}`,
    ]);
  });
});
