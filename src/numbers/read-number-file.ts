import { CsvError, parse } from 'csv-parse/sync';
import { AppError } from '../errors.js';
import { decodeText } from '../tables/decode-text.js';
import {
  CellError,
  parseAreaCodeCell,
  parseModeCell,
  parseNumberCell,
  parseSwitchCell,
  plainCell,
} from '../tables/number-cell.js';
import { findColumns, NUMBER_HEADINGS, type ColumnMap, type NumberField } from './number-columns.js';
import type { Mode } from '../domain/mode.js';

/** One X number as a file lists it. */
export interface NumberRow {
  /** Global format. */
  readonly number: string;
  readonly areaCode?: string | undefined;
  readonly city?: string | undefined;
  readonly status?: string | undefined;
  readonly sms?: boolean | undefined;
  readonly mode?: Mode | undefined;
  /** Cells of further columns that are not empty, by heading. */
  readonly extra: Readonly<Record<string, string>>;
}

/** A file that was read whole. */
export interface NumberFile {
  readonly rows: readonly NumberRow[];
  /** What a person should know: columns not understood, rows listed twice. */
  readonly notes: readonly string[];
}

/** The longest text that a spreadsheet's cell can hold. */
const MAX_CELL = 32_767;
const MAX_RECORD = 1_048_576;
/** Problems named in one error; the rest is counted. */
const NAMED_PROBLEMS = 10;
const DELIMITERS = [',', '\t', ';', '，'] as const;
const FORBIDDEN_HEADINGS = ['__proto__', 'constructor', 'prototype'];

interface Line {
  /** From 1; the line on which the row starts. */
  readonly row: number;
  readonly cells: readonly string[];
}

/**
 * Reads a list of X numbers in CSV, as the console exports it (号码管理, 号码订购 → 下载号码表) or as people keep it.
 * Columns are found by their headings, see {@link NUMBER_HEADINGS}. The delimiter may be a comma, tab, semicolon or
 * full-width comma; encodings see `decodeText`.
 * @param name names the file in errors and notes.
 * @throws AppError `input-invalid` naming file, row and column of the bad cells; then no row is handed back.
 * Source: pn_faq "number list export", pn_um (columns are not documented beyond 城市码 and SMS; read 2026-07).
 */
export function readNumberFile(name: string, bytes: Uint8Array): NumberFile {
  const { text } = decodeText(bytes, name);
  const [header, ...lines] = splitCsv(name, text);
  if (header === undefined)
    throw new AppError('input-invalid', `${name}: empty; the first line must hold the headings`);
  const headings = header.cells.map((cell) => cell.trim());
  const columns = findColumns(headings);
  checkHeadings(name, headings, columns);

  const problems: string[] = [];
  const notes = columns.others
    .filter((index) => headings[index] !== '')
    .map((index) => `${name}: column ${quote(headings[index])} is kept as it is`);
  const rows = new Map<string, { readonly line: number; readonly row: NumberRow }>();
  for (const line of lines) {
    const row = readRow({ headings, columns, line }, (problem) => problems.push(problem));
    if (row === undefined) continue;
    const earlier = rows.get(row.number);
    if (earlier === undefined) rows.set(row.number, { line: line.row, row });
    else if (JSON.stringify(earlier.row) === JSON.stringify(row)) {
      notes.push(`${name}, row ${line.row}: the same as row ${earlier.line}`);
    } else problems.push(`row ${line.row}: the number of row ${earlier.line} again, with other cells`);
  }
  if (problems.length > 0) throw refuse(name, problems);
  return { rows: [...rows.values()].map(({ row }) => row), notes };
}

function splitCsv(name: string, text: string): Line[] {
  try {
    const records = parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD,
    }) as unknown as { record: string[]; raw: string; info: { lines: number } }[];
    return records
      .map(({ record, raw, info }) => ({ row: info.lines - breaksInside(raw), cells: record }))
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const row = (error as CsvError & { readonly lines?: number }).lines;
    const where = row === undefined ? name : `${name}, row ${row}`;
    throw new AppError('input-invalid', `${where}: ${CSV_REASONS[error.code] ?? 'not CSV'}`, { cause: error });
  }
}

