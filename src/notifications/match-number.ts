import { AppError } from '../errors.js';

/**
 * Makes the test for a number as a person types it: with `+` the whole number, else its last digits; blanks and hyphens do not
 * count, nor does the 0 of an area code. Asterisks of masked numbers stand for themselves.
 * @throws {AppError} `flag-invalid` when there is no digit in it.
 */
export function matchNumber(typed: string): (number: string) => boolean {
  const compact = typed.normalize('NFKC').replace(/[\s\-().]/g, '');
  if (!/^\+?[\d*]*\d[\d*]*$/.test(compact)) {
    throw new AppError('flag-invalid', 'not a phone number, nor the last digits of one', {
      hint: 'Write +8613800000001, 13800000001 or 0001.',
    });
  }
  if (compact.startsWith('+')) return (number) => number === compact;
  if (compact.startsWith('0086')) return (number) => number === `+${compact.slice(2)}`;
  const tail = /^0[1-9]\d{8,}$/.test(compact) ? compact.slice(1) : compact;
  return (number) => number.endsWith(tail);
}
