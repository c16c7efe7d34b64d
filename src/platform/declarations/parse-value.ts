import { parseDuration } from '../../domain/duration.js';
import { isXNumber, parsePhoneNumber, PhoneNumberError } from '../../domain/phone-number.js';
import type { Parameter, ParameterValue } from './declaration.js';
import { ValueError } from './value-error.js';

const SWITCH_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
};

/** 400 and 95 numbers: dialled as they are, without a country code. */
export const SHORT_NUMBER = /^(400\d{7}|95\d{3,14})$/;

/**
 * The own value of what a person typed: numbers in global format, lengths of time in the unit of the type (a bare number counts in
 * it; in seconds for `expiry`), choices by key or by wire value.
 * @throws {ValueError} when the text cannot be one. Lengths, ranges and rules are left to `checkValues`.
 */
export function parseValue(parameter: Parameter, text: string): ParameterValue {
  switch (parameter.type) {
    case 'number':
    case 'x-number':
      return parseNumber(parameter, text);
    case 'seconds':
      return parseTime(text, 1, 's');
    case 'expiry':
      return parseTime(text, 60, 's');
    case 'minutes':
      return parseTime(text, 60, 'm') / 60;
    case 'integer':
      return parseInteger(text);
    case 'switch':
      return parseSwitch(text);
    case 'choice':
      return parseChoice(parameter, text);
    case 'digits':
    case 'city':
      if (!/^\d+$/.test(text.trim())) throw new ValueError({ zh: '只能是数字', en: 'only digits are allowed' });
      return text.trim();
    case 'id':
      return text.trim();
    case 'text':
    case 'tone':
    case 'user-data':
      return text;
  }
}

function parseNumber(parameter: Parameter, text: string): string {
  const compact = text.replace(/[\s-]/g, '');
  if (parameter.shortNumbers === true && SHORT_NUMBER.test(compact)) return compact;
  try {
    const number = parsePhoneNumber(text);
    if (parameter.type === 'x-number' && !isXNumber(number))
      throw new ValueError({ zh: '应为 +86 加 11 位数字', en: 'it has +86 and 11 digits' });
    return number;
  } catch (error) {
    if (error instanceof PhoneNumberError) throw new ValueError(error.words, { cause: error });
    throw error;
  }
}

/** Seconds, a whole multiple of `step`. */
function parseTime(text: string, step: 1 | 60, bareUnit: 's' | 'm'): number {
  const seconds = parseDuration(text, bareUnit);
  if (seconds === undefined || !Number.isSafeInteger(seconds)) {
    throw new ValueError({
      zh: `不是时长；写法为 ${step === 1 ? '90s、' : ''}65m、2h 或 7d`,
      en: `not a length of time; write it like ${step === 1 ? '90s, ' : ''}65m, 2h or 7d`,
    });
  }
  if (seconds % step !== 0) throw new ValueError({ zh: '只能是整分钟', en: 'only whole minutes are possible' });
  return seconds;
}

function parseInteger(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value))
    throw new ValueError({ zh: '不是整数', en: 'not a whole number' });
  return value;
}

function parseSwitch(text: string): boolean {
  const value = Object.entries(SWITCH_WORDS).find(([word]) => word === text.trim().toLowerCase());
  if (value === undefined) throw new ValueError({ zh: '请写 true 或 false', en: 'write true or false' });
  return value[1];
}

function parseChoice(parameter: Parameter, text: string): string {
  const typed = text.trim().toLowerCase();
  const choices = Object.entries(parameter.choices ?? {});
  const found = choices.find(([key, wire]) => key === typed || String(wire) === typed);
  if (found === undefined)
    throw new ValueError({
      zh: `不是 ${choices.map(([key]) => key).join('、')} 之一`,
      en: `not one of ${choices.map(([key]) => key).join(', ')}`,
    });
  return found[0];
}
