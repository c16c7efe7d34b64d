import { counted } from '../domain/counted.js';
import { wordsOfError } from '../domain/text-error.js';
import { joinPairs, sameText, type TextPair } from '../domain/text-pair.js';
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
import { UnknownWords } from './unknown-words.js';
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
  /** Cells of further columns that are not empty, by heading; also the words for SMS and mode that are not understood. */
  readonly extra: Readonly<Record<string, string>>;
  /** Headings under which an earlier list may have said such a word: this row says one that is understood. */
  readonly understood?: readonly string[] | undefined;
  /** The row names a mode, but none that is known. */
  readonly hasUnknownMode?: true | undefined;
}

/** A file that was read whole. */
export interface NumberFile {
  readonly rows: readonly NumberRow[];
  /** What a person should know: columns and words not understood, rows listed twice. */
  readonly notes: readonly TextPair[];
}

/** Problems named in one error; the rest is counted. */
const NAMED_PROBLEMS = 10;
/** Fields for which nobody knows all words of the console. */
const UNDOCUMENTED = ['sms', 'mode'] as const satisfies readonly NumberField[];

/**
 * Reads a list of X numbers in CSV or XLSX, as the console exports it (号码管理, 号码订购 → 下载号码表) or as people keep it.
 * Columns are found by their headings, see {@link NUMBER_HEADINGS}. Delimiters and encodings see `openTable`. What the console writes for
 * SMS and mode is not documented: a word that is not understood is kept as it is, like the cells of a further column, and told once.
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
  const words = new UnknownWords(name);
  const notes = [...(table.notes ?? []), ...unknownHeadings(name, headings, columns)];
  const rows = new Map<string, { readonly line: number; readonly row: NumberRow }>();
  let repeated = 0;
  for await (const batch of table.rows()) {
    for (const line of batch) {
      const row = readRow({ headings, columns, names, line }, { problems, words });
      if (row === undefined) continue;
      const earlier = rows.get(row.number);
      if (earlier === undefined) rows.set(row.number, { line: line.row, row });
      else if (JSON.stringify(earlier.row) === JSON.stringify(row)) {
        repeated += 1;
        if (repeated <= NAMED_PROBLEMS)
          notes.push({
            zh: `${name} 第 ${line.row} 行：与第 ${earlier.line} 行相同`,
            en: `${name}, row ${line.row}: the same as row ${earlier.line}`,
          });
      } else
        problems.add({
          zh: `第 ${line.row} 行：与第 ${earlier.line} 行号码相同，其他单元格不同`,
          en: `row ${line.row}: the number of row ${earlier.line} again, with other cells`,
        });
    }
  }
  problems.refuse();
  for (const note of words.notes()) notes.push(note);
  if (repeated > NAMED_PROBLEMS)
    notes.push({
      zh: `${name}：另有 ${repeated - NAMED_PROBLEMS} 行重复`,
      en: `${name}: ${counted(repeated - NAMED_PROBLEMS, 'more row is', 'more rows are')} there twice`,
    });
  return { rows: Array.from(rows.values(), ({ row }) => row), notes };
}

function unknownHeadings(name: string, headings: readonly string[], columns: ColumnMap): TextPair[] {
  return columns.others
    .filter((index) => headings[index] !== '')
    .map((index) => quoteHeading(headings[index]))
    .map((heading) => ({
      zh: `${name}：${heading} 列按原样保留`,
      en: `${name}: column ${heading} is kept as it is`,
    }));
}

function requireNumbers(name: string, headings: readonly string[], columns: ColumnMap): void {
  if (columns.fields.has('number')) return;
  const found = headings.map((heading) => quoteHeading(heading)).join(', ');
  throw new AppError(
    'input-invalid',
    {
      zh: `${name}：没有 X 号码列；表头为 ${found.slice(0, 500)}`,
      en: `${name}: no column holds the X numbers; the headings are ${found.slice(0, 500)}`,
    },
    {
      hint: {
        zh: `请把该列命名为其中之一：${NUMBER_HEADINGS.number.slice(0, 6).join('、')}。`,
        en: `Name the column one of: ${NUMBER_HEADINGS.number.slice(0, 6).join(', ')}.`,
      },
    },
  );
}

/**
 * Further columns by index, and behind them those whose words need not be understood, each under a name of its own: a second “备注” is
 * `备注_2`, one without a heading `column 3`.
 */
