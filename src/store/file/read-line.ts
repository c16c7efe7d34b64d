import { LineError, openSealedLine } from './sealed-line.js';

const VERSION = '{"v":1,';

/**
 * Reads a line of a keyed log.
 * @param bytes without the line feed; `undefined` for a line that is too long.
 * @param read makes something of the fields, the version left out; may throw a `LineError`.
 * @returns `undefined` for an empty line, a `LineError` for one that cannot be trusted.
 */
export function readLine<R>(
  bytes: Buffer | undefined,
  read: (fields: Record<string, unknown>) => R,
): R | LineError | undefined {
  if (bytes?.length === 0) return undefined;
  try {
    if (bytes === undefined) throw new LineError('the line is too long');
    const text = openSealedLine(bytes).toString('utf8');
    const open = text.startsWith(VERSION) ? `{${text.slice(VERSION.length)}` : text;
    return read(JSON.parse(`${open}}`) as Record<string, unknown>);
  } catch (error) {
    return error instanceof LineError ? error : new LineError('the line cannot be read');
  }
}
