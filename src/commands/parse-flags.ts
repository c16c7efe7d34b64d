import { parseDuration } from '../domain/duration.js';
import { anyOf } from '../domain/any-of.js';
import { type Mode, MODES } from '../domain/mode.js';
import { maskTyped, parsePhoneNumber, PhoneNumberError } from '../domain/phone-number.js';
import { endOfTypedTime, parseTypedTime, type TypedTimeOptions } from '../domain/typed-time.js';
import { AppError, isAppError } from '../errors.js';
import { readWantedNumber } from '../notifications/match-number.js';

/** A number written in digits alone, from 0 on; NaN for any other text. */
export function wholeNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** A whole number of at least `least`. @throws AppError `flag-invalid` naming the flag. */
export function parseCount(flag: string, text: string, least = 1): number {
  const value = wholeNumber(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new AppError('flag-invalid', `${flag} ${text}: must be a whole number of at least ${least}`);
  }
  return value;
}

/** A whole number within bounds. @throws AppError `flag-invalid` naming the flag. */
export function parseWithin(flag: string, text: string, { least = 1, most }: { least?: number; most: number }): number {
  const value = wholeNumber(text);
  if (value >= least && value <= most) return value;
  throw new AppError('flag-invalid', `${flag} ${text}: must be a whole number from ${least} to ${most}`);
}

/** One of several words, in any case. @throws AppError `flag-invalid` naming the flag and all of them. */
export function parseChoice<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const word = text.trim().toLowerCase();
  const choice = choices.find((one) => one === word);
  if (choice !== undefined) return choice;
  throw new AppError('flag-invalid', `${flag} ${text}: must be ${anyOf(choices)}`);
}

/** Several of them, separated by commas. @throws AppError `flag-invalid` as {@link parseChoice}. */
export function parseChoices<T extends string>(flag: string, text: string, choices: readonly T[]): readonly T[] {
  return text.split(/[,，]/).map((word) => parseChoice(flag, word, choices));
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `50/s`, or the number alone: so many a second. @param what is counted, for the error. @throws AppError `flag-invalid` naming the flag. */
export function parsePerSecond(flag: string, text: string, what: string): number {
  const count = Number(/^([1-9]\d*)(?:\/s)?$/.exec(text.trim())?.[1]);
  if (Number.isSafeInteger(count)) return count;
  throw new AppError('flag-invalid', `${flag} ${text}: must be ${what} a second such as 50/s`);
}

/** Bytes as people write them: `800K`, `2MB`, `1.5M`; units are powers of 1024. @returns `undefined` for what is none. */
export function bytesOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
}

/** A size of at least one byte. @throws AppError `flag-invalid` naming the flag. */
export function parseSize(flag: string, text: string): number {
  const bytes = Math.floor(bytesOf(text) ?? 0);
  if (bytes < 1)
    throw new AppError('flag-invalid', `${flag} ${text}: must be a size in bytes such as 1048576, 800K or 2M`);
  return bytes;
}

/** A length of time in seconds. @throws AppError `flag-invalid` naming the flag. */
export function parseSeconds(flag: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    throw new AppError('flag-invalid', `${flag} ${text}: must be a length of time such as 90s, 65m or 2h`);
  return seconds;
}

/**
 * How long something is waited for, in milliseconds, to the millisecond. A timer of Node that is set to more than 24 days rings at once,
 * so every wait has a bound.
 * @param bounds `most`: the longest possible, as it is typed; `orNone`: whether 0 is possible, and not to wait.
 * @throws AppError `flag-invalid` naming the flag.
 */
export function parseWaitMs(
  flag: string,
  text: string,
  { most = '24h', orNone = false }: { readonly most?: string; readonly orNone?: boolean } = {},
): number {
  const milliseconds = Math.round(parseSeconds(flag, text) * 1000);
  if (milliseconds === 0 && !orNone) throw new AppError('flag-invalid', `${flag} ${text}: must not be 0`);
  if (milliseconds > parseSeconds(flag, most) * 1000)
    throw new AppError('flag-invalid', `${flag} ${text}: must be at most ${most}`);
  return milliseconds;
}

