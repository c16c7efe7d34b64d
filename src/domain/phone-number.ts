import { TextError } from './text-error.js';
/**
 * Phone numbers in the platform's global format: `+`, country code, then the number; a landline without the leading 0 of its
 * area code. Source: privatenumber_02_0022 (2025), section "global number format".
 */

const GLOBAL = /^\+[1-9]\d{4,18}$/;
const CHINA_MOBILE = /^\+861[3-9]\d{9}$/;
const X_NUMBER = /^\+86\d{11}$/;

/** Why a text is not a phone number, in words for a person. */
export class PhoneNumberError extends TextError {
  override readonly name = 'PhoneNumberError';
}

/**
 * Reads a number as people type it and gives it in global format: `13800000001`, `86 138 0000 0001`, `0755-28000001` and
 * `+8613800000001` are read, full-width digits and separators too.
 * @throws {PhoneNumberError} when it is no number, or a short number (400, 95) that cannot be bound.
 */
export function parsePhoneNumber(text: string): string {
  const compact = text
    .normalize('NFKC')
    .replace(/[\s\-().‐-―]/g, '')
    .trim();
  if (compact === '') throw new PhoneNumberError({ zh: '号码为空', en: 'the number is empty' });
  if (/^\d(\.\d+)?E\+?\d+$/i.test(text.trim())) {
    throw new PhoneNumberError({
      zh: '像是被电子表格取整的数字；请把该列设为文本后重新导出',
      en: 'looks like a number that a spreadsheet rounded; format the column as text and export again',
    });
  }
  const global = toGlobal(compact);
  if (!GLOBAL.test(global)) {
    throw new PhoneNumberError({
      zh: '不是电话号码；请写成 +86 加 11 位数字，固话写成 +86、去掉 0 的区号和号码',
      en: 'not a phone number; write it as +86 and 11 digits, or a landline as +86, area code without 0, number',
    });
  }
  if (global.startsWith('+861') && !CHINA_MOBILE.test(global) && !/^\+8610\d{7,8}$/.test(global)) {
    throw new PhoneNumberError({ zh: '手机号码为 +86 加 11 位数字', en: 'a mobile number has +86 and 11 digits' });
  }
  if (global.startsWith('+86') && !CHINA_MOBILE.test(global) && !/^\+86[1-9]\d{8,10}$/.test(global)) {
    throw new PhoneNumberError({
      zh: '位数不符合中国大陆号码',
      en: 'too few or too many digits for a number of mainland China',
    });
  }
  return global;
}

function toGlobal(compact: string): string {
  if (compact.startsWith('+')) return compact.replace(/^\+860/, '+86');
  if (compact.startsWith('0086')) return `+${compact.slice(2)}`.replace(/^\+860/, '+86');
  if (/^1[3-9]\d{9}$/.test(compact)) return `+86${compact}`;
  if (/^861[3-9]\d{9}$/.test(compact)) return `+${compact}`;
  if (/^0[1-9]\d{8,11}$/.test(compact)) return `+86${compact.slice(1)}`;
  return compact;
}

/** Whether `text` is in global format already. */
export function isGlobalNumber(text: string): boolean {
  return GLOBAL.test(text);
}

/** Whether `number` has the form of an X number: `+86` and 11 digits. */
export function isXNumber(number: string): boolean {
  return X_NUMBER.test(number);
}

/** Whether `number` is a mobile number of mainland China. A landline cannot dial X (hang-up cause 8023). */
export function isChinaMobile(number: string): boolean {
  return CHINA_MOBILE.test(number);
}

/** How people dial X: without `+86`. */
export function formatDialled(number: string): string {
  return number.replace(/^\+86/, '');
}

/**
 * A number that can be shown to others: country code, two or three digits and the last four. The mask has one length whatever the
 * number's; a text too short to hide anything is masked whole; a number masked already stays as it is.
 */
export function maskPhoneNumber(number: string): string {
  if (number.includes('*') && !/\d{7}/.test(number)) return number;
  const prefix = /^\+86\d{3}/.exec(number)?.[0] ?? /^\+\d{2}/.exec(number)?.[0] ?? /^1[3-9]\d/.exec(number)?.[0] ?? '';
  const rest = number.slice(prefix.length);
  return rest.length < 7 ? '****' : `${prefix}****${rest.slice(-4)}`;
}

/**
 * Every digit run that may be a phone number: with a `+` (or `%2B`, as addresses write it) wherever it stands, for session IDs can hold such;
 * without, 10 to 15 digits, but for the end of a binding ID (a UUID): one in 280 has digits only there.
 */
const NUMBER_IN_TEXT =
  /(?:\+|%2B)\d{8,15}(?!\d)|(?<![\w.])\d{10,15}(?!\w)(?<!(?<!\w)[\da-f]{8}(?:-[\da-f]{4}){3}-\d{12})/gi;

/** The shortest of them. */
const LEAST_DIGITS = 8;

/** ID of a push, or file of the journal: `2026-11-22/<host>-<pid>-<start in ms>:17`, `….ndjson`. */
const PUSH_ID = /(\d{4}-\d{2}-\d{2})\/[^\s/]{1,255}?-\d{1,10}-(\d{13})(?=:\d|\.ndjson)/g;

const DAY_MS = 86_400_000;

/**
 * `text` with each phone number in it masked. Bare digits in session IDs, file names and other words stay; so does the start time in the ID of
 * a push, where it lies within two days of the day before it: a number in that place would have to be of that very time.
 */
export function maskText(text: string): string {
  if (!holdsDigits(text, LEAST_DIGITS)) return text;
  let masked = '';
  let end = 0;
  for (const { 0: found, 1: day = '', 2: startMs = '', index } of text.matchAll(PUSH_ID)) {
    if (Math.abs(Number(startMs) - Date.parse(`${day}T12:00:00Z`)) <= 2 * DAY_MS) {
      const keep = index + found.length - startMs.length;
      masked += maskNumbers(text.slice(end, keep)) + startMs;
      end = index + found.length;
    }
  }
  return masked + maskNumbers(text.slice(end));
}

/** Whether so many digits stand together somewhere: most texts hold no number, and patterns take ten times as long to say so. */
function holdsDigits(text: string, least: number): boolean {
  let digits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    digits = unit >= 0x30 && unit <= 0x39 ? digits + 1 : 0;
    if (digits === least) return true;
  }
  return false;
}

function maskNumbers(text: string): string {
  return text.replace(NUMBER_IN_TEXT, (found) =>
    found.startsWith('%')
      ? `${found.slice(0, 3)}${maskPhoneNumber(`+${found.slice(3)}`).slice(1)}`
      : maskPhoneNumber(found),
  );
}

/**
 * Something typed in the place of a phone number, for an error about it: where it may hold a number (seven digits and more, whatever stands between
 * them), only the first three and the last two digits are shown.
 */
export function maskTyped(text: string): string {
  const digits = text.normalize('NFKC').replace(/\D/g, '');
  return digits.length < 7 ? text : `${digits.slice(0, 3)}****${digits.slice(-2)}`;
}
