import { TextError } from '../domain/text-error.js';
import type { Words } from '../domain/text-pair.js';
/** One record of a CSV. */
export interface CsvRecord {
  /** From 1: the line on which it starts. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** Why a text is not CSV, with the line; the caller adds the file. */
export class CsvError extends TextError {
  override readonly name = 'CsvError';
  readonly row: number;

  constructor(row: number, words: Words) {
    super(words);
    this.row = row;
  }
}

/** Longest record in characters; nothing larger is held. */
const MAX_RECORD = 1_048_576;

/**
 * Cuts the text of a CSV into records as it comes in, so that a file of any length takes constant memory. Quoting as in RFC 4180; a line ends with LF,
 * CRLF, or CR where `newline` says so.
 * Lines without a quote, nearly all of them, are cut by the engine's own `split`: a million rows take about a second.
 */
export class CsvScanner {
  readonly #delimiter: string;
  readonly #newline: '\n' | '\r';
  #held = '';
  #row = 1;

  constructor(delimiter: string, newline: '\n' | '\r' = '\n') {
    this.#delimiter = delimiter;
    this.#newline = newline;
  }

  /** Records that are whole now. @throws {CsvError} */
  push(text: string): CsvRecord[] {
    this.#held += text;
    return this.#scan(false);
  }

  /** The records left at the end of the text. @throws {CsvError} */
  end(): CsvRecord[] {
    return this.#scan(true);
  }

  #scan(last: boolean): CsvRecord[] {
    const text = this.#held;
    const records: CsvRecord[] = [];
    let at = 0;
    let quote = text.indexOf('"');
    while (at < text.length) {
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      const newline = text.indexOf(this.#newline, at);
      const end = newline < 0 ? text.length : newline;
      if (quote >= 0 && quote < end) {
        const quoted = this.#scanQuoted(text, at, last);
        if (quoted === undefined) break;
        records.push({ row: this.#row, cells: quoted.cells });
        this.#row += quoted.lines;
        at = quoted.end;
        continue;
      }
      if (newline < 0 && !last) break;
      if (end - at > MAX_RECORD) break;
      records.push({ row: this.#row, cells: withoutReturn(text.slice(at, end)).split(this.#delimiter) });
      this.#row += 1;
      at = end + 1;
    }
    // A slice would keep the whole text alive for as long as it is held.
    this.#held = at === 0 ? text : Buffer.from(text.slice(at), 'utf16le').toString('utf16le');
    if (this.#held.length > MAX_RECORD)
      throw new CsvError(this.#row, {
        zh: '单元格或行超过 1 MB；是否有引号没有闭合？',
        en: 'a cell or row of more than 1 MB; is a quote not closed?',
      });
    return records;
  }

  /** The record at `start`, which holds a quote; `undefined` when more text is needed. */
  #scanQuoted(
    text: string,
    start: number,
    last: boolean,
  ): { readonly cells: string[]; readonly end: number; readonly lines: number } | undefined {
    const cells: string[] = [];
    let at = start;
    let lines = 1;
    for (;;) {
      if (text[at] === '"') {
        const close = closingQuote(text, at + 1);
        if (close === undefined || (close + 1 === text.length && !last)) {
          if (close === undefined && last)
            throw new CsvError(this.#row, { zh: '引号没有闭合', en: 'a quote is not closed' });
          return undefined;
        }
        const inside = text.slice(at + 1, close);
        lines += inside.split(this.#newline).length - 1;
        cells.push(inside.replaceAll('""', '"'));
        at = close + 1;
        if (text[at] === '\r' && this.#newline === '\n') {
          if (at + 1 === text.length && !last) return undefined;
          if (text[at + 1] === '\n' || at + 1 === text.length) at += 1;
        }
        if (at < text.length && text[at] !== this.#delimiter && text[at] !== this.#newline)
          throw new CsvError(this.#row + lines - 1, { zh: '结束引号之后还有文字', en: 'text after a closing quote' });
      } else {
        const end = endOfCell(text, at, { delimiter: this.#delimiter, newline: this.#newline });
        if (end === text.length && !last) return undefined;
        const cell = text.slice(at, end);
        if (cell.includes('"'))
          throw new CsvError(this.#row + lines - 1, { zh: '单元格中间有引号', en: 'a quote in the middle of a cell' });
        cells.push(text[end] === this.#newline || end === text.length ? withoutReturn(cell) : cell);
        at = end;
      }
      if (at >= text.length || text[at] === this.#newline) return { cells, end: at + 1, lines };
      at += 1;
    }
  }
}

function closingQuote(text: string, from: number): number | undefined {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return undefined;
}

function endOfCell(
  text: string,
  from: number,
  marks: { readonly delimiter: string; readonly newline: string },
): number {
  const delimiter = text.indexOf(marks.delimiter, from);
  const newline = text.indexOf(marks.newline, from);
  const ends = [delimiter, newline].filter((at) => at >= 0);
  return ends.length === 0 ? text.length : Math.min(...ends);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
