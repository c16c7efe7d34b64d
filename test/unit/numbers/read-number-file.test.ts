import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumberFile } from '../../../src/numbers/read-number-file.js';
import { workbook } from '../../helpers/workbook.js';
import { AppError } from '../../../src/errors.js';

const X1 = '+8617000000101';
const X2 = '+8617000000102';

/** The text as Excel on Chinese Windows writes it; only the characters used here. */
const GBK: Readonly<Record<string, string>> = {
  号: 'bac5',
  码: 'c2eb',
  城: 'b3c7',
  市: 'cad0',
  深: 'c9ee',
  圳: 'dbda',
  隐: 'd2fe',
  私: 'cbbd',
};
function gbk(text: string): Uint8Array {
  return Buffer.concat(Array.from(text, (char) => Buffer.from(GBK[char] ?? Buffer.from(char).toString('hex'), 'hex')));
}

function utf16be(text: string): Uint8Array {
  return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
}

function read(text: string | Uint8Array): ReturnType<typeof readNumberFile> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return readNumberFile('x.csv', async function* () {
    yield await Promise.resolve(bytes);
  });
}

async function refusal(text: string | Uint8Array): Promise<AppError> {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('was read');
}

describe('readNumberFile', () => {
  it('reads what the console exports', async () => {
    const file = await read('隐私号码,城市码,城市,状态,短信能力,模式,备注\n17000000101,0755,深圳,正常,是,AXB模式,甲\n');
    expect(file.rows).toEqual([
      {
        number: X1,
        areaCode: '0755',
        city: '深圳',
        status: '正常',
        sms: true,
        mode: 'axb',
        extra: { 备注: '甲' },
        understood: ['短信能力', '模式'],
      },
    ]);
    expect(file.notes.map(({ en }) => en)).toEqual(['x.csv: column “备注” is kept as it is']);
  });

  it('keeps every further column under a name of its own', async () => {
    const { rows } = await read('号码,备注,备注,,号码,备注_2\n17000000101,甲,乙,丙,17000000102,丁\n');
    expect(rows).toEqual([
      { number: X1, extra: { 备注: '甲', 备注_2: '乙', 'column 4': '丙', 号码: '17000000102', 备注_2_2: '丁' } },
    ]);
  });

  it.each(['号码', 'X号码', ' Ｘ 号码 ', 'x', 'NUMBER', 'Private_Num', 'virtualNum', '隐私号码'])(
    'finds the column %j',
    async (heading) => {
      expect((await read(`${heading},n\n17000000101,1`)).rows.map((row) => row.number)).toEqual([X1]);
    },
  );

  it('takes the clearer one of two headings and keeps the other', async () => {
    const [row] = (await read('号码,X号码\n1,17000000101')).rows;
    expect(row).toMatchObject({ number: X1, extra: { 号码: '1' } });
  });

  it.each([',', '\t', ';', '，'])('splits at %j', async (delimiter) => {
    const text = [`号码,城市`, '17000000101,深圳', '17000000102,北京'].join('\r\n').replaceAll(',', delimiter);
    expect((await read(text)).rows).toMatchObject([
      { number: X1, city: '深圳' },
      { number: X2, city: '北京' },
    ]);
  });

  const listed = '隐私号码,城市\n17000000101,深圳\n17000000102,深圳\n';
  it.each([
    ['UTF-8', Buffer.from(listed)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${listed}`)],
    ['GBK', gbk(listed)],
    ['UTF-16LE with a mark', Buffer.from(`\uFEFF${listed}`, 'utf16le')],
    ['UTF-16BE with a mark', utf16be(listed)],
    ['UTF-16LE', Buffer.from(listed, 'utf16le')],
  ])('reads %s', async (_, bytes) => {
    expect((await read(bytes)).rows).toEqual([
      { number: X1, city: '深圳', extra: {} },
      { number: X2, city: '深圳', extra: {} },
    ]);
  });

  it.each([
    '17000000101',
    '+8617000000101',
    '8617000000101',
    '008617000000101',
    '170 0000 0101',
    '170-0000-0101',
    '１７００００００１０１',
    "'17000000101",
    '"=""17000000101"""',
    '17000000101\t',
  ])('reads the number %j', async (cell) => {
    expect((await read(`号码,n\n${cell},1`)).rows[0]?.number).toBe(X1);
  });

  it.each([
    ['1.38E+10', 'spreadsheet rounded'],
    ['８.６１Ｅ＋１２', 'spreadsheet rounded'],
    ['', 'the number is empty'],
    ['1700000010', 'not a phone number'],
    ['170000001011', 'not a phone number'],
    ['+861700000010', 'a mobile number has +86 and 11 digits'],
    ['+85212345678', 'not an X number'],
    ['深圳', 'not a phone number'],
  ])('refuses the number %j, with its place', async (cell, why) => {
    const { code, message } = await refusal(`号码,n\n17000000102,1\n${cell},1\n`);
    expect(code).toBe('input-invalid');
    expect(message).toContain('nothing was imported');
    expect(message).toContain('row 3, column “号码”: ');
    expect(message).toContain(why);
  });

  it('names the row of the file behind quoted line breaks and blank lines', async () => {
    expect((await refusal('号码,备注\n17000000101,"a\nb\nc"\n\n17000000102,x\n1,"y\nz"\n')).message).toContain(
      'row 7, column',
    );
  });

  it('names at most ten problems and counts the rest', async () => {
    const { message } = await refusal(`号码\n${'1\n'.repeat(12)}`);
    expect(message).toContain('12 cells or rows');
    expect(message).toContain('row 11,');
    expect(message).not.toContain('row 12,');
    expect(message).toContain('and 2 more');
  });

  it.each([
    ['755', '0755'],
    ['10', '010'],
    ['0755', '0755'],
    ['', undefined],
  ])('reads the city code %j as %j', async (cell, areaCode) => {
    expect((await read(`号码,城市码\n17000000101,${cell}`)).rows[0]?.areaCode).toBe(areaCode);
  });

  it('refuses a city code that is none', async () => {
    expect((await refusal('号码,城市码\n17000000101,55')).message).toContain('row 2, column “城市码”');
  });

  it('keeps a word for mode or SMS that it does not understand, and tells each word once', async () => {
    const file = await read(
      '号码,业务类型,短信\n17000000101,语音通知,是\n17000000102,AXB,也许\n17000000103,语音通知,\n17000000104,-, 也许 \n',
    );
    expect(file.rows.map(({ mode, sms, extra, hasUnknownMode }) => [mode, sms, extra, hasUnknownMode])).toEqual([
      [undefined, true, { 业务类型: '语音通知' }, true],
      ['axb', undefined, { 短信: '也许' }, undefined],
      [undefined, undefined, { 业务类型: '语音通知' }, true],
      [undefined, undefined, { 短信: '也许' }, undefined],
    ]);
    expect(file.notes.map(({ en }) => en)).toEqual([
      'x.csv, row 2 and 1 more: column “业务类型” says “语音通知”: no mode; one of AX, AXB, AXE, AXYB, X; kept as it is',
      'x.csv, row 3 and 1 more: column “短信” says “也许”: neither yes nor no (是/否, true/false); kept as it is',
    ]);
  });

  it('gives such a word a name of its own, and counts words beyond ten', async () => {
    const [row] = (await read('号码,短信,短信\n17000000101,也许,另一列\n')).rows;
    expect(row?.extra).toEqual({ 短信: '另一列', 短信_2: '也许' });
    const many = Array.from({ length: 13 }, (_, n) => `170000001${n + 10},词${n}`);
    const { notes } = await read(`号码,模式\n${many.join('\n')}\n`);
    expect(notes).toHaveLength(11);
    expect(notes[9]?.en).toMatch(/^x\.csv, row 11: column “模式” says “词9”/);
    expect(notes[10]).toEqual({
      zh: 'x.csv：另有 3 个这样的词按原样保留',
      en: 'x.csv: 3 more words like these are kept as they are',
    });
  });

  it('counts a row that is there twice once, and refuses the same number with other cells', async () => {
    const file = await read('号码,城市\n17000000101,深圳\n17000000101,深圳\n');
    expect(file.rows).toHaveLength(1);
    expect(file.notes.map(({ en }) => en)).toEqual(['x.csv, row 3: the same as row 2']);
    expect((await refusal('号码,城市\n17000000101,深圳\n17000000101,北京\n')).message).toContain(
      'row 3: the number of row 2 again',
    );
  });

  it.each([
    ['nothing', '', 'empty'],
    ['no number column', '城市,备注\n深圳,x', 'the headings are “城市”, “备注”'],
    ['a dangerous heading', '号码,__proto__\n17000000101,x', 'the heading “__proto__” is not allowed'],
    ['a NUL', '号码\n17000\u0000000101', 'row 2: holds a NUL'],
    ['a cell of 1 MB', `号码,备注\n17000000101,${'x'.repeat(1_100_000)}`, 'more than 1 MB'],
    ['a long cell', `号码,备注\n17000000101,${'x'.repeat(40_000)}`, 'longer than a cell can be'],
    ['more cells than headings', '号码,备注\n17000000101,x,y', 'row 2: 3 cells, but the file has 2 headings'],
    ['an open quote', '号码,备注\n17000000101,"x', 'a quote is not closed'],
    ['a workbook', Buffer.from('504b0304140000000800ff', 'hex'), 'not a workbook that can be read'],
    ['bytes of no encoding', Buffer.from('bac5c2eb0a81ff', 'hex'), 'neither UTF-8, UTF-16 nor GB18030'],
  ])('refuses %s', async (_, text, why) => {
    const { code, message } = await refusal(text);
    expect(code).toBe('input-invalid');
    expect(message).toContain('x.csv');
    expect(message).toContain(why);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it('reads a workbook to the same rows as a GB18030 list of the same', async () => {
    const rows = [
      ['隐私号码', '城市'],
      ['17000000101', '深圳'],
      ['17000000102', '深圳'],
    ];
    const text = gbk(`${rows.map((cells) => cells.join(',')).join('\r\n')}\r\n`);
    const numeric = rows.map(([x = '', city = '']) => [/^\d+$/.test(x) ? Number(x) : x, city]);
    const expected = await read(text);
    expect(expected.rows).toHaveLength(2);
    expect(await read(workbook({ 号码: rows }))).toEqual(expected);
    expect(await read(workbook({ 号码: numeric }))).toEqual(expected);
  });

  it('refuses a formula without a value where the number should be', async () => {
    const bytes = workbook({ s: [['X号码'], [{ formula: 'A9' }], ['17000000101']] });
    expect(
      (
        await refusal(
          workbook({
            s: [
              ['X号码', 'n'],
              [{ formula: 'A9' }, '1'],
            ],
          }),
        )
      ).message,
    ).toContain('row 2, column “X号码”: the number is empty');
    expect((await read(bytes)).rows.map(({ number }) => number)).toEqual([X1]);
  });

  it('accepts a delimiter at the end of every line', async () => {
    expect((await read('号码,城市,\n17000000101,深圳,\n')).rows).toEqual([{ number: X1, city: '深圳', extra: {} }]);
  });

  it('hands every generated list back as it was, whatever its delimiter and line ends', async () => {
    const rows = fc.uniqueArray(fc.integer({ min: 0, max: 99_999_999 }), { minLength: 1, maxLength: 20 });
    const text = fc.stringMatching(/^[a-z",;\n]{0,12}$/);
    await fc.assert(
      fc.asyncProperty(
        rows,
        text,
        fc.constantFrom(',', '\t', ';'),
        fc.constantFrom('\n', '\r\n'),
        async (numbers, note, comma, end) => {
          const quoted = `"${note.replaceAll('"', '""')}"`;
          const lines = numbers.map((number) => `170${String(number).padStart(8, '0')}${comma}${quoted}`);
          const file = await read(`号码${comma}备注${end}${lines.join(end)}`);
          expect(file.rows.map((row) => row.number)).toEqual(
            numbers.map((number) => `+86170${String(number).padStart(8, '0')}`),
          );
          expect(file.rows[0]?.extra['备注'] ?? '').toBe(note.trim());
        },
      ),
    );
  });

  it('never throws anything but input-invalid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect((await refusal(Buffer.concat([Buffer.from('n\n'), bytes]))).code).toBe('input-invalid');
      }),
    );
  });
});
