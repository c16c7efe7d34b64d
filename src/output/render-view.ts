import { collectText } from './collect-text.js';
import type { Sink } from '../context.js';
import { Batched, batchesOf } from '../domain/batched.js';
import { maskText } from '../domain/phone-number.js';
import { asWarning, wordsIn } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { cellText, memberAt, plainData, type PlainOptions } from './plain-data.js';
import { safeJson, safeText } from './safe-text.js';
import { csvLine, tsvLine } from './separated-text.js';
import { unreadSink } from './unread-sink.js';
import type { Column, ItemView, ListView, View } from './view.js';
import { writeRows } from './write-rows.js';

/** What `-o` takes. */
export const OUTPUT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'tsv'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How views are drawn, as the flags and settings say. */
export interface RenderOptions {
  readonly format: OutputFormat;
  /** False where `format` is only the default; a view may then have its own. */
  readonly formatAsked?: boolean | undefined;
  readonly zone: string;
  readonly lang: 'zh' | 'en';
  /** `undefined`: on in tables on a terminal, off elsewhere. */
  readonly mask: boolean | undefined;
  readonly colour: boolean;
  /** Own names of the fields to show, in this order. */
  readonly fields: readonly string[] | undefined;
  /** JMESPath; a text or number that it finds is written bare unless `format` was asked for as JSON. */
  readonly query: string | undefined;
  readonly quiet: boolean;
  /** A list without rows ends with `nothing-matched`. */
  readonly failIfEmpty: boolean;
}

/** The two streams a view goes to. */
export interface RenderSinks {
  readonly stdout: Sink;
  readonly stderr: Sink;
}

/** Rows that a table takes at a time: its columns are as wide as these rows need. */
const TABLE_ROWS = 500;

/**
 * Writes a view: data to stdout, talk to stderr.
 * @returns the failure the view ends with although its rows are good, or `undefined`.
 * Rejects with what the items reject with; JSON is then closed to one whole document first.
 */
export async function renderView(view: View, asked: RenderOptions, sinks: RenderSinks): Promise<Error | undefined> {
  const own = view.view === 'list' && asked.formatAsked === false ? view.unlessAsked : undefined;
  const mask = asked.mask ?? (view.view === 'list' && view.isLog === true ? true : undefined);
  const options = { ...asked, format: own ?? asked.format, mask };
  if (view.view === 'none') return undefined;
  if (view.view === 'text') {
    await sinks.stdout.write(sinks.stdout.isTerminal ? safeText(view.text) : view.text);
    return view.outcome?.();
  }
  const missing = new Set(options.fields);
  const outlives = view.view === 'list' && view.outlivesReader === true;
  const count = await renderData(watched(view, missing), options, {
    ...sinks,
    stdout: outlives ? unreadSink(sinks.stdout) : sinks.stdout,
  });
  if (count > 0 && missing.size > 0 && !options.quiet) {
    const fields = safeText([...missing].join(', '));
    const told = asWarning({ zh: `没有一行有 ${fields}（--fields）`, en: `no row has ${fields} (--fields)` });
    await sinks.stderr.write(`${told[options.lang]}\n`);
  }
  const failure =
    view.outcome?.() ??
    (count === 0 && options.failIfEmpty ? new AppError('nothing-matched', 'nothing matched') : undefined);
  if (options.format !== 'json' && !options.quiet) {
    for (const warning of view.warnings ?? []) {
      // What the error says need not be said twice.
      if (failure?.message.endsWith(wordsIn(warning, 'en')) === true) continue;
      await sinks.stderr.write(`${maskText(safeText(asWarning(warning)[options.lang]))}\n`);
    }
  }
  return failure;
}

/** The view, taking from `missing` the fields that turn up in its items. */
function watched(view: ListView | ItemView, missing: Set<string>): ListView | ItemView {
  if (missing.size === 0) return view;
  const look = (item: unknown): void => {
    for (const field of missing) {
      const column: Column<unknown> | undefined = view.columns.find((one) => one.field === field);
      if (memberAt(item, field) !== undefined || column?.value !== undefined) missing.delete(field);
    }
  };
  if (view.view === 'item') {
    look(view.item);
    return view;
  }
  const { items } = view;
  const looked = async function* () {
    for await (const batch of batchesOf<unknown>(items)) {
      for (let at = 0; at < batch.length && missing.size > 0; at++) look(batch[at]);
      yield batch;
    }
  };
  return { ...view, items: new Batched(looked()) };
}

/** @returns how many rows there were; an item counts as one. */
async function renderData(view: ListView | ItemView, options: RenderOptions, sinks: RenderSinks): Promise<number> {
  if (options.query !== undefined && options.format !== 'ndjson') return renderQuery(view, options, sinks);
  if (view.view === 'list') return renderList(view, options, sinks);
  await renderItem(view, options, sinks);
  return 1;
}

