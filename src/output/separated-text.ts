/** Rows as CSV (RFC 4180) or tab-separated text. */

const PHONE_NUMBER = /^\+\d{5,20}$/;

/**
 * One cell of CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front; a phone number stays as it is.
 */
export function csvCell(text: string): string {
  const harmless =
    /^[=+\-@\t\r]/.test(text) && !PHONE_NUMBER.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One line of CSV with its line end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** One tab-separated line; tabs, line breaks and backslashes inside a cell are written `\t`, `\n`, `\r`, `\\`. */
export function tsvLine(cells: readonly string[]): string {
  return `${cells.map(tsvCell).join('\t')}\n`;
}

function tsvCell(text: string): string {
  if (!/[\\\t\n\r]/.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
