import { describe, expect, it } from 'vitest';
import { Batched } from '../../../src/domain/batched.js';
import { AppError } from '../../../src/errors.js';
import type { RenderOptions } from '../../../src/output/render-options.js';
import { renderView } from '../../../src/output/render-view.js';
import type { Column, ListView, View } from '../../../src/output/view.js';
import { PLAIN_TABLE } from '../../helpers/render-options.js';
import { collectingSink } from '../../helpers/world.js';

interface Row {
  readonly x: string;
  readonly at?: Date;
  readonly talkSeconds?: number;
  readonly cause?: { readonly code: string };
  readonly userData?: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { field: 'x', title: { zh: 'X号码', en: 'X' } },
  { field: 'at', title: { zh: '时间', en: 'At' } },
  { field: 'cause.code', title: { zh: '原因', en: 'Cause' } },
];
const ONE: Row = { x: '+8617000000201', at: new Date('2019-01-23T09:15:14Z'), cause: { code: '8014' } };
const TWO: Row = { x: '+8617000000202', talkSeconds: 65 };

function list(items: ListView<Row>['items'], more: Partial<ListView<Row>> = {}): ListView<Row> {
  return { view: 'list', kind: 'RowList', items, columns: COLUMNS, ...more };
}

function item(row: Row): View {
  return { view: 'item', kind: 'Row', item: row, columns: COLUMNS };
}

async function render(view: View, options: Partial<RenderOptions> = {}, terminal = false, columns = 80) {
  const stdout = collectingSink(terminal, columns);
  const stderr = collectingSink(terminal, columns);
  const outcome = renderView(view, { ...PLAIN_TABLE, ...options }, { stdout, stderr });
  const [settled] = await Promise.allSettled([outcome]);
  return {
    stdout: stdout.writes.join(''),
    stderr: stderr.writes.join(''),
    writes: stdout.writes,
    failure: settled.status === 'fulfilled' ? settled.value : undefined,
    thrown: settled.status === 'rejected' ? (settled.reason as unknown) : undefined,
  };
}

async function* breaking(): AsyncGenerator<Row> {
  yield await Promise.resolve(ONE);
  throw new AppError('network-interrupted', 'the answer about +8613800000001 broke off');
}

describe('renderView: JSON', () => {
  it('is one document for rows', async () => {
    const { stdout } = await render(list([ONE, TWO]), { format: 'json' });
    expect(JSON.parse(stdout)).toEqual({
      kind: 'RowList',
      items: [
        { x: '+8617000000201', at: '2019-01-23T17:15:14+08:00', cause: { code: '8014' } },
        { x: '+8617000000202', talkSeconds: 65 },
      ],
      count: 2,
      next: null,
      warnings: [],
    });
  });

  it('is one document for no rows', async () => {
    const { stdout } = await render(list([]), { format: 'json' });
    expect(stdout).toBe('{"kind":"RowList","items":[],"count":0,"next":null,"warnings":[]}\n');
  });

  it('is one document when the items break off half way, and the failure comes through', async () => {
    const { stdout, thrown } = await render(list(breaking()), { format: 'json' });
    expect(JSON.parse(stdout)).toMatchObject({
      count: 1,
      warnings: ['incomplete: the answer about +86138****0001 broke off'],
    });
    expect(thrown).toMatchObject({ code: 'network-interrupted' });
  });

  it('carries warnings in the document, also those that came with the last item', async () => {
    const warnings: string[] = [];
    const items = function* () {
      yield TWO;
      warnings.push('line 2: not JSON');
    };
    const { stdout, stderr } = await render(list(items(), { warnings, next: 'page-2' }), { format: 'json' });
    expect(JSON.parse(stdout)).toMatchObject({ next: 'page-2', warnings: ['line 2: not JSON'] });
    expect(stderr).toBe('');
  });

  it('is one document for one thing', async () => {
    const { stdout } = await render(item(TWO), { format: 'json' });
    expect(JSON.parse(stdout)).toEqual({ kind: 'Row', item: { x: '+8617000000202', talkSeconds: 65 } });
  });
});

