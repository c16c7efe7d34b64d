import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { drawItem, drawLine, drawTable } from '../../../src/output/draw-table.js';
import { buildPainter } from '../../../src/output/painter.js';
import type { Column } from '../../../src/output/view.js';

interface Row {
  readonly name: string;
  readonly place?: string | undefined;
  readonly count?: number | undefined;
  readonly note?: string | undefined;
}

const paint = buildPainter({ zone: 'UTC', lang: 'en', mask: false, colour: false });
const COLUMNS: readonly Column<Row>[] = [
  { field: 'name', title: { zh: '名称', en: 'Name' }, cuts: true },
  { field: 'place', title: { zh: '地点', en: 'Place' }, drops: 1 },
  { field: 'count', title: { zh: '数量', en: 'Count' }, drops: 2, align: 'right' },
  { field: 'note', title: { zh: '备注', en: 'Note' }, cuts: true, drops: 3 },
];

function widths(text: string): number[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => stringWidth(line));
}

describe('a column cut at its front', () => {
  it('keeps the end of its texts', async () => {
    const columns: Column<Row>[] = [{ field: 'name', title: { zh: '名称', en: 'Name' }, cuts: 'front' }];
    const rows = [{ name: '2026-11-22/host-1:17' }, { name: '深圳/深圳:1' }];
    const { text } = await drawTable<Row>(rows, columns, { paint, width: 14 });
    expect(text.split('\n').slice(3, 5)).toEqual(['│ …host-1:17 │', '│ …圳/深圳:1 │']);
  });
});

describe('a column that keeps so much', () => {
  const rows = [{ name: '1200_366_0_20161228102743', note: 'a text that may be cut' }];
  const columns: Column<Row>[] = [
    { field: 'name', title: { zh: '名称', en: 'Name' }, cuts: true, keeps: 26 },
    { field: 'note', title: { zh: '备注', en: 'Note' }, cuts: true, drops: 1 },
  ];

  it('stays whole while others are cut, and others are left out before it is cut', async () => {
    const narrower = await drawTable<Row>(rows, columns, { paint, width: 44 });
    expect(narrower.text).toContain('│ 1200_366_0_20161228102743 │ a text that… │');
    const narrow = await drawTable<Row>(rows, columns, { paint, width: 40 });
    expect(narrow.text).toContain('│ 1200_366_0_20161228102743 │\n');
    expect(narrow.hidden).toEqual(['note']);
  });

  it('that is cut only for another to stay is so for no less needed one, and says it', async () => {
    const [name, note] = [
      { ...columns[0], cuts: false, cutsFor: 1, keeps: 20 },
      { ...columns[1], cuts: false },
    ] as [Column<Row>, Column<Row>];
    const width = 49;
    const cut = await drawTable<Row>(rows, [name, note], { paint, width });
    expect(cut.text).toContain('│ 1200_366_0_20161228… │ a text that may be cut │');
    expect([cut.hidden, cut.cut]).toEqual([[], ['name']]);
    const whole = await drawTable<Row>(rows, [name, { ...note, drops: 2 }], { paint, width });
    expect(whole.text).toContain('│ 1200_366_0_20161228102743 │\n');
    expect([whole.hidden, whole.cut]).toEqual([['note'], []]);
    const narrow = await drawTable<Row>(rows, [name, note], { paint, width: width - 2 });
    expect([narrow.hidden, narrow.cut]).toEqual([['note'], []]);
  });

  it('is left out where it may be and finds no room', async () => {
    const [name, note] = columns as [Column<Row>, Column<Row>];
    const { text, hidden } = await drawTable<Row>(rows, [{ ...name, drops: 2 }, note], { paint, width: 30 });
    expect(text).toContain('│ a text that may be cut │\n');
    expect(hidden).toEqual(['name']);
  });
});

