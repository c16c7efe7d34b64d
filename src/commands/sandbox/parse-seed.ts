import { AppError } from '../../errors.js';
import { MOST_SEED } from '../../sandbox/control-input.js';
import { wholeNumber } from '../parse-flags.js';

/** A seed of the sandbox. @throws AppError `flag-invalid` naming the flag. */
export function parseSeed(flag: string, text: string): number {
  const seed = wholeNumber(text);
  if (seed <= MOST_SEED) return seed;
  // Ten digits in a row would be masked like a phone number.
  throw new AppError('flag-invalid', {
    zh: `${flag} ${text}：必须是 0 到 2^31 的整数`,
    en: `${flag} ${text}: must be a whole number from 0 to 2^31`,
  });
}
