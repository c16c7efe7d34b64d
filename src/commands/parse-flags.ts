import { parseDuration } from '../domain/duration.js';
import { anyOf } from '../domain/any-of.js';
import { type Mode, MODES } from '../domain/mode.js';
import { maskTyped, parsePhoneNumber, PhoneNumberError } from '../domain/phone-number.js';
import { type TextError, wordsOfError } from '../domain/text-error.js';
import type { TextPair, Words } from '../domain/text-pair.js';
import { endOfTypedTime, parseTypedTime, type TypedTimeOptions } from '../domain/typed-time.js';
import { AppError, isAppError } from '../errors.js';
import { readWantedNumber } from '../notifications/match-number.js';

/**
 * Of a flag whose value cannot be used. User and password of an address are not told.
 * @param must what it has to be: `must be a port from 0 to 65535`.
 */
export function invalidFlag(flag: string, text: string, must: TextPair): AppError {
  const shown = text.replace(/\/\/\S*@/, '//…@');
  return new AppError('flag-invalid', { zh: `${flag} ${shown}：${must.zh}`, en: `${flag} ${shown}: ${must.en}` });
}

/** A number written in digits alone, from 0 on; NaN for any other text. */
export function wholeNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** A whole number of at least `least`. @throws AppError `flag-invalid` naming the flag. */
export function parseCount(flag: string, text: string, least = 1): number {
  const value = wholeNumber(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw invalidFlag(flag, text, {
      zh: `必须是不小于 ${least} 的整数`,
      en: `must be a whole number of at least ${least}`,
    });
  }
  return value;
}

/** A whole number within bounds. @throws AppError `flag-invalid` naming the flag. */
export function parseWithin(flag: string, text: string, { least = 1, most }: { least?: number; most: number }): number {
  const value = wholeNumber(text);
  if (value >= least && value <= most) return value;
  throw invalidFlag(flag, text, {
    zh: `必须是 ${least} 到 ${most} 的整数`,
    en: `must be a whole number from ${least} to ${most}`,
  });
}

/** One of several words, in any case. @throws AppError `flag-invalid` naming the flag and all of them. */
export function parseChoice<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const word = text.trim().toLowerCase();
  const choice = choices.find((one) => one === word);
  if (choice !== undefined) return choice;
  throw invalidChoice(`${flag} ${text}`, choices);
}

/** Of a word that is none of those that there are. @param typed the word, behind its flag where it has one. */
export function invalidChoice(typed: string, choices: readonly string[]): AppError {
  const any = anyOf(choices);
  return new AppError('flag-invalid', { zh: `${typed}：必须是 ${any.zh}`, en: `${typed}: must be ${any.en}` });
}

/** Several of them, separated by commas. @throws AppError `flag-invalid` as {@link parseChoice}. */
export function parseChoices<T extends string>(flag: string, text: string, choices: readonly T[]): readonly T[] {
  return text.split(/[,，]/).map((word) => parseChoice(flag, word, choices));
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `50/s`, or the number alone: so many a second. @param what is counted, for the error. @throws AppError `flag-invalid` naming the flag. */
export function parsePerSecond(flag: string, text: string, what: TextPair): number {
  const count = Number(/^([1-9]\d*)(?:\/s)?$/.exec(text.trim())?.[1]);
  if (Number.isSafeInteger(count)) return count;
  throw invalidFlag(flag, text, {
    zh: `必须是每秒的${what.zh}，如 50/s`,
    en: `must be ${what.en} a second such as 50/s`,
  });
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
    throw invalidFlag(flag, text, {
      zh: '必须是字节数，如 1048576、800K 或 2M',
      en: 'must be a size in bytes such as 1048576, 800K or 2M',
    });
  return bytes;
}

/** A length of time in seconds. @throws AppError `flag-invalid` naming the flag. */
export function parseSeconds(flag: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    throw invalidFlag(flag, text, {
      zh: '必须是时长，如 90s、65m 或 2h',
      en: 'must be a length of time such as 90s, 65m or 2h',
    });
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
  if (milliseconds === 0 && !orNone) throw invalidFlag(flag, text, { zh: '不能为 0', en: 'must not be 0' });
  if (milliseconds > parseSeconds(flag, most) * 1000)
    throw invalidFlag(flag, text, { zh: `最多 ${most}`, en: `must be at most ${most}` });
  return milliseconds;
}

/** With it the retries of the platform, five hours, still fit into a timer. */
const LEAST_FACTOR = 0.01;

/** `600x`: how much faster something shall pass. @throws AppError `flag-invalid` naming the flag. */
export function parseFactor(flag: string, text: string): number {
  const factor = Number(text.replace(/x$/, ''));
  if (!/^\d+(\.\d+)?x?$/.test(text) || factor === 0)
    throw invalidFlag(flag, text, { zh: '必须是倍数，如 600x', en: 'must be a factor such as 600x' });
  if (factor < LEAST_FACTOR)
    throw invalidFlag(flag, text, {
      zh: `必须是不小于 ${LEAST_FACTOR}x 的倍数`,
      en: `must be a factor of at least ${LEAST_FACTOR}x`,
    });
  return factor;
}

/** A port; 0 lets the system choose. @throws AppError `flag-invalid` naming the flag. */
export function parsePort(flag: string, text: string): number {
  const port = wholeNumber(text);
  if (port <= 65_535) return port;
  throw invalidFlag(flag, text, { zh: '必须是 0 到 65535 的端口', en: 'must be a port from 0 to 65535' });
}

/** An address of a server. @throws AppError `flag-invalid` naming the flag. */
export function parseAddress(flag: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw invalidFlag(flag, text, {
      zh: '必须是地址，如 https://example.com/fee',
      en: 'must be an address such as https://example.com/fee',
    });
  }
  return url;
}

/** Of a flag whose value was refused by what reads it; numbers in it are masked. */
export function unreadableFlag(flag: string, text: string, cause: TextError, hint?: Words): AppError {
  const why = wordsOfError(cause);
  const typed = `${flag} ${maskTyped(text)}`;
  return new AppError('flag-invalid', { zh: `${typed}：${why.zh}`, en: `${typed}: ${why.en}` }, { cause, hint });
}

/** A phone number in global format. @throws AppError `flag-invalid` naming the flag. */
export function parseNumber(flag: string, text: string): string {
  try {
    return parsePhoneNumber(text);
  } catch (error) {
    if (error instanceof PhoneNumberError) {
      throw unreadableFlag(flag, text, error);
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
    throw unreadableFlag(flag, text, error, error.hint);
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
    throw new AppError('flag-conflict', {
      zh: `--until ${until} 早于 --since ${since}：两者之间不可能有任何记录`,
      en: `--until ${until} is before --since ${since}: nothing can lie between`,
    });
  return { from, to };
}

function refuseTime(flag: string, text: string): never {
  throw new AppError(
    'flag-invalid',
    { zh: `${flag} ${text}：不是时间`, en: `${flag} ${text}: not a time` },
    {
      hint: {
        zh: '写法：2026-11-22、"2026-11-22 08:00"、2026-11-22T00:00:00Z、yesterday，或用 24h 表示 24 小时前。',
        en: 'Write 2026-11-22, "2026-11-22 08:00", 2026-11-22T00:00:00Z, yesterday, or 24h for so long ago.',
      },
    },
  );
}
