import { wordsOfError } from '../domain/text-error.js';
import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { CsvError, type CsvRecord, CsvScanner } from './csv-scanner.js';
import { type ByteSource, detectEncoding } from './detect-encoding.js';
import { MOST_WORKBOOK_BYTES, readWorkbook } from './read-workbook.js';
import { refuseJson, type TextEncoding } from './text-encoding.js';

/** One row below the headings. */
export interface TableRow {
  /** From 0, blank rows not counted. */
  readonly index: number;
  /** From 1: the line of the file on which it starts. */
  readonly row: number;
  /** As they stand in the file; may be fewer or more than the headings. */
  readonly cells: readonly string[];
}

/** A table in a file, its rows not read yet. */
export interface Table {
  readonly headings: readonly string[];
  /** `xlsx` for a workbook. */
  readonly encoding: TextEncoding | 'xlsx';
  readonly delimiter: string;
  /** CRLF for a workbook. */
  readonly lineEnd: '\r\n' | '\n' | '\r';
  /** Whether the text began with the mark of its encoding. */
  readonly hasMark: boolean;
  /** What a person should know: sheets that are not read. */
  readonly notes?: readonly TextPair[] | undefined;
  /** The rows in batches, from the first one each time. @throws AppError `input-invalid` naming file, row and column. */
  rows(): AsyncGenerator<readonly TableRow[]>;
}

/** The longest text that a spreadsheet's cell can hold. */
const MAX_CELL = 32_767;
const ARCHIVE_MARK = Buffer.of(0x50, 0x4b, 0x03, 0x04);
const DELIMITERS = [',', '\t', ';', '，'] as const;
const FORBIDDEN_HEADINGS = ['__proto__', 'constructor', 'prototype'];

/**
 * Opens a table in CSV: UTF-8 with or without a mark, UTF-16 or GB18030; comma, tab, semicolon or full-width comma, whichever the headings have most of.
 * Memory does not grow with the file. The first sheet of an XLSX workbook is a table too; it is held in memory.
 * @param name names the file in errors.
 * @throws AppError `input-invalid` for an empty file, a heading that cannot be used, NUL characters, bytes that are no text, a cell or row that is too
 * long, JSON, and what else is not CSV.
 */
export async function openTable(source: ByteSource, name: string): Promise<Table> {
  if (await isArchive(source)) return openSheet(source, name);
  const encoding = await detectEncoding(source, name);
  const shape = await firstLine(source, encoding, name);
  const records = (): AsyncGenerator<readonly CsvRecord[]> => readRecords(source, { encoding, name, ...shape });
  const headings = await readHeadings(records(), name);
  return {
    headings,
    encoding,
    delimiter: shape.delimiter,
    lineEnd: shape.lineEnd,
    hasMark: shape.hasMark,
    rows: async function* () {
      let index = 0;
      let seenHeadings = false;
      for await (const batch of records()) {
        const rows: TableRow[] = [];
        for (const { row, cells } of batch) {
          if (isBlank(cells)) continue;
          if (!seenHeadings) {
            seenHeadings = true;
            continue;
          }
          refuseLongCell(cells, { row, name, headings });
          rows.push({ index: index++, row, cells });
        }
        if (rows.length > 0) yield rows;
      }
    },
  };
}

/** XLSX is a ZIP archive. */
async function isArchive(source: ByteSource): Promise<boolean> {
  let head = Buffer.alloc(0);
  for await (const bytes of source()) {
    head = Buffer.concat([head, bytes.subarray(0, 4)]);
    if (head.length >= 4) break;
  }
  return head.subarray(0, 4).equals(ARCHIVE_MARK);
}

async function openSheet(source: ByteSource, name: string): Promise<Table> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of source()) {
    parts.push(bytes);
    length += bytes.length;
    if (length > MOST_WORKBOOK_BYTES) break;
  }
  const { rows, sheet, others } = await readWorkbook(Buffer.concat(parts), name);
  const first = rows.findIndex((cells) => !isBlank(cells));
  const headings = (rows[first] ?? []).map((cell) => cell.trim());
  if (first < 0)
    throw new AppError('input-invalid', {
      zh: `${name}：空文件；第一行必须是表头`,
      en: `${name}: empty; the first line must hold the headings`,
    });
  checkHeadings(headings, { name, row: first + 1 });
  const table: TableRow[] = [];
  rows.forEach((cells, at) => {
    if (at <= first || isBlank(cells)) return;
    refuseLongCell(cells, { row: at + 1, name, headings });
    table.push({ index: table.length, row: at + 1, cells });
  });
  const left = others.map(quoteHeading).join(', ');
  return {
    headings,
    encoding: 'xlsx',
    delimiter: ',',
    lineEnd: '\r\n',
    hasMark: false,
    notes:
      others.length === 0
        ? []
        : [
            {
              zh: `${name}：只读取工作表 ${quoteHeading(sheet)}，不读 ${left}`,
              en: `${name}: only the sheet ${quoteHeading(sheet)} is read, not ${left}`,
            },
          ],
    rows: async function* () {
      if (table.length > 0) yield await Promise.resolve(table);
    },
  };
}

