import { LineError } from './sealed-line.js';

/** The instant that a field of a line names. @throws {LineError} for what is none. */
export function instantOf(value: unknown): Date {
  const at = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new LineError('the line has no valid instant');
  return at;
}
