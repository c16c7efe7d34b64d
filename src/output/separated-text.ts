/** Rows as CSV (RFC 4180) or tab-separated text. */

const PHONE_NUMBER = /^\+\d{5,20}$/;

/**
 * One cell of CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front; a phone number stays as it is.
 */
export function csvCell(text: string, delimiter = ','): string {
  const harmless =
    /^[=+\-@\t\r]/.test(text) && !PHONE_NUMBER.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /["\r\n]/.test(harmless) || harmless.includes(delimiter) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** What parts the cells and lines of a file that is to look like another one. */
export interface CsvForm {
  readonly delimiter: string;
  readonly lineEnd: string;
}

/** One line of CSV with its line end: commas and CRLF unless told. */
export function csvLine(cells: readonly string[], form: CsvForm = { delimiter: ',', lineEnd: '\r\n' }): string {
  return `${cells.map((cell) => csvCell(cell, form.delimiter)).join(form.delimiter)}${form.lineEnd}`;
}

/** One tab-separated line; tabs, line breaks and backslashes inside a cell are written `\t`, `\n`, `\r`, `\\`, what else could steer a terminal `\u001b`. */
export function tsvLine(cells: readonly string[]): string {
  return `${cells.map(tsvCell).join('\t')}\n`;
}

function tsvCell(text: string): string {
  if (!/[\\\u0000-\u001f\u007f-\u009f]/.test(text)) return text;
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