interface Shape {
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
  readonly lineEnd: Table['lineEnd'];
  readonly hasMark: boolean;
}

async function firstLine(source: ByteSource, encoding: TextEncoding, name: string): Promise<Shape> {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  let text = '';
  for await (const bytes of source()) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length >= 65_536) break;
  }
  refuseJson(text, name);
  const hasMark = text.startsWith('\uFEFF');
  if (hasMark) text = text.slice(1);
  const newline = text.includes('\n') || !text.includes('\r') ? '\n' : '\r';
  const first = text.split(/\r?\n|\r/, 50).find((line) => line.trim() !== '') ?? '';
  const bare = first.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length - 1 }));
  const { delimiter } = counts.reduce((best, next) => (next.count > best.count ? next : best));
  const lineEnd = newline === '\r' ? newline : /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
  return { delimiter, newline, lineEnd, hasMark };
}

async function* readRecords(
  source: ByteSource,
  how: Shape & { readonly encoding: TextEncoding; readonly name: string },
): AsyncGenerator<readonly CsvRecord[]> {
  const decoder = new TextDecoder(how.encoding, { fatal: true });
  const scanner = new CsvScanner(how.delimiter, how.newline);
  try {
    for await (const bytes of source()) yield scanner.push(decoder.decode(bytes, { stream: true }));
    yield [...scanner.push(decoder.decode()), ...scanner.end()];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AppError(
      'input-invalid',
      {
        zh: `${how.name} 第 ${error.row} 行：${wordsOfError(error).zh}`,
        en: `${how.name}, row ${error.row}: ${error.message}`,
      },
      { cause: error },
    );
  }
}

async function readHeadings(records: AsyncGenerator<readonly CsvRecord[]>, name: string): Promise<readonly string[]> {
  for await (const batch of records) {
    const first = batch.find(({ cells }) => !isBlank(cells));
    if (first === undefined) continue;
    const headings = first.cells.map((cell) => cell.trim());
    checkHeadings(headings, { name, row: first.row });
    return headings;
  }
  throw new AppError('input-invalid', {
    zh: `${name}：空文件；第一行必须是表头`,
    en: `${name}: empty; the first line must hold the headings`,
  });
}

function checkHeadings(headings: readonly string[], at: { readonly name: string; readonly row: number }): void {
  const where = `${at.name}, row ${at.row}`;
  const forbidden = headings.find((heading) => FORBIDDEN_HEADINGS.includes(heading));
  if (forbidden !== undefined)
    throw new AppError('input-invalid', {
      zh: `${where}：不允许的表头 ${quoteHeading(forbidden)}`,
      en: `${where}: the heading ${quoteHeading(forbidden)} is not allowed`,
    });
  const long = headings.findIndex((heading) => heading.length > MAX_CELL);
  if (long >= 0)
    throw new AppError('input-invalid', {
      zh: `${where} 第 ${long + 1} 列：表头超过单元格的最大长度`,
      en: `${where}, column ${long + 1}: the heading is longer than a cell can be`,
    });
}

function refuseLongCell(
  cells: readonly string[],
  at: { readonly row: number; readonly name: string; readonly headings: readonly string[] },
): void {
  for (let index = 0; index < cells.length; index += 1) {
    if ((cells[index] ?? '').length <= MAX_CELL) continue;
    const column = quoteHeading(at.headings[index]);
    throw new AppError('input-invalid', {
      zh: `${at.name} 第 ${at.row} 行第 ${column} 列：超过单元格的最大长度`,
      en: `${at.name}, row ${at.row}, column ${column}: longer than a cell can be`,
    });
  }
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** A heading in an error: short, without control characters. */
export function quoteHeading(heading: string | undefined): string {
  const shown = (heading ?? '').replace(/\p{C}/gu, '');
  return `“${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}”`;
}
