import stringWidth from 'string-width';
import { memberAt } from './plain-data.js';
import { paintValue } from './painter.js';
import type { CellPainter, Column } from './view.js';
import { wrapText } from './wrap-text.js';

/** Where a table is drawn. */
export interface TableFrame {
  readonly paint: CellPainter;
  /** Columns of the terminal. */
  readonly width: number;
}

/** A drawn table. */
export interface DrawnTable {
  /** With its last line break; empty for no rows. */
  readonly text: string;
  /** Fields of the columns that found no room. */
  readonly hidden: readonly string[];
  /** Fields of the columns that were cut for another to stay (`cutsFor`). */
  readonly cut: readonly string[];
  /** Whether each row is a block, with an empty line between two. */
  readonly inBlocks: boolean;
}

/** A cut text keeps so much, unless its column wants more. */
const SMALLEST_CUT = 10;
/** What a column costs beside its text: a border and a blank on each side. */
const FRAME = 3;

/**
 * Draws rows with borders for a terminal. Columns without any value are left out. Where the terminal is too narrow, long texts are cut with `…`, by
 * the width of their characters, so that Chinese stays aligned; then columns are left out, the least important first. Where that is not enough, each row
 * is a block of lines with all its columns: what tells one row from another, numbers above all, is never cut.
 */
export async function drawTable<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  frame: TableFrame,
): Promise<DrawnTable> {
  if (rows.length === 0) return { text: '', hidden: [], cut: [], inBlocks: false };
  const { paint, width } = frame;
  const filled = columns
    .map((column) => {
      const cells = rows.map((row) => cellOf(row, column, paint) ?? '');
      const title = column.title[paint.lang];
      return { column, title, cells, width: Math.max(stringWidth(title), ...cells.map((cell) => stringWidth(cell))) };
    })
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const fitting = fit(filled, width);
  if (fitting === undefined) return { text: drawBlocks(rows, columns, frame), hidden: [], cut: [], inBlocks: true };
  const { shown, hidden } = fitting;
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: shown.map(({ title, width: most }) => paint.faint(cut(title, most))),
    colWidths: shown.map(({ width: most }) => most + 2),
    colAligns: shown.map(({ column }) => column.align ?? 'left'),
    // cli-table3 colours heads and borders by itself, and drops Chinese characters when it wraps: neither is left to it.
    style: { head: [], border: [], compact: true },
    wordWrap: false,
  });
  for (const index of rows.keys())
    table.push(shown.map(({ cells, column, width: most }) => cutCell(cells[index] ?? '', column, most)));
  const whole = new Map(filled.map(({ column, width: most }) => [column.field, most]));
  const fieldsOf = (some: readonly Filled<T>[]): string[] => some.map(({ column }) => column.field);
  return {
    text: `${table.toString()}\n`,
    hidden: fieldsOf(hidden),
    cut: fieldsOf(
      shown.filter(({ column, width: most }) => column.cutsFor !== undefined && most < (whole.get(column.field) ?? 0)),
    ),
    inBlocks: false,
  };
}

/** Draws each row as {@link drawItem} does, with an empty line between two. */
export function drawBlocks<T>(rows: readonly T[], columns: readonly Column<T>[], frame: TableFrame): string {
  return rows.map((row) => drawItem(row, columns, frame)).join('\n');
}

interface Filled<T> {
  readonly column: Column<T>;
  readonly title: string;
  readonly cells: readonly string[];
  readonly width: number;
}

/** Cuts texts, then leaves columns out, until the rest fits; `undefined` when what cannot be left out does not. */
function fit<T>(
  all: readonly Filled<T>[],
  total: number,
): { shown: readonly Filled<T>[]; hidden: readonly Filled<T>[] } | undefined {
  let shown = all;
  const hidden: Filled<T>[] = [];
  for (;;) {
    const excess = widthOf(shown) - total;
    if (excess <= 0) return { shown, hidden };
    const last = [...shown].sort((one, other) => (other.column.drops ?? 0) - (one.column.drops ?? 0))[0];
    const narrower = narrow(shown, excess, last?.column.drops);
    if (narrower !== undefined) return { shown: narrower, hidden };
    if (last?.column.drops === undefined) return undefined;
    hidden.push(last);
    shown = shown.filter((one) => one !== last);
  }
}

function widthOf(columns: readonly { readonly width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width + FRAME, 1);
}

/**
 * @param drops of the column that is left out next, if any may be.
 * @returns the columns with `excess` taken from the widest of those that may be cut; `undefined` when that is not enough.
 */
