import { textField } from './field.js';

/**
 * A code of a CDR as the tables have it, without leading zeros or a fraction: `8014`, `"8014"`, `"08014"` and `"8014.0"` are one.
 * @returns `undefined` for a missing or empty value.
 */
export function feeCode(fee: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fee[name];
  // The usual form; a whole number has neither.
  if (typeof value === 'number' && Number.isInteger(value)) return String(value);
  return textField(fee, name)
    ?.replace(/^0+(?=\d)/, '')
    .replace(/\.0*$/, '');
}