describe('renderView: NDJSON', () => {
  it('writes what came in one batch at once, and keeps nothing back while the source makes it wait', async () => {
    const seen: (readonly string[])[] = [];
    const written: string[] = [];
    const source = async function* () {
      yield await Promise.resolve([{ x: '1' }, { x: '2' }]);
      seen.push([...written]);
      yield [{ x: '3' }];
      seen.push([...written]);
    };
    const write = (text: string): Promise<void> => Promise.resolve(void written.push(text));
    const stdout = { isTerminal: false, columns: undefined, write };
    await renderView(list(new Batched(source())), { ...PLAIN_TABLE, format: 'ndjson' }, { stdout, stderr: stdout });
    expect(seen).toEqual([['{"x":"1"}\n{"x":"2"}\n'], ['{"x":"1"}\n{"x":"2"}\n', '{"x":"3"}\n']]);
  });

  it('writes each item at once, by itself', async () => {
    const { writes } = await render(list([ONE, TWO]), { format: 'ndjson' });
    expect(writes).toEqual([
      '{"x":"+8617000000201","at":"2019-01-23T17:15:14+08:00","cause":{"code":"8014"}}\n',
      '{"x":"+8617000000202","talkSeconds":65}\n',
    ]);
  });

  it('writes what came before a failure', async () => {
    const { writes, thrown } = await render(list(breaking()), { format: 'ndjson' });
    expect(writes).toHaveLength(1);
    expect(thrown).toMatchObject({ code: 'network-interrupted' });
  });

  it('asks the query of each item', async () => {
    const { stdout } = await render(list([ONE, TWO]), { format: 'ndjson', query: 'x' });
    expect(stdout).toBe('"+8617000000201"\n"+8617000000202"\n');
  });
});

describe('renderView: CSV and TSV', () => {
  it('has a header of field names', async () => {
    const { stdout } = await render(list([ONE, TWO]), { format: 'csv' });
    expect(stdout).toBe('x,at,cause.code\r\n+8617000000201,2019-01-23T17:15:14+08:00,8014\r\n+8617000000202,,\r\n');
  });

  it('has a header for no rows too', async () => {
    expect((await render(list([]), { format: 'tsv' })).stdout).toBe('x\tat\tcause.code\n');
  });

  it('writes a table into a pipe as TSV', async () => {
    expect((await render(list([TWO]))).stdout).toBe('x\tat\tcause.code\n+8617000000202\t\t\n');
    expect((await render(item(TWO))).stdout).toBe('x\tat\tcause.code\n+8617000000202\t\t\n');
  });

  it('loses what steers a terminal when it goes to one', async () => {
    const row = { x: '\u001b[2J+8617000000201', userData: 'a\u0007b\u202e' };
    for (const format of ['csv', 'tsv'] as const) {
      for (const view of [list([row]), item(row)]) {
        const { stdout } = await render(view, { format, fields: ['x', 'userData'] }, true);
        expect(stdout).toContain('+8617000000201');
        expect(stdout).toContain('ab\\');
        expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
      }
    }
  });
});

describe('renderView: --fields and --query', () => {
  it('shows the fields in the order asked for, with dots, null where there is none', async () => {
    const fields = ['cause.code', 'x', 'nothing'];
    const { stdout } = await render(list([ONE]), { format: 'json', fields });
    expect((JSON.parse(stdout) as { items: unknown[] }).items).toEqual([
      { 'cause.code': '8014', x: '+8617000000201', nothing: null },
    ]);
    expect((await render(list([ONE]), { format: 'csv', fields })).stdout).toBe(
      'cause.code,x,nothing\r\n8014,+8617000000201,\r\n',
    );
  });

  it('writes texts and numbers bare, one a line', async () => {
    expect((await render(list([ONE, TWO]), { query: 'items[].x' })).stdout).toBe('+8617000000201\n+8617000000202\n');
    expect((await render(item(TWO), { query: 'item.talkSeconds' })).stdout).toBe('65\n');
  });

  it('writes nothing for nothing', async () => {
    expect((await render(item(TWO), { query: 'item.none' })).stdout).toBe('');
  });

  it('writes JSON where JSON was asked for', async () => {
    const { stdout } = await render(list([ONE, TWO]), { query: 'items[].x', format: 'json' });
    expect(JSON.parse(stdout)).toEqual(['+8617000000201', '+8617000000202']);
  });

  it('says when the query does not fit', async () => {
    const { thrown } = await render(item(TWO), { query: 'length(item.talkSeconds)' });
    expect(thrown).toMatchObject({ code: 'flag-invalid' });
  });
});

