import { collectText } from './collect-text.js';
import type { Sink } from '../context.js';
import { Batched, batchesOf } from '../domain/batched.js';
import { maskText } from '../domain/phone-number.js';
import { asWarning, wordsIn } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { writeTalk } from './fold-text.js';
import { cellText, memberAt, plainData, type PlainOptions } from './plain-data.js';
import { safeJson, safeMessage, safeText } from './safe-text.js';
import { csvLine, tsvLine } from './separated-text.js';
import type { RenderOptions, RenderSinks } from './render-options.js';
import { compileQuery, writeFound } from './run-query.js';
import { unreadSink } from './unread-sink.js';
import type { Column, ItemView, ListView, View } from './view.js';
import { writeRows } from './write-rows.js';

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
    const fields = safeMessage([...missing].join(', '));
    const told = asWarning({ zh: `没有一行有 ${fields}（--fields）`, en: `no row has ${fields} (--fields)` });
    await writeTalk(sinks.stderr, told[options.lang]);
  }
  const failure =
    view.outcome?.() ??
    (count === 0 && options.failIfEmpty
      ? new AppError('nothing-matched', { zh: '没有符合条件的记录', en: 'nothing matched' })
      : undefined);
  if (options.format !== 'json') await tellWarnings(view, failure, options, sinks);
  return failure;
}

/** Says what data of other formats has no place for. */
export async function tellWarnings(
  { warnings = [] }: Pick<ListView | ItemView, 'warnings'>,
  failure: Error | undefined,
  { quiet, lang }: Pick<RenderOptions, 'quiet' | 'lang'>,
  { stderr }: Pick<RenderSinks, 'stderr'>,
): Promise<void> {
  if (quiet) return;
  for (const warning of warnings) {
    // What the error says need not be said twice.
    if (failure?.message.endsWith(wordsIn(warning, 'en')) === true) continue;
    await writeTalk(stderr, maskText(safeMessage(asWarning(warning)[lang])));
  }
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
  return import('./render-table.js');
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
    const { itemText } = await drawing();
    await stdout.write(itemText(view.item, columns, { ...options, width: stdout.columns ?? 80 }));
    if (view.hint !== undefined && !options.quiet)
      await writeTalk(stderr, safeMessage(wordsIn(view.hint, options.lang)));
    return;
  }
  const data = shape(view.item, options);
  if (options.format === 'json') {
    const warnings = dataWarnings(view);
    await stdout.write(`${json({ kind: view.kind, item: data, ...(warnings.length > 0 ? { warnings } : {}) }, 2)}\n`);
  } else if (options.format === 'ndjson') {
    const query = await compileQuery(options.query);
    await stdout.write(`${json(query(data))}\n`);
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
    const { renderTable } = await drawing();
    const count = await renderTable(view, columnsOf(view, options), options, sinks);
    const footer = view.footer?.(count);
    if (footer !== undefined && !options.quiet) await writeTalk(stderr, safeMessage(wordsIn(footer, options.lang)));
    return count;
  }
  if (options.format === 'json') return renderJsonList(view, options, stdout);
  if (options.format === 'ndjson') {
    const query = await compileQuery(options.query);
    return writeRows(view.items, (item) => `${json(query(shape(item, options)))}\n`, stdout);
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

/** Data is the same in every language. */
function dataWarnings({ warnings = [] }: Pick<ListView | ItemView, 'warnings'>): readonly string[] {
  return warnings.map((warning) => wordsIn(warning, 'en'));
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
  await writeFound(query(JSON.parse(collected.text())), options.format === 'json', stdout);
  return count;
}