describe('drawTable', () => {
  it('draws borders, headings and aligned cells', async () => {
    const rows = [
      { name: 'one', count: 5 },
      { name: 'three', count: 120 },
    ];
    const { text, hidden } = await drawTable<Row>(rows, COLUMNS, { paint, width: 80 });
    expect(text).toBe(
      [
        '┌───────┬───────┐',
        '│ Name  │ Count │',
        '├───────┼───────┤',
        '│ one   │     5 │',
        '│ three │   120 │',
        '└───────┴───────┘',
        '',
      ].join('\n'),
    );
    expect(hidden).toEqual([]);
  });

  it('draws blocks with every column where what must stay does not fit', async () => {
    const columns: Column<Row>[] = [
      { field: 'name', title: { zh: '名称', en: 'Name' } },
      { field: 'note', title: { zh: '备注', en: 'Note' }, cuts: true, drops: 1 },
    ];
    const rows = [
      { name: '+8613800000001', note: 'first' },
      { name: '+8613800000002', note: 'second' },
    ];
    const narrowest = await drawTable<Row>(rows, columns, { paint, width: 18 });
    expect(narrowest.text.split('\n')[3]).toBe('│ +8613800000001 │');
    expect(narrowest.hidden).toEqual(['note']);
    expect(await drawTable<Row>(rows, columns, { paint, width: 17 })).toEqual({
      text: 'Name  +8613800000001\nNote  first\n\nName  +8613800000002\nNote  second\n',
      hidden: [],
      cut: [],
      inBlocks: true,
    });
  });

  it('is nothing for no rows', async () => {
    expect(await drawTable<Row>([], COLUMNS, { paint, width: 80 })).toEqual({
      text: '',
      hidden: [],
      cut: [],
      inBlocks: false,
    });
  });

  it('takes the headings of the language', async () => {
    const chinese = buildPainter({ zone: 'UTC', lang: 'zh', mask: false, colour: false });
    const { text } = await drawTable<Row>([{ name: '一', place: '深圳' }], COLUMNS, { paint: chinese, width: 80 });
    expect(text).toContain('│ 名称 │ 地点 │');
  });

  it('aligns Chinese, which takes two columns a character', async () => {
    const rows = [
      { name: '隐私保护通话', place: '深圳' },
      { name: 'a', place: 'Shenzhen' },
    ];
    const { text } = await drawTable<Row>(rows, COLUMNS, { paint, width: 80 });
    expect(new Set(widths(text))).toEqual(new Set([27]));
    expect(text).toContain('│ 隐私保护通话 │ 深圳     │');
  });

  it('cuts long texts first, with an ellipsis, by their width', async () => {
    const rows = [{ name: '甲'.repeat(50), place: '北京', count: 1 }];
    const { text, hidden } = await drawTable<Row>(rows, COLUMNS, { paint, width: 40 });
    expect(widths(text)).toEqual(Array(5).fill(40));
    expect(text).toMatch(/│ 甲{9}… {1,2}│/);
    expect(hidden).toEqual([]);
  });

  it('then leaves columns out, the least important first, and names them', async () => {
    const rows = [{ name: 'a name', place: 'a place that is long', count: 100_000, note: 'a note that is long' }];
    const { text, hidden } = await drawTable<Row>(rows, COLUMNS, { paint, width: 36 });
    expect(hidden).toEqual(['note', 'count']);
    expect(text).toContain('Place');
    expect(text).not.toContain('Count');
  });

  it('closes colours that it cuts', async () => {
    const coloured = buildPainter({ zone: 'UTC', lang: 'en', mask: false, colour: true });
    const column: Column<Row> = { ...COLUMNS[0]!, cell: ({ name }) => coloured.bad(name) };
    const { text } = await drawTable<Row>([{ name: 'x'.repeat(100) }], [column], { paint: coloured, width: 24 });
    expect(text).toContain(`\u001b[31m${'x'.repeat(19)}…\u001b[0m`);
    expect(widths(text)).toEqual(Array(5).fill(24));
  });

  it('fits 80 columns with every line of one width, whatever the texts', async () => {
    const letter = fc.constantFrom(
      'a',
      'b',
      'c',
      ' ',
      '深',
      '圳',
      '北',
      '京',
      '，',
      '１',
      '２',
      'é',
      '、',
      '（',
      '）',
      'Ω',
      '—',
      '…',
    );
    const text = fc.string({ unit: letter, maxLength: 60 });
    const row = fc.record({ name: text, place: text, count: fc.option(fc.nat(), { nil: undefined }), note: text });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 4 }), async (rows) => {
        const drawn = await drawTable<Row>(rows, COLUMNS, { paint, width: 80 });
        const [first = 0, ...others] = widths(drawn.text);
        expect(new Set(others)).toEqual(new Set(others.length > 0 ? [first] : []));
        expect(first).toBeLessThanOrEqual(80);
      }),
      { numRuns: 60 },
    );
  });
});

describe('drawItem', () => {
  const long = { name: '号码'.repeat(20), place: 'id-'.repeat(30), note: '' };

  it('goes on below where a value began; a word stays whole', () => {
    const lines = drawItem<Row>(long, COLUMNS, { paint, width: 40 }).split('\n');
    const [name, more] = lines;
    expect(stringWidth(name ?? '')).toBeGreaterThan(36);
    expect(more).toMatch(/^ +号码/);
    expect(more?.search(/\S/)).toBe(stringWidth(/^.*? +(?=号)/.exec(name ?? '')?.[0] ?? ''));
    expect(lines.some((line) => line.endsWith(long.place))).toBe(true);
    expect(lines.join('').replaceAll(' ', '')).toContain(long.name);
  });

  it('does not break what is short, however narrow the terminal', () => {
    const at = '2026-11-22 08:00:00';
    expect(drawItem<Row>({ ...long, name: at }, COLUMNS, { paint, width: 20 })).toContain(at);
  });

  it('goes on below the words of a ladder', () => {
    const ladder = [{ field: 'name', title: { zh: '时间', en: 'At' }, hangs: () => 5 }];
    const text = drawItem({ name: `+1s  ${'呼叫'.repeat(20)}` }, ladder, { paint, width: 40 });
    expect(text.split('\n')[1]).toMatch(/^ {9}[呼叫]{14}/);
  });

  it('draws one field a line, aligned, without those that are empty', () => {
    const text = drawItem<Row>({ name: 'one', place: '深圳', note: '' }, COLUMNS, { paint, width: 80 });
    expect(text).toBe('Name   one\nPlace  深圳\n');
  });
});

describe('drawLine', () => {
  it('draws the cells that there are in one line', () => {
    expect(drawLine<Row>({ name: 'one', count: 5 }, COLUMNS, { paint, width: 80 })).toBe('one  5\n');
  });

  it('puts what belongs below on lines of its own, wrapped to the terminal', () => {
    const columns = COLUMNS.map((column) => (column.field === 'note' ? { ...column, below: true } : column));
    const row = { name: 'one', note: 'HTTP 500, so it comes again and again' };
    expect(drawLine<Row>(row, columns, { paint, width: 24 })).toBe(
      'one\n    HTTP 500, so it\n    comes again and\n    again\n',
    );
  });
});
