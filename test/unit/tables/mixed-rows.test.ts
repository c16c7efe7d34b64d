import { describe, expect, it } from 'vitest';
import { openTable } from '../../../src/tables/read-table.js';
import { findMixedRows } from '../../../src/tables/mixed-rows.js';

const GB = {
  // 17000000101,深圳 and 17000000103,上海 in GB18030.
  深圳: Buffer.concat([Buffer.from('17000000101,'), Buffer.from('c9eedbda', 'hex'), Buffer.from('\r\n')]),
  上海: Buffer.concat([Buffer.from('17000000103,'), Buffer.from('c9cfbaa3', 'hex'), Buffer.from('\r\n')]),
  // X号码,城市
  headings: Buffer.concat([
    Buffer.from('X'),
    Buffer.from('bac5c2eb', 'hex'),
    Buffer.from(','),
    Buffer.from('b3c7cad0', 'hex'),
    Buffer.from('\r\n'),
  ]),
};
const utf8 = (text: string): Buffer => Buffer.from(`${text}\r\n`);

function sourceOf(parts: readonly Buffer[], piece = 5) {
  const bytes = Buffer.concat(parts);
  return async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield await Promise.resolve(bytes.subarray(at, at + piece));
  };
}

describe('a text in several encodings', () => {
  it.each([
    ['UTF-8 below GB18030', [GB.headings, GB.深圳, utf8('17000000102,北京')], { utf8: 3, other: 1 }],
    ['GB18030 below UTF-8', [utf8('X号码,城市'), utf8('17000000102,北京'), GB.深圳], { utf8: 1, other: 3 }],
    [
      'UTF-8 that is cut off',
      [utf8('X号码,城市'), Buffer.from('17000000102,北京').subarray(0, -1)],
      { utf8: 1, other: 2 },
    ],
  ])('is found with its rows: %s', async (_, parts, rows) => {
    expect(await findMixedRows(sourceOf(parts)())).toEqual(rows);
    const message = `list.csv: neither UTF-8, UTF-16 nor GB18030 text: row ${rows.utf8} is UTF-8, row ${rows.other} is not`;
    await expect(openTable(sourceOf(parts), 'list.csv')).rejects.toMatchObject({ code: 'input-invalid', message });
  });

  it('is not what one encoding is, ASCII lines among it', async () => {
    const parts = [GB.headings, GB.深圳, utf8('17000000102,'), GB.上海];
    expect(await findMixedRows(sourceOf(parts)())).toBeUndefined();
    expect((await openTable(sourceOf(parts), 'list.csv')).encoding).toBe('gb18030');
  });

  it('is not a line of GB18030 that could be UTF-8 by chance', async () => {
    // Three characters of GB2312 whose six bytes are two characters of UTF-8 as well.
    const chance = Buffer.concat([
      Buffer.from('17000000104,'),
      Buffer.from('e5a1b2e6a1b2', 'hex'),
      Buffer.from('\r\n'),
    ]);
    expect(chance.subarray(12, 18).toString('utf8')).toHaveLength(2);
    expect(await findMixedRows(sourceOf([GB.headings, chance])())).toBeUndefined();
  });

  it('is not looked for in a text without lines', async () => {
    const long = Buffer.alloc(3 * 1024 * 1024, 0xc9);
    expect(await findMixedRows(sourceOf([long], 64 * 1024)())).toBeUndefined();
  });
});
