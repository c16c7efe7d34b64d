import stringWidth from 'string-width';
import { memberAt } from './plain-data.js';
import { paintValue } from './painter.js';
import type { CellPainter, Column } from './view.js';

/** Where a table is drawn. */
export interface TableFrame {
  readonly paint: CellPainter;
  /** Columns of the terminal. */
  readonly width: number;
}

const SMALLEST_COLUMN = 6;

/**
 * Draws rows with borders for a terminal, no wider than it is. Text too long for its column is cut with `…`, by the width of its
 * characters, so that Chinese stays aligned; whole columns that are empty are left out.
 * @returns the text with its last line break; an empty text for no rows.
 */
export async function drawTable<T>(rows: readonly T[], columns: readonly Column<T>[], frame: TableFrame): Promise<string> {
  if (rows.length === 0) return '';
  const { lang } = frame.paint;
  const cells = rows.map((row) => columns.map((column) => cellOf(row, column, frame.paint) ?? ''));
  const used = columns.map((_, index) => cells.some((row) => row[index] !== ''));
  const kept = columns.filter((_, index) => used[index]);
  const body = cells.map((row) => row.filter((_, index) => used[index]));
  const widths = fitWidths(
    kept.map((column, index) => Math.max(stringWidth(column.title[lang]), ...body.map((row) => stringWidth(row[index] ?? '')))),
    frame.width,
  );
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: kept.map((column, index) => frame.paint.faint(cut(column.title[lang], widths[index] ?? 0))),
    colWidths: widths.map((width) => width + 2),
    colAligns: kept.map((column) => column.align ?? 'left'),
    // cli-table3 colours heads and borders by itself, and drops Chinese characters when it wraps: neither is left to it.
    style: { head: [], border: [], compact: true },
    wordWrap: false,
  });
  for (const row of body) table.push(row.map((cell, index) => cut(cell, widths[index] ?? 0)));
  return `${table.toString()}\n`;
}

/** Draws one thing as `title  value` lines for a terminal; fields without a value are left out. */
export function drawItem<T>(item: T, columns: readonly Column<T>[], paint: CellPainter): string {
  const lines = columns
    .map((column) => ({ title: column.title[paint.lang], text: cellOf(item, column, paint) }))
    .filter((line): line is { title: string; text: string } => line.text !== undefined && line.text !== '');
  const width = Math.max(0, ...lines.map(({ title }) => stringWidth(title)));
  return lines.map(({ title, text }) => `${paint.faint(title)}${' '.repeat(width - stringWidth(title) + 2)}${text}\n`).join('');
}

/** Draws one row by itself, for rows that come live. */
export function drawLine<T>(row: T, columns: readonly Column<T>[], paint: CellPainter): string {
  const cells = columns.map((column) => cellOf(row, column, paint)).filter((text) => text !== undefined && text !== '');
  return `${cells.join('  ')}\n`;
}

function cellOf<T>(row: T, column: Column<T>, paint: CellPainter): string | undefined {
  return column.cell === undefined ? paintValue(memberAt(row, column.field), column.field, paint) : column.cell(row, paint);
}

/** Narrows the widest columns first until the borders and cells fit. */
function fitWidths(natural: readonly number[], total: number): number[] {
  const widths = [...natural];
  const frame = 3 * widths.length + 1;
  let excess = widths.reduce((sum, width) => sum + width, 0) + frame - total;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= SMALLEST_COLUMN) break;
    widths[widths.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
  return widths;
}

/** `text` in at most `width` columns of a terminal; colour codes count nothing and are closed again. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let result = '';
  let used = 0;
  // eslint-disable-next-line no-control-regex -- colour codes start with ESC.
  for (const token of text.match(/\u001b\[[0-9;]*m|[\s\S]/gu) ?? []) {
    const size = token.startsWith('\u001b') ? 0 : stringWidth(token);
    if (used + size > width - 1) {
      if (size > 0) break;
      continue;
    }
    result += token;
    used += size;
  }
  // eslint-disable-next-line no-control-regex -- as above.
  return /\u001b\[/.test(result) ? `${result}…\u001b[0m` : `${result}…`;
}
