import { PhoneNumberError, isXNumber, parsePhoneNumber } from '../domain/phone-number.js';
import { isMode, type Mode } from '../domain/mode.js';
import { TextError } from '../domain/text-error.js';

/** Why a cell cannot be used, in words; the caller adds file, row and column. */
export class CellError extends TextError {
  override readonly name = 'CellError';
}

/** A cell without the marks by which spreadsheets keep digits as text: `'138…`, `="138…"`, a tab at the end. */
export function plainCell(cell: string): string {
  const text = cell.normalize('NFKC').trim();
  const formula = /^="(.*)"$/.exec(text)?.[1];
  return (formula ?? text.replace(/^['‘’]/, '')).trim();
}

/**
 * The X number in a cell, in global format.
 * @throws {CellError} for anything else, also for a number that a spreadsheet has rounded (`1.38E+10`).
 */
export function parseNumberCell(cell: string): string {
  const text = plainCell(cell);
  try {
    const number = parsePhoneNumber(text);
    if (isXNumber(number)) return number;
  } catch (error) {
    if (error instanceof PhoneNumberError) throw new CellError(error.words, { cause: error });
    throw error;
  }
  throw new CellError({ zh: '不是 X 号码：应为 +86 加 11 位数字', en: 'not an X number: it has +86 and 11 digits' });
}

/**
 * The city code in a cell: `0755`; a leading 0 that a spreadsheet dropped is put back. `undefined` for an empty cell.
 * @throws {CellError} for anything else.
 */
export function parseAreaCodeCell(cell: string): string | undefined {
  const text = plainCell(cell);
  if (text === '') return undefined;
  if (/^0\d{2,3}$/.test(text)) return text;
  if (/^(10|2\d|[3-9]\d{2})$/.test(text)) return `0${text}`;
  throw new CellError({ zh: '不是城市码，如 0755 或 010', en: 'not a city code such as 0755 or 010' });
}

const YES = ['是', '支持', '已开通', '开通', '有', '开', 'true', 'yes', 'y', 'on', '1'];
const NO = ['否', '不支持', '未开通', '无', '没有', '关', 'false', 'no', 'n', 'off', '0'];

/**
 * A yes or no in Chinese or English; `undefined` for an empty cell.
 * @throws {CellError} for anything else.
 */
export function parseSwitchCell(cell: string): boolean | undefined {
  const text = plainCell(cell).toLowerCase();
  if (text === '' || text === '-') return undefined;
  if (YES.includes(text)) return true;
  if (NO.includes(text)) return false;
  throw new CellError({
    zh: '既不是“是”也不是“否”（是/否、true/false）',
    en: 'neither yes nor no (是/否, true/false)',
  });
}

/**
 * The mode in a cell: `AXB`, `axb`, `AXB模式`; `undefined` for an empty cell.
 * @throws {CellError} for anything else.
 */
export function parseModeCell(cell: string): Mode | undefined {
  const text = plainCell(cell)
    .toLowerCase()
    .replace(/\s*模式$/, '');
  if (text === '' || text === '-') return undefined;
  if (isMode(text)) return text;
  throw new CellError({ zh: '不是模式；应为 AX、AXB、AXE、AXYB、X 之一', en: 'no mode; one of AX, AXB, AXE, AXYB, X' });
}