/** With it the retries of the platform, five hours, still fit into a timer. */
const LEAST_FACTOR = 0.01;

/** `600x`: how much faster something shall pass. @throws AppError `flag-invalid` naming the flag. */
export function parseFactor(flag: string, text: string): number {
  const factor = Number(text.replace(/x$/, ''));
  if (!/^\d+(\.\d+)?x?$/.test(text) || factor === 0)
    throw new AppError('flag-invalid', `${flag} ${text}: must be a factor such as 600x`);
  if (factor < LEAST_FACTOR)
    throw new AppError('flag-invalid', `${flag} ${text}: must be a factor of at least ${LEAST_FACTOR}x`);
  return factor;
}

/** A port; 0 lets the system choose. @throws AppError `flag-invalid` naming the flag. */
export function parsePort(flag: string, text: string): number {
  const port = wholeNumber(text);
  if (port <= 65_535) return port;
  throw new AppError('flag-invalid', `${flag} ${text}: must be a port from 0 to 65535`);
}

/** An address of a server. @throws AppError `flag-invalid` naming the flag. */
export function parseAddress(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new AppError('flag-invalid', `${flag} ${text}: must be an address such as https://example.com/fee`);
  }
  return url;
}

/** A phone number in global format. @throws AppError `flag-invalid` naming the flag. */
export function parseNumber(flag: string, text: string): string {
  try {
    return parsePhoneNumber(text);
  } catch (error) {
    if (error instanceof PhoneNumberError) {
      throw new AppError('flag-invalid', `${flag} ${maskTyped(text)}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** A number that records are chosen by, whole or its last digits; handed back as typed. @throws AppError `flag-invalid` naming the flag. */
export function parseWantedNumber(flag: string, text: string): string {
  try {
    readWantedNumber(text);
    return text;
  } catch (error) {
    if (!isAppError(error, 'flag-invalid')) throw error;
    throw new AppError('flag-invalid', `${flag} ${maskTyped(text)}: ${error.message}`, { hint: error.hint });
  }
}

/** A mode, in any case. @throws AppError `flag-invalid` naming the flag. */
export function parseMode(flag: string, text: string): Mode {
  return parseChoice(flag, text, MODES);
}

/** An instant as people type it. @throws AppError `flag-invalid` naming the flag. */
export function parseTime(flag: string, text: string, when: TypedTimeOptions): Date {
  return parseTypedTime(text, when) ?? refuseTime(flag, text);
}

/** The end of a time as people type it: a day counts whole. @throws AppError `flag-invalid` naming the flag. */
export function parseEnd(flag: string, text: string, when: TypedTimeOptions): Date {
  return endOfTypedTime(text, when) ?? refuseTime(flag, text);
}

/** What --since and --until say. */
export interface SpanFlags {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The time between --since and --until, the end left out. @throws AppError `flag-invalid`; `flag-conflict` when it ends before it begins. */
export function parseSpan(
  { since, until }: SpanFlags,
  when: TypedTimeOptions,
): { readonly from: Date | undefined; readonly to: Date | undefined } {
  const from = since === undefined ? undefined : parseTime('--since', since, when);
  const to = until === undefined ? undefined : parseEnd('--until', until, when);
  if (from !== undefined && to !== undefined && to < from)
    throw new AppError('flag-conflict', `--until ${until} is before --since ${since}: nothing can lie between`);
  return { from, to };
}

function refuseTime(flag: string, text: string): never {
  throw new AppError('flag-invalid', `${flag} ${text}: not a time`, {
    hint: 'Write 2026-11-22, "2026-11-22 08:00", 2026-11-22T00:00:00Z, yesterday, or 24h for so long ago.',
  });
}