/** Not before a person looks: measuring text loads the tables of Unicode, which takes as long as all the rest. */
function drawing() {
  return Promise.all([import('./draw-table.js'), import('./painter.js')]);
}

function drawsTable(options: RenderOptions, sinks: RenderSinks): boolean {
  return options.format === 'table' && sinks.stdout.isTerminal;
}

/** Data of one item as JSON, NDJSON, CSV and TSV show it. */
function shape(item: unknown, options: RenderOptions): unknown {
  if (options.fields === undefined) return plainData(item, plainOptions(options));
  return Object.fromEntries(options.fields.map((field) => [field, plainMember(item, field, options) ?? null]));
}

function plainOptions(options: RenderOptions): PlainOptions {
  return { zone: options.zone, mask: options.mask ?? false };
}

/** One member alone: the rest of an item, its `raw` above all, is not looked at. */
function plainMember(item: unknown, field: string, options: RenderOptions): unknown {
  return plainData(memberAt(item, field), plainOptions(options), field.slice(field.lastIndexOf('.') + 1));
}

function json(value: unknown, indent?: number): string {
  return safeJson(JSON.stringify(value, null, indent));
}

function columnsOf<T>(view: ListView<T> | ItemView<T>, options: RenderOptions): readonly Column<T>[] {
  if (options.fields === undefined) return view.columns;
  return options.fields.map(
    (field) => view.columns.find((column) => column.field === field) ?? { field, title: { zh: field, en: field } },
  );
}

async function renderItem<T>(
  view: ItemView<T>,
  options: RenderOptions,
  { stdout, stderr }: RenderSinks,
): Promise<void> {
  const columns = columnsOf(view, options);
  if (drawsTable(options, { stdout, stderr })) {
    const mask = options.mask ?? true;
    const [{ drawItem }, { buildPainter }] = await drawing();
    await stdout.write(drawItem(view.item, columns, buildPainter({ ...options, mask })));
    if (view.hint !== undefined && !options.quiet)
      await stderr.write(`${safeText(wordsIn(view.hint, options.lang))}\n`);
    return;
  }
  const data = shape(view.item, options);
  if (options.format === 'json') {
    const warnings = dataWarnings(view);
    await stdout.write(`${json({ kind: view.kind, item: data, ...(warnings.length > 0 ? { warnings } : {}) }, 2)}\n`);
  } else if (options.format === 'ndjson') {
    await stdout.write(`${json(queried(data, await compileQuery(options.query)))}\n`);
  } else {
    const line = lineWriter(options, stdout);
    await stdout.write(line(columns.map(({ field }) => field)));
    await stdout.write(line(columns.map((column) => plainCell(view.item, column, options))));
  }
}

/** Lines of CSV or TSV; on a terminal their cells have lost what could steer it. */
function lineWriter(options: RenderOptions, stdout: Sink): (cells: readonly string[]) => string {
  const line = options.format === 'csv' ? csvLine : tsvLine;
  return stdout.isTerminal ? (cells) => line(cells.map(safeText)) : line;
}

/** What CSV and TSV write for one column of an item. */
function plainCell<T>(item: T, column: Column<T>, options: RenderOptions): string {
  if (column.value === undefined) return cellText(plainMember(item, column.field, options));
  return cellText(plainData(column.value(item, options.lang), plainOptions(options)));
}

async function renderList<T>(view: ListView<T>, options: RenderOptions, sinks: RenderSinks): Promise<number> {
  const { stdout, stderr } = sinks;
  if (drawsTable(options, sinks)) {
    const count = await renderTable(view, options, sinks);
    const footer = view.footer?.(count, options.lang);
    if (footer !== undefined && !options.quiet) await stderr.write(`${footer}\n`);
    return count;
  }
  if (options.format === 'json') return renderJsonList(view, options, stdout);
  if (options.format === 'ndjson') {
    const query = await compileQuery(options.query);
    return writeRows(view.items, (item) => `${json(queried(shape(item, options), query))}\n`, stdout);
  }
  const columns = columnsOf(view, options);
  const line = lineWriter(options, stdout);
  await stdout.write(line(columns.map(({ field }) => field)));
  return writeRows(view.items, (item) => line(columns.map((column) => plainCell(item, column, options))), stdout);
}

