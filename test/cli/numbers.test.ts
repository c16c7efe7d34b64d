import { describe, expect, it } from 'vitest';
import { openWorld } from '../helpers/world.js';

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

  it('imports nothing with --dry-run', async () => {
    const world = await openWorld();
    await world.write('numbers.csv', CSV);
    const shown = await world.cli('-p', 'sandbox', 'numbers', 'import', 'numbers.csv', '--dry-run', '--json');
    expect(JSON.stringify(shown.json)).toContain('2 rows can be imported; nothing was (--dry-run)');
    expect((await world.cli('-p', 'sandbox', 'numbers', 'list', '--json')).json).toMatchObject({ count: 0 });
  });

  it('misses a file', async () => {
    const world = await openWorld();
    expect((await world.cli('-p', 'sandbox', 'numbers', 'import', '--json')).error).toMatchObject({
      code: 'flag-missing',
    });
    const none = await world.cli('-p', 'sandbox', 'numbers', 'import', 'none.csv', '--json');
    expect(none.error).toMatchObject({ code: 'input-unreadable', message: 'cannot read none.csv: ENOENT' });
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