function nameOthers(headings: readonly string[], { others, fields }: ColumnMap): ReadonlyMap<number, string> {
  const taken = new Set<string>();
  const names = new Map<number, string>();
  const undocumented = UNDOCUMENTED.flatMap((field) => fields.get(field) ?? []);
  for (const index of [...others, ...undocumented]) {
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
  /** Under which cells that no field takes are kept. */
  readonly names: ReadonlyMap<number, string>;
  readonly line: TableRow;
}

function readRow(
  source: RowSource,
  { problems, words }: { readonly problems: Problems; readonly words: UnknownWords },
): NumberRow | undefined {
  const { headings, columns, names, line } = source;
  const surplus = line.cells.findIndex((cell, index) => index >= headings.length && cell.trim() !== '');
  if (surplus >= 0) {
    problems.add({
      zh: `第 ${line.row} 行：有 ${line.cells.length} 个单元格，而文件只有 ${headings.length} 个表头`,
      en: `row ${line.row}: ${counted(line.cells.length, 'cell')}, but the file has ${counted(headings.length, 'heading')}`,
    });
    return undefined;
  }
  const read = <T>(field: NumberField, parse: (cell: string) => T): T | undefined => {
    const index = columns.fields.get(field);
    if (index === undefined) return undefined;
    try {
      return parse(line.cells[index] ?? '');
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      const [heading, why] = [quoteHeading(headings[index]), wordsOfError(error)];
      problems.add({
        zh: `第 ${line.row} 行 ${heading} 列：${why.zh}`,
        en: `row ${line.row}, column ${heading}: ${why.en}`,
      });
      return undefined;
    }
  };
  const kept = [...columns.others];
  const understood: string[] = [];
  const readWord = <T>(field: (typeof UNDOCUMENTED)[number], parse: (cell: string) => T): T | undefined => {
    const index = columns.fields.get(field);
    if (index === undefined) return undefined;
    const word = line.cells[index] ?? '';
    try {
      const value = parse(word);
      if (value !== undefined) understood.push(names.get(index) ?? '');
      return value;
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      words.add({ heading: headings[index], word: word.trim(), why: wordsOfError(error), row: line.row });
      kept.push(index);
      return undefined;
    }
  };
  const text = (cell: string): string | undefined => plainCell(cell) || undefined;
  const row = {
    number: read('number', parseNumberCell),
    areaCode: read('areaCode', parseAreaCodeCell),
    city: read('city', text),
    status: read('status', text),
    sms: readWord('sms', parseSwitchCell),
    mode: readWord('mode', parseModeCell),
  };
  const extra = kept
    .map((index): [string, string] => [names.get(index) ?? '', (line.cells[index] ?? '').trim()])
    .filter(([, cell]) => cell !== '');
  if (row.number === undefined) return undefined;
  return {
    ...row,
    number: row.number,
    extra: Object.fromEntries(extra),
    understood: understood.length === 0 ? undefined : understood,
    hasUnknownMode: kept.includes(columns.fields.get('mode') ?? -1) ? true : undefined,
  };
}

/** What is wrong with a file: the first problems by name, the others counted. */
class Problems {
  readonly #name: string;
  readonly #named: TextPair[] = [];
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add(problem: TextPair): void {
    this.#count += 1;
    if (this.#named.length < NAMED_PROBLEMS) this.#named.push(problem);
  }

  /** @throws AppError `input-invalid` when there are any. */
  refuse(): void {
    if (this.#count === 0) return;
    const more = this.#count - NAMED_PROBLEMS;
    const rest = more > 0 ? [{ zh: `另有 ${more} 处`, en: `and ${more} more` }] : [];
    const named = joinPairs([sameText(''), ...this.#named, ...rest], sameText('\n  '));
    const count = this.#count === 1 ? 'one cell or row' : `${this.#count} cells or rows`;
    throw new AppError(
      'input-invalid',
      {
        zh: `${this.#name}：有 ${this.#count} 个单元格或行无法读取；没有导入任何号码${named.zh}`,
        en: `${this.#name}: ${count} cannot be read; nothing was imported${named.en}`,
      },
      { hint: { zh: '请改正文件后重新导入。', en: 'Mend the file and import it again.' } },
    );
  }
}