async function renderJsonList<T>(view: ListView<T>, options: RenderOptions, stdout: Sink): Promise<number> {
  let count = 0;
  let failure: unknown;
  await stdout.write(`{"kind":${json(view.kind)},"items":[`);
  try {
    const text = (item: T): string => `${count++ === 0 ? '\n' : ',\n'}${json(shape(item, options))}`;
    await writeRows(view.items, text, stdout);
  } catch (error) {
    failure = error;
  }
  const warnings = [
    ...dataWarnings(view),
    ...(failure === undefined ? [] : [`incomplete: ${maskText((failure as Error).message)}`]),
  ];
  await stdout.write(
    `${count === 0 ? '' : '\n'}],"count":${count},"next":${json(view.next ?? null)},"warnings":${json(warnings)}}\n`,
  );
  if (failure !== undefined) throw failure as AppError;
  return count;
}

async function renderTable<T>(view: ListView<T>, options: RenderOptions, sinks: RenderSinks): Promise<number> {
  const { stdout, stderr } = sinks;
  const [{ drawBlocks, drawItem, drawLine, drawTable }, { buildPainter }] = await drawing();
  const frame = { paint: buildPainter({ ...options, mask: options.mask ?? true }), width: stdout.columns ?? 80 };
  const columns = columnsOf(view, options);
  const hidden = new Set<string>();
  const cut = new Set<string>();
  let count = 0;
  let rows: T[] = [];
  let endsInBlock = false;
  /** What rows since the last write look like; between two blocks there is an empty line also where they are of two writes. */
  const writeDrawn = async (text: string, inBlocks: boolean): Promise<void> => {
    if (text === '') return;
    await stdout.write(endsInBlock ? `\n${text}` : text);
    endsInBlock = inBlocks;
  };
  const flush = async (): Promise<void> => {
    const [only] = rows;
    if (view.layout === 'blocks') await writeDrawn(drawBlocks(rows, columns, frame.paint), true);
    else if (view.single !== undefined && options.fields === undefined && count === 1 && only !== undefined) {
      await stdout.write(drawItem(only, view.single(only), frame.paint));
    } else {
      const drawn = await drawTable(rows, columns, frame);
      for (const field of drawn.hidden) hidden.add(field);
      for (const field of drawn.cut) cut.add(field);
      await writeDrawn(drawn.text, drawn.inBlocks);
    }
    rows = [];
  };
  try {
    for await (const item of view.items) {
      count += 1;
      if (view.layout === 'lines') {
        await stdout.write(drawLine(item, columns, frame));
        continue;
      }
      rows.push(item);
      if (rows.length === TABLE_ROWS) await flush();
    }
  } finally {
    await flush();
  }
  if (hidden.size + cut.size > 0 && !options.quiet) {
    const [fields, whole] = [[...hidden].join(', '), [...cut].join(', ')];
    const zh = [fields && `未显示 ${fields}`, whole && `${whole} 未显示完整`].filter(Boolean).join('，');
    const en = [fields, whole && `all of ${whole}`].filter(Boolean).join(' and ');
    const told = {
      zh: `宽度不足，${zh}：请加宽终端，或用 --fields 选择`,
      en: `no room for ${en}: widen the terminal, or choose with --fields`,
    };
    await stderr.write(`${told[options.lang]}\n`);
  }
  return count;
}

/** Data is the same in every language. */
function dataWarnings({ warnings = [] }: Pick<ListView | ItemView, 'warnings'>): readonly string[] {
  return warnings.map((warning) => wordsIn(warning, 'en'));
}

type Query = (data: unknown) => unknown;

async function compileQuery(query: string | undefined): Promise<Query | undefined> {
  if (query === undefined) return undefined;
  const { search } = await import('jmespath');
  return (data) => {
    try {
      return search(data, query) as unknown;
    } catch (error) {
      throw new AppError('flag-invalid', `--query does not fit the data: ${(error as Error).message}`, {
        cause: error,
      });
    }
  };
}

function queried(data: unknown, query: Query | undefined): unknown {
  return query === undefined ? data : query(data);
}

/** A query sees the whole JSON document, so all items are held at once. */
async function renderQuery(
  view: ListView | ItemView,
  options: RenderOptions,
  { stdout }: RenderSinks,
): Promise<number> {
  const collected = collectText();
  const whole = { ...options, query: undefined, format: 'json' as const };
  const count = await renderData(view, whole, { stdout: collected.sink, stderr: collected.sink });
  const query = await compileQuery(options.query);
  const found = queried(JSON.parse(collected.text()), query);
  if (options.format === 'json') {
    await stdout.write(`${json(found, 2)}\n`);
    return count;
  }
  const lines: readonly unknown[] =
    Array.isArray(found) && found.every((one) => typeof one !== 'object') ? found : [found];
  for (const one of lines) if (one !== null) await stdout.write(`${bare(one, stdout)}\n`);
  return count;
}

function bare(value: unknown, stdout: Sink): string {
  if (typeof value !== 'string') return json(value, 2);
  return stdout.isTerminal ? safeText(value) : value;
}
