import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvScanner } from '../../../src/tables/csv-scanner.js';
import { openTable, type TableRow } from '../../../src/tables/read-table.js';

const SEED = Number(process.env.TABLES_SEED ?? Math.floor(Math.random() * 1e9));

function sourceOf(bytes: Uint8Array, piece = 7) {
  return async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield await Promise.resolve(bytes.subarray(at, at + piece));
  };
}

async function read(bytes: Uint8Array, piece?: number): Promise<TableRow[]> {
  const table = await openTable(sourceOf(bytes, piece), 'rows.csv');
  const rows: TableRow[] = [];
  for await (const batch of table.rows()) rows.push(...batch);
  return rows;
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

describe('openTable', () => {
  it(`gives back what was written, wherever the bytes are cut (seed ${SEED})`, async () => {
    const cell = fc.oneof(
      fc.constantFrom('', '1', '中', '"', ',', '\n', '\r\n', 'a"b', '𠀀'),
      fc.string({ maxLength: 5 }),
    );
    const clean = cell.map((text) => text.replaceAll('\0', '').replace(/\r(?!\n)/g, ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(clean, clean), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        async (rows, piece, newline) => {
          const lines = [['a', 'b'], ...rows].map((cells) => cells.map(quoted).join(','));
          const found = await read(Buffer.from(lines.join(newline)), piece);
          const wanted = rows.filter((cells) => cells.some((one) => one.trim() !== ''));
          expect(found.map(({ cells }) => cells)).toEqual(wanted);
          expect(found.map(({ index }) => index)).toEqual(wanted.map((_, index) => index));
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('names the line on which a row starts, blank lines and breaks inside cells counted', async () => {
    const rows = await read(Buffer.from('a,b\n\n"x\ny",1\r\n\n2,"p\r\nq\n"\n3,4'));
    expect(rows.map(({ row }) => row)).toEqual([3, 6, 9]);
  });

  it('reads the rows again from the first one', async () => {
    const table = await openTable(sourceOf(Buffer.from('a\n1\n2\n')), 'rows.csv');
    for (let time = 0; time < 2; time += 1) {
      const cells: unknown[] = [];
      for await (const batch of table.rows()) cells.push(...batch.map((row) => row.cells[0]));
      expect(cells).toEqual(['1', '2']);
    }
  });
});

describe('CsvScanner', () => {
  it.each([
    ['a,"b\n', 1, 'a quote is not closed'],
    ['1\na,"b"c\n', 2, 'text after a closing quote'],
    ['1\n2\na,b"c\n', 3, 'a quote in the middle of a cell'],
  ])('refuses %j in its line', (text, row, message) => {
    const scanner = new CsvScanner(',');
    const scan = (): unknown => [...scanner.push(text), ...scanner.end()];
    expect(scan).toThrow(expect.objectContaining({ name: 'CsvError', row, message }));
  });

  it('holds no more than one record', () => {
    const scanner = new CsvScanner(',');
    expect(() => {
      for (let part = 0; part < 20; part += 1) scanner.push((part === 0 ? '"' : '') + 'x'.repeat(100_000));
    }).toThrow('more than 1 MB');
  });
});