function narrow<T>(columns: readonly Filled<T>[], excess: number, drops: number | undefined): Filled<T>[] | undefined {
  const widths = columns.map(({ width }) => width);
  const smallest = columns.map(({ column: { cuts = false, cutsFor = -1, keeps = SMALLEST_CUT } }) =>
    cuts !== false || (drops !== undefined && drops <= cutsFor) ? keeps : Infinity,
  );
  for (let left = excess; left > 0; left -= 1) {
    const candidates = widths.map((width, index) => (width > (smallest[index] ?? Infinity) ? width : 0));
    const widest = Math.max(...candidates);
    if (widest === 0) return undefined;
    widths[candidates.indexOf(widest)] = widest - 1;
  }
  return columns.map((column, index) => ({ ...column, width: widths[index] ?? column.width }));
}

/** Draws one thing as `title  value` lines for a terminal; fields without a value are left out, long values go on below where they began. */
export function drawItem<T>(item: T, columns: readonly Column<T>[], { paint, width }: TableFrame): string {
  const lines = columns
    .map((column) => ({ column, title: column.title[paint.lang], text: cellOf(item, column, paint) }))
    .filter((line): line is typeof line & { text: string } => line.text !== undefined && line.text !== '');
  const indent = Math.max(0, ...lines.map(({ title }) => stringWidth(title))) + 2;
  return lines
    .map(({ column, title, text }) => {
      const start = `${paint.faint(title)}${' '.repeat(indent - stringWidth(title))}`;
      return `${start}${wrapValue(text, { indent, hang: column.hangs?.(paint) ?? 0, width })}\n`;
    })
    .join('');
}

/** Less room than this is not worth an indentation. */
const LEAST_ROOM = 24;

/** A value behind its title; `indent` is where it begins. */
function wrapValue(
  text: string,
  { indent, hang, width }: { readonly indent: number; readonly hang: number; readonly width: number },
): string {
  const textWidth = stringWidth(text);
  // An instant or a number is not broken, however narrow the terminal.
  if (textWidth <= LEAST_ROOM || indent + textWidth <= width) return text;
  const below = [indent + hang, indent, 2].find((one) => width - one >= LEAST_ROOM) ?? 0;
  const lead = /^ */.exec(text)?.[0] ?? '';
  const first = width - indent - lead.length;
  const [start = '', ...rest] = wrapText(text.slice(lead.length), width - below, stringWidth, first);
  return [`${lead}${start}`, ...rest.map((line) => `${' '.repeat(below)}${line}`)].join('\n');
}

const INDENT = '    ';

/** Draws one row by itself, for rows that come live; cells that belong below it are wrapped, each on lines of its own. */
export function drawLine<T>(row: T, columns: readonly Column<T>[], { paint, width }: TableFrame): string {
  const drawn = columns
    .map((column) => ({ isBelow: column.below === true, text: cellOf(row, column, paint) ?? '' }))
    .filter(({ text }) => text !== '');
  const cells = drawn.filter(({ isBelow }) => !isBelow).map(({ text }) => text);
  const below = drawn
    .filter(({ isBelow }) => isBelow)
    .flatMap(({ text }) => wrapText(text, width - INDENT.length, stringWidth));
  return `${[cells.join('  '), ...below.map((line) => `${INDENT}${line}`)].join('\n')}\n`;
}

function cellOf<T>(row: T, column: Column<T>, paint: CellPainter): string | undefined {
  return column.cell === undefined
    ? paintValue(memberAt(row, column.field), column.field, paint)
    : column.cell(row, paint);
}

function cutCell<T>(text: string, { cuts }: Column<T>, width: number): string {
  return cuts === 'front' ? cutFront(text, width) : cut(text, width);
}

/** The end of a text without colours. */
function cutFront(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let result = '';
  for (const character of (text.match(/[\s\S]/gu) ?? []).reverse()) {
    if (stringWidth(character + result) > width - 1) break;
    result = character + result;
  }
  return `…${result}`;
}

/** `text` in at most `width` columns of a terminal; colour codes count nothing and are closed again. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let result = '';
  let used = 0;

  for (const token of text.match(/\u001b\[[0-9;]*m|[\s\S]/gu) ?? []) {
    const size = token.startsWith('\u001b') ? 0 : stringWidth(token);
    if (used + size > width - 1) {
      if (size > 0) break;
      continue;
    }
    result += token;
    used += size;
  }

  return result.includes('\u001b[') ? `${result}…\u001b[0m` : `${result}…`;
}
