import { AppError } from '../errors.js';

/** What a number must be like: the text itself, or end with it. Of `+`, digits and asterisks only. */
export interface WantedNumber {
  readonly text: string;
  readonly isWhole: boolean;
}

/** Makes the test for a number as a person types it. @throws {AppError} as {@link readWantedNumber} does. */
export function matchNumber(typed: string): (number: string) => boolean {
  const { text, isWhole } = readWantedNumber(typed);
  return isWhole ? (number) => number === text : (number) => number.endsWith(text);
}

/**
 * Reads a number as a person types it: with `+` the whole number, else its last digits; blanks and hyphens do not
 * count, nor does the 0 of an area code. Asterisks of masked numbers stand for themselves.
 * @throws {AppError} `flag-invalid` when there is no digit in it.
 */
export function readWantedNumber(typed: string): WantedNumber {
  const compact = typed.normalize('NFKC').replace(/[\s\-().]/g, '');
  if (!/^\+?[\d*]*\d[\d*]*$/.test(compact)) {
    throw new AppError(
      'flag-invalid',
      { zh: '不是电话号码，也不是号码的末几位', en: 'not a phone number, nor the last digits of one' },
      {
        hint: {
          zh: '请写完整号码（可不带 +86），或只写末几位：0001。',
          en: 'Write it whole, with +86 or without, or only its last digits: 0001.',
        },
      },
    );
  }
  if (compact.startsWith('+')) return { text: compact, isWhole: true };
  if (compact.startsWith('0086')) return { text: `+${compact.slice(2)}`, isWhole: true };
  return { text: /^0[1-9]\d{8,}$/.test(compact) ? compact.slice(1) : compact, isWhole: false };
}
