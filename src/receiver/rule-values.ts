import { maskTyped, parsePhoneNumber, PhoneNumberError } from '../domain/phone-number.js';
import { LocatedError, type LocatedValue } from '../domain/located-json.js';
import { wordsOfError } from '../domain/text-error.js';

/** A text and the line on which it stands. */
export interface LocatedText {
  readonly text: string;
  readonly line: number;
}

/** Fields of an object. @throws {LocatedError} for another thing, and for a field that is none of `known`. */
export function fieldsOf(
  { value, line }: LocatedValue,
  what: string,
  known: readonly string[],
): ReadonlyMap<string, LocatedValue> {
  if (!(value instanceof Map))
    throw new LocatedError(line, { zh: `${what} 必须是对象`, en: `${what} must be an object` });
  const fields = value as ReadonlyMap<string, LocatedValue>;
  for (const [name, field] of fields) {
    if (known.includes(name)) continue;
    throw new LocatedError(field.line, {
      zh: `“${name}” 不是 ${what} 的字段；可用的有 ${known.join('、')}`,
      en: `"${name}" is no field of ${what}; known are ${known.join(', ')}`,
    });
  }
  return fields;
}

/** A text of 1 to `most` characters. @throws {LocatedError}. */
export function textOf({ value, line }: LocatedValue, what: string, most: number): string {
  if (typeof value !== 'string' || value === '' || value.length > most)
    throw new LocatedError(line, {
      zh: `${what} 必须是 1 到 ${most} 个字符的文本`,
      en: `${what} must be a text of 1 to ${most} characters`,
    });
  return value;
}

/** One text, or a list of them. @throws {LocatedError}. */
export function textsOf(field: LocatedValue, what: string): readonly LocatedText[] {
  const list = Array.isArray(field.value) ? (field.value as readonly LocatedValue[]) : [field];
  if (list.length === 0)
    throw new LocatedError(field.line, { zh: `${what} 不能是空列表`, en: `${what} must not be an empty list` });
  return list.map((one) => ({ text: textOf(one, what, 2000), line: one.line }));
}

/** The first of `words` where nothing is given. @throws {LocatedError} for any other word. */
export function oneOf<T extends string>(field: LocatedValue | undefined, what: string, words: readonly [T, ...T[]]): T {
  if (field === undefined) return words[0];
  const word = words.find((one) => one === field.value);
  if (word === undefined)
    throw new LocatedError(field.line, {
      zh: `${what} 必须是 ${words.join(' 或 ')}`,
      en: `${what} must be ${words.join(' or ')}`,
    });
  return word;
}

/**
 * Numbers as a test of a number: each one whole, or with `*` for any digits (`+86138*`, `138*`, `*0021`). The `*` of a masked
 * number, as call events carry them, are digits too; a whole number fits none of those, for it may be another one.
 * @throws {LocatedError} for what is no number.
 */
export function numberTest(field: LocatedValue, what: string): (number: string) => boolean {
  const tests = textsOf(field, what).map(({ text, line }) => {
    if (!text.includes('*')) {
      const number = globalNumber({ text, line }, what);
      return (found: string) => found === number;
    }
    if (!/^\+?[\d*]+$/.test(text))
      throw new LocatedError(line, {
        zh: `${what} 必须由数字和 * 组成，如 +86138*`,
        en: `${what} must be digits and *, such as +86138*`,
      });
    const pattern = new RegExp(`^${text.replace('+', '\\+').replaceAll(/\*+/g, '[\\d*]*')}$`);
    if (text.startsWith('+')) return (found: string) => pattern.test(found);
    // As people write it, with the country or, of mainland China, without.
    return (found: string) => pattern.test(found.replace(/^\+/, '')) || pattern.test(found.replace(/^\+86/, ''));
  });
  return (found) => tests.some((test) => test(found));
}

/** A number in global format. @throws {LocatedError}. */
export function globalNumber({ text, line }: LocatedText, what: string): string {
  try {
    return parsePhoneNumber(text);
  } catch (error) {
    if (error instanceof PhoneNumberError)
      throw new LocatedError(line, {
        zh: `${what} ${maskTyped(text)}：${wordsOfError(error).zh}`,
        en: `${what} ${maskTyped(text)}: ${error.message}`,
      });
    throw error;
  }
}

/** `22:00-06:00` as minutes of the day; `24:00` is the end of it. @throws {LocatedError}. */
export function timeSpan({ text, line }: LocatedText): readonly [start: number, end: number] {
  const found = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)$/.exec(text.replaceAll(/\s/g, ''));
  const [startHour = 0, startMinute = 0, endHour = 0, endMinute = 0] = (found ?? []).slice(1).map(Number);
  const span = [startHour * 60 + startMinute, endHour * 60 + endMinute] as const;
  if (found === null || span[1] > 1440 || span[0] === span[1])
    throw new LocatedError(line, {
      zh: `time “${text}” 必须是时段，如 08:00-20:00 或 22:00-06:00（北京时间）`,
      en: `time "${text}" must be a span such as 08:00-20:00 or 22:00-06:00 (Beijing)`,
    });
  return span;
}