const CSV_REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'text after a closing quote',
  INVALID_OPENING_QUOTE: 'a quote in the middle of a cell',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text after a closing quote',
  CSV_MAX_RECORD_SIZE: 'a row of more than 1 MB',
};

function breaksInside(raw: string): number {
  return raw.trim().split(/\r\n|\n|\r/).length - 1;
}

/** The delimiter that the first line with text has most of, quoted parts left out. */
function delimiterOf(text: string): string {
  const first = text.split(/\r?\n|\r/, 50).find((line) => line.trim() !== '') ?? '';
  const bare = first.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

function checkHeadings(name: string, headings: readonly string[], columns: ColumnMap): void {
  const found = headings.map((heading) => quote(heading)).join(', ');
  const forbidden = headings.find((heading) => FORBIDDEN_HEADINGS.includes(heading));
  if (forbidden !== undefined)
    throw new AppError('input-invalid', `${name}, row 1: the heading ${quote(forbidden)} is not allowed`);
  const long = headings.findIndex((heading) => heading.length > MAX_CELL);
  if (long >= 0)
    throw new AppError('input-invalid', `${name}, row 1, column ${long + 1}: the heading is longer than a cell can be`);
  if (columns.fields.has('number')) return;
  throw new AppError(
    'input-invalid',
    `${name}: no column holds the X numbers; the headings are ${found.slice(0, 500)}`,
    {
      hint: `Name the column one of: ${NUMBER_HEADINGS.number.slice(0, 6).join(', ')}.`,
    },
  );
}

interface RowSource {
  readonly headings: readonly string[];
  readonly columns: ColumnMap;
  readonly line: Line;
}

function readRow(source: RowSource, complain: (problem: string) => void): NumberRow | undefined {
  const { headings, columns, line } = source;
  const bad = (index: number, why: string): void => {
    complain(`row ${line.row}, column ${quote(headings[index])}: ${why}`);
  };
  const tooLong = line.cells.findIndex((cell) => cell.length > MAX_CELL);
  if (tooLong >= 0) {
    bad(tooLong, 'longer than a cell can be');
    return undefined;
  }
  const surplus = line.cells.findIndex((cell, index) => index >= headings.length && cell.trim() !== '');
  if (surplus >= 0) {
    complain(`row ${line.row}: ${line.cells.length} cells, but the file has ${headings.length} headings`);
    return undefined;
  }
  const read = <T>(field: NumberField, parse: (cell: string) => T): T | undefined => {
    const index = columns.fields.get(field);
    if (index === undefined) return undefined;
    try {
      return parse(line.cells[index] ?? '');
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      bad(index, error.message);
      return undefined;
    }
  };
  const text = (cell: string): string | undefined => plainCell(cell) || undefined;
  const others = columns.others.map((index): [string, string] => [
    headings[index] === '' || headings[index] === undefined ? `column ${index + 1}` : headings[index],
    (line.cells[index] ?? '').trim(),
  ]);
  const row = {
    number: read('number', parseNumberCell),
    areaCode: read('areaCode', parseAreaCodeCell),
    city: read('city', text),
    status: read('status', text),
    sms: read('sms', parseSwitchCell),
    mode: read('mode', parseModeCell),
    extra: Object.fromEntries(others.filter(([, cell]) => cell !== '')),
  };
  return row.number === undefined ? undefined : { ...row, number: row.number };
}

function refuse(name: string, problems: readonly string[]): AppError {
  const named = problems.slice(0, NAMED_PROBLEMS).map((problem) => `\n  ${problem}`);
  const more = problems.length > NAMED_PROBLEMS ? `\n  and ${problems.length - NAMED_PROBLEMS} more` : '';
  const count = problems.length === 1 ? 'one cell or row' : `${problems.length} cells or rows`;
  return new AppError(
    'input-invalid',
    `${name}: ${count} cannot be read; nothing was imported${named.join('')}${more}`,
    {
      hint: 'Mend the file and import it again.',
    },
  );
}

function quote(heading: string | undefined): string {
  const shown = (heading ?? '').replace(/\p{C}/gu, '');
  return `“${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}”`;
}
