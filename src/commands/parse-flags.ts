import { parseDuration } from '../domain/duration.js';
import { AppError } from '../errors.js';

/** A whole number of at least `least`. @throws AppError `flag-invalid` naming the flag. */
export function parseCount(flag: string, text: string, least = 1): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < least) {
    throw new AppError('flag-invalid', `${flag} ${text}: must be a whole number of at least ${least}`);
  }
  return value;
}

/** A length of time in seconds. @throws AppError `flag-invalid` naming the flag. */
export function parseSeconds(flag: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new AppError('flag-invalid', `${flag} ${text}: must be a length of time such as 90s, 65m or 2h`);
  return seconds;
}

/** A port; 0 lets the system choose. @throws AppError `flag-invalid` naming the flag. */
export function parsePort(flag: string, text: string): number {
  const port = parseCount(flag, text, 0);
  if (port > 65_535) throw new AppError('flag-invalid', `${flag} ${text}: must be a port from 0 to 65535`);
  return port;
}

/** An address of a server. @throws AppError `flag-invalid` naming the flag. */
export function parseAddress(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new AppError('flag-invalid', `${flag} ${text}: must be an address such as https://example.com/fee`);
  }
  return url;
}
