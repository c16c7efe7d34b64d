import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { unpackedBytes } from './zip-size.js';

/** Rows of a workbook's first sheet, as texts. */
export interface WorkbookRows {
  /** From the first row of the sheet on, blank ones included. */
  readonly rows: readonly (readonly string[])[];
  readonly sheet: string;
  /** Names of the sheets that were not read. */
  readonly others: readonly string[];
}

/** A workbook is held in memory whole: a larger one has to come as CSV, which is read piece by piece. */
export const MOST_WORKBOOK_BYTES = 32 * 1024 * 1024;
const MOST_UNPACKED_BYTES = 256 * 1024 * 1024;
/** Of the year 9999, in seconds since 1970: no later date has a year of four digits. */
const LAST_SECOND = 253_402_300_799;
const AS_CSV: TextPair = { zh: '请另存为 CSV。', en: 'Save the sheet as CSV (UTF-8) and use that file.' };

/**
 * Reads the first sheet of an XLSX workbook. Cells hold what the spreadsheet shows: of a formula the value that was saved with it, numbers with all their
 * digits, dates as `2026-11-22` or `2026-11-22 08:00:00` (a sheet has no zone), yes and no as `true` and `false`. A formula that was never calculated and
 * an error such as `#REF!` are empty cells.
 * @param name names the file in errors.
 * @throws AppError `input-invalid` for what is no workbook, or is larger than {@link MOST_WORKBOOK_BYTES} (256 MiB unpacked).
 */
export async function readWorkbook(bytes: Uint8Array, name: string): Promise<WorkbookRows> {
  const unpacked = unpackedBytes(bytes);
  if (unpacked === undefined) throw damaged(name, undefined);
  if (bytes.length > MOST_WORKBOOK_BYTES || unpacked > MOST_UNPACKED_BYTES) {
    throw new AppError(
      'input-invalid',
      { zh: `${name}：工作簿过大，无法整体读取`, en: `${name}: the workbook is too large to be read whole` },
      { hint: AS_CSV },
    );
  }
  const { default: readXlsxFile } = await import('read-excel-file/node');
  let sheets: Awaited<ReturnType<typeof readXlsxFile<string>>>;
  try {
    sheets = await readXlsxFile<string>(Buffer.from(bytes), { parseNumber: wholeNumber });
  } catch (error) {
    throw damaged(name, error);
  }
  const [first, ...others] = sheets;
  if (first === undefined)
    throw new AppError('input-invalid', {
      zh: `${name}：工作簿中没有工作表`,
      en: `${name}: the workbook has no sheet`,
    });
  return {
    rows: first.data.map((row) => row.map(cellText)),
    sheet: first.sheet,
    others: others.filter(({ data }) => data.length > 0).map(({ sheet }) => sheet),
  };
}

function damaged(name: string, cause: unknown): AppError {
  // The cause may quote a cell, and a cell may hold a phone number: its text stays out of the message.
  return new AppError(
    'input-invalid',
    { zh: `${name}：不是可读取的工作簿（XLSX）`, en: `${name}: not a workbook that can be read (XLSX)` },
    { hint: AS_CSV, cause },
  );
}

/** `1.7000000101E10` is how a workbook may write 17000000101: it keeps 15 digits, a phone number has fewer. */
function wholeNumber(text: string): string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? String(value) : text;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return dateText(cell);
  return typeof cell === 'string' || typeof cell === 'boolean' || typeof cell === 'number' ? String(cell) : '';
}

/** A sheet counts days, and a time is a part of one: what comes out of that is some milliseconds beside the second that was typed. */
function dateText(date: Date): string {
  const seconds = Math.round(date.getTime() / 1000);
  // What the spreadsheet itself shows of a number that is no date: a phone number in a column of dates, for one.
  if (!(Math.abs(seconds) <= LAST_SECOND)) return '########';
  const [day = '', time = ''] = new Date(seconds * 1000).toISOString().slice(0, 19).split('T');
  return time === '00:00:00' ? day : `${day} ${time}`;
}