describe('renderView: masks', () => {
  it('hides numbers in tables on a terminal, unless told not to', async () => {
    expect((await render(list([ONE]), {}, true)).stdout).toContain('│ +86170****0201 │ 2019-01-23 17:15:14 │ 8014  │');
    expect((await render(list([ONE]), { mask: false }, true)).stdout).toContain('+8617000000201');
    expect((await render(item(ONE), {}, true)).stdout).toContain('+86170****0201');
  });

  it('hides them there in every field', async () => {
    const row = { x: '+8617000000201', userData: 'of +8613800000001' };
    const { stdout } = await render(list([row]), { fields: ['userData'] }, true);
    expect(stdout).toContain('of +86138****0001');
  });

  it.each(['json', 'ndjson', 'csv', 'tsv', 'table'] as const)(
    'shows them in %s in a pipe, unless told to',
    async (format) => {
      expect((await render(list([ONE]), { format })).stdout).toContain('+8617000000201');
      const masked = await render(list([ONE]), { format, mask: true });
      expect(masked.stdout).toContain('+86170****0201');
      expect(masked.stdout).not.toContain('17000000201');
    },
  );
});

describe('renderView: tables', () => {
  it('draws a single row as a block where the view says so', async () => {
    const { stdout } = await render(list([TWO], { single: () => COLUMNS }), {}, true);
    expect(stdout).toBe('X  +86170****0202\n');
  });

  it.each([
    ['on a narrow terminal', {}, 16],
    ['by their layout', { layout: 'blocks' }, 80],
  ] as const)('leaves an empty line between blocks %s, also where a new batch begins', async (_, more, columns) => {
    const rows = Array.from({ length: 1001 }, (_row, index) => ({ ...ONE, x: `+86${17000000000 + index}` }));
    const { stdout } = await render(list(rows, more), {}, true, columns);
    const blocks = stdout.split('\n\n');
    expect(blocks).toHaveLength(1001);
    expect(new Set(blocks.map((block) => block.trimEnd().split('\n').length))).toEqual(new Set([3]));
    expect([stdout.startsWith('X'), stdout.endsWith('8014\n')]).toEqual([true, true]);
  });

  it('draws blocks and lines', async () => {
    expect((await render(list([ONE, TWO], { layout: 'blocks' }), {}, true)).stdout).toBe(
      'X      +86170****0201\nAt     2019-01-23 17:15:14\nCause  8014\n\nX  +86170****0202\n',
    );
    const lines = await render(list([ONE, TWO], { layout: 'lines' }), {}, true);
    expect(lines.writes).toEqual(['+86170****0201  2019-01-23 17:15:14  8014\n', '+86170****0202\n']);
  });

  it('draws what came before a failure', async () => {
    const { stdout, thrown } = await render(list(breaking()), {}, true);
    expect(stdout).toContain('+86170****0201');
    expect(thrown).toMatchObject({ code: 'network-interrupted' });
  });

  it('says which columns found no room', async () => {
    const columns: readonly Column<Row>[] = [
      ...COLUMNS,
      { field: 'userData', title: { zh: '', en: 'Data' }, drops: 1 },
    ];
    const row = { ...ONE, userData: 'x'.repeat(70) };
    const { stderr, stdout } = await render(list([row], { columns }), {}, true);
    expect(stderr).toBe('no room for userData: widen the terminal, or choose with --fields\n');
    expect(stdout).not.toContain('xxx');
  });

  it('writes footer and warnings for people to stderr; --quiet writes none', async () => {
    const view = (): ListView<Row> =>
      list([TWO], { footer: (count) => `${count} rows`, warnings: ['look\u001b[2J out'] });
    expect((await render(view(), {}, true)).stderr).toBe('1 rows\nwarning: look out\n');
    expect((await render(view())).stderr).toBe('warning: look out\n');
    expect((await render(view(), { quiet: true }, true)).stderr).toBe('');
  });
});

describe('renderView: outcome', () => {
  it('hands back the failure that the view ends with', async () => {
    const error = new AppError('some-failed', '1 of 2 failed');
    expect((await render(list([ONE], { outcome: () => error }))).failure).toBe(error);
  });

  it('is nothing-matched for no rows where that was asked for', async () => {
    expect((await render(list([]), { failIfEmpty: true })).failure).toMatchObject({ code: 'nothing-matched' });
    expect((await render(list([ONE]), { failIfEmpty: true })).failure).toBeUndefined();
    expect((await render(list([]))).failure).toBeUndefined();
  });
});

describe('renderView: text and nothing', () => {
  it('writes text as it is, without what steers a terminal where it goes to one', async () => {
    const view: View = { view: 'text', text: '{"a":1}\u001b[2J\n' };
    expect((await render(view)).stdout).toBe('{"a":1}\u001b[2J\n');
    expect((await render(view, {}, true)).stdout).toBe('{"a":1}\n');
    expect((await render({ view: 'none' })).stdout).toBe('');
  });
});
