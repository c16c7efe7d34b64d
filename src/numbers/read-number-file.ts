import { counted } from '../domain/counted.js';
import { AppError } from '../errors.js';
import type { ByteSource } from '../tables/detect-encoding.js';
import {
  CellError,
  parseAreaCodeCell,
  parseModeCell,
  parseNumberCell,
  parseSwitchCell,
  plainCell,
} from '../tables/number-cell.js';
import { findColumns, NUMBER_HEADINGS, type ColumnMap, type NumberField } from './number-columns.js';
import { openTable, quoteHeading, type TableRow } from '../tables/read-table.js';
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

/** Problems named in one error; the rest is counted. */
const NAMED_PROBLEMS = 10;
/**
 * Reads a list of X numbers in CSV or XLSX, as the console exports it (号码管理, 号码订购 → 下载号码表) or as people keep it.
 * Columns are found by their headings, see {@link NUMBER_HEADINGS}. Delimiters and encodings see `openTable`.
 * @param name names the file in errors and notes.
 * @throws AppError `input-invalid` naming file, row and column of the bad cells; then no row is handed back.
 * Source: pn_faq "number list export", pn_um (columns are not documented beyond 城市码 and SMS; read 2026-07).
 */
export async function readNumberFile(name: string, source: ByteSource): Promise<NumberFile> {
  const table = await openTable(source, name);
  const { headings } = table;
  const columns = findColumns(headings);
  requireNumbers(name, headings, columns);
  const names = nameOthers(headings, columns);
  const problems = new Problems(name);
  const notes = [...(table.notes ?? []), ...unknownHeadings(name, headings, columns)];
  const rows = new Map<string, { readonly line: number; readonly row: NumberRow }>();
  let repeated = 0;
  for await (const batch of table.rows()) {
    for (const line of batch) {
      const row = readRow({ headings, columns, names, line }, (problem) => {
        problems.add(problem);
      });
      if (row === undefined) continue;
      const earlier = rows.get(row.number);
      if (earlier === undefined) rows.set(row.number, { line: line.row, row });
      else if (JSON.stringify(earlier.row) === JSON.stringify(row)) {
        repeated += 1;
        if (repeated <= NAMED_PROBLEMS) notes.push(`${name}, row ${line.row}: the same as row ${earlier.line}`);
      } else problems.add(`row ${line.row}: the number of row ${earlier.line} again, with other cells`);
    }
  }
  problems.refuse();
  if (repeated > NAMED_PROBLEMS)
    notes.push(`${name}: ${counted(repeated - NAMED_PROBLEMS, 'more row is', 'more rows are')} there twice`);
  return { rows: Array.from(rows.values(), ({ row }) => row), notes };
}

function unknownHeadings(name: string, headings: readonly string[], columns: ColumnMap): string[] {
  return columns.others
    .filter((index) => headings[index] !== '')
    .map((index) => `${name}: column ${quoteHeading(headings[index])} is kept as it is`);
}

function requireNumbers(name: string, headings: readonly string[], columns: ColumnMap): void {
  if (columns.fields.has('number')) return;
  const found = headings.map((heading) => quoteHeading(heading)).join(', ');
  throw new AppError(
    'input-invalid',
    `${name}: no column holds the X numbers; the headings are ${found.slice(0, 500)}`,
    {
      hint: `Name the column one of: ${NUMBER_HEADINGS.number.slice(0, 6).join(', ')}.`,
    },
  );
}

/** Further columns by index, each under a name of its own: a second “备注” is `备注_2`, one without a heading `column 3`. */
function nameOthers(headings: readonly string[], { others }: ColumnMap): ReadonlyMap<number, string> {
  const taken = new Set<string>();
  const names = new Map<number, string>();
  for (const index of others) {
    const heading = headings[index] === '' ? undefined : headings[index];
    const base = heading ?? `column ${index + 1}`;
    let name = base;
    for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`;
    taken.add(name);
    names.set(index, name);
  }
  return names;
}

interface RowSource {
  readonly headings: readonly string[];
  readonly columns: ColumnMap;
  /** Of the columns that no field takes. */
  readonly names: ReadonlyMap<number, string>;
  readonly line: TableRow;
}

function readRow(source: RowSource, complain: (problem: string) => void): NumberRow | undefined {
  const { headings, columns, line } = source;
  const bad = (index: number, why: string): void => {
    complain(`row ${line.row}, column ${quoteHeading(headings[index])}: ${why}`);
  };
  const surplus = line.cells.findIndex((cell, index) => index >= headings.length && cell.trim() !== '');
  if (surplus >= 0) {
    complain(
      `row ${line.row}: ${counted(line.cells.length, 'cell')}, but the file has ${counted(headings.length, 'heading')}`,
    );
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
    source.names.get(index) ?? '',
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

/** What is wrong with a file: the first problems by name, the others counted. */
class Problems {
  readonly #name: string;
  readonly #named: string[] = [];
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(problem: string): void {
    this.#count += 1;
    if (this.#named.length < NAMED_PROBLEMS) this.#named.push(`\n  ${problem}`);
  }

  /** @throws AppError `input-invalid` when there are any. */
  refuse(): void {
    if (this.#count === 0) return;
    const more = this.#count > NAMED_PROBLEMS ? `\n  and ${this.#count - NAMED_PROBLEMS} more` : '';
    const count = this.#count === 1 ? 'one cell or row' : `${this.#count} cells or rows`;
    throw new AppError(
      'input-invalid',
      `${this.#name}: ${count} cannot be read; nothing was imported${this.#named.join('')}${more}`,
      { hint: 'Mend the file and import it again.' },
    );
  }
}
