import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { openTable, type Table } from '../../../src/tables/read-table.js';
import { readWorkbook } from '../../../src/tables/read-workbook.js';
import { workbook } from '../../helpers/workbook.js';

function table(bytes: Uint8Array): Promise<Table> {
  return openTable(async function* () {
    yield await Promise.resolve(bytes.subarray(0, 2));
    yield await Promise.resolve(bytes.subarray(2));
  }, 'list.xlsx');
}

async function cells(bytes: Uint8Array): Promise<(readonly string[])[]> {
  const all: (readonly string[])[] = [];
  for await (const batch of (await table(bytes)).rows())
    for (const row of batch) all.push([String(row.row), ...row.cells]);
  return all;
}

async function refusal(bytes: Uint8Array): Promise<AppError> {
  const error: unknown = await table(bytes).catch((reason: unknown) => reason);
  if (error instanceof AppError) return error;
  throw new Error('was read', { cause: error });
}

describe('a workbook', () => {
  it('is a table: its headings, its rows by their place, blank ones left out', async () => {
    const bytes = workbook({ 号码: [[], ['X号码', '城市'], ['17000000101', '深圳'], [], ['17000000102', '']] });
    expect((await table(bytes)).headings).toEqual(['X号码', '城市']);
    expect(await cells(bytes)).toEqual([
      ['3', '17000000101', '深圳'],
      ['5', '17000000102', ''],
    ]);
  });

  it('gives numbers all their digits, however they are written', async () => {
    const bytes = workbook({ s: [['n'], [17000000101], [{ xml: '<v>1.7000000102E10</v>' }], [8617000000103], [0.5]] });
    expect((await cells(bytes)).map(([, cell]) => cell)).toEqual([
      '17000000101',
      '17000000102',
      '8617000000103',
      '0.5',
    ]);
  });

  it('takes the saved value of a formula', async () => {
    const bytes = workbook({ s: [['n'], [{ formula: 'CONCATENATE("1700000","0101")', value: '17000000101' }]] });
    expect(await cells(bytes)).toEqual([['2', '17000000101']]);
  });

  it.each([
    ['a formula that was never calculated', { formula: 'A1' }],
    ['an error', { xml: '<v>#REF!</v>', type: 'e' }],
  ])('has an empty cell for %s', async (_, cell) => {
    const bytes = workbook({
      s: [
        ['n', 'm'],
        ['17000000101', cell],
      ],
    });
    expect(await cells(bytes)).toEqual([['2', '17000000101', '']]);
  });

  it('gives dates as they were typed, to the second', async () => {
    // 2026-10-01 10:00:00 as a spreadsheet saves it; read without rounding it is one millisecond short.
    const bytes = workbook({ s: [['n'], [{ days: 46296.41666666666 }], [{ days: 46296 }], [{ days: 46296.99999 }]] });
    expect((await cells(bytes)).map(([, cell]) => cell)).toEqual([
      '2026-10-01 10:00:00',
      '2026-10-01',
      '2026-10-01 23:59:59',
    ]);
  });

  it('shows a number in a column of dates as the spreadsheet does, when it is no date', async () => {
    expect(await cells(workbook({ s: [['n'], [{ days: 17000000101 }], [{ days: 3000000 }]] }))).toEqual([
      ['2', '########'],
      ['3', '########'],
    ]);
  });

  it('is read by its first sheet, and says so', async () => {
    const opened = await table(workbook({ one: [['n'], ['1']], two: [['m'], ['2']], empty: [] }));
    expect(opened.headings).toEqual(['n']);
    expect(opened.notes).toEqual([
      { zh: 'list.xlsx：只读取工作表 “one”，不读 “two”', en: 'list.xlsx: only the sheet “one” is read, not “two”' },
    ]);
  });

  it.each([
    ['cut off', workbook({ s: [['n'], ['1']] }).subarray(0, -30), 'not a workbook that can be read'],
    ['an archive of something else', archiveOfNothing(), 'not a workbook that can be read'],
    ['empty', workbook({ s: [] }), 'empty; the first line must hold the headings'],
    ['with a dangerous heading', workbook({ s: [['__proto__'], ['1']] }), 'is not allowed'],
  ])('is refused %s', async (_, bytes, why) => {
    const { code, message } = await refusal(bytes);
    expect(code).toBe('input-invalid');
    expect(message).toContain(why);
  });

  it('is refused by its size before it is unpacked', async () => {
    const bytes = workbook({ s: [['n'], ['1']] });
    // The directory says what a file takes unpacked, 24 bytes behind its mark.
    bytes.writeUInt32LE(0x4000_0000, bytes.indexOf(Buffer.from('504b0102', 'hex')) + 24);
    await expect(readWorkbook(bytes, 'list.xlsx')).rejects.toThrow('too large');
  });
});

/** `PK` and the end of an empty archive. */
function archiveOfNothing(): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  return Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(26), end]);
}
