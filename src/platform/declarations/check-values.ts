import { formatMode } from '../../domain/mode.js';
import { isGlobalNumber, isXNumber } from '../../domain/phone-number.js';
import { type TextPair, joinPairs } from '../../domain/text-pair.js';
import { DECLARATIONS } from './all.js';
import type { InterfaceDeclaration, Parameter, ParameterValue, Rule, Values } from './declaration.js';
import { flagOf } from './flag-of.js';
import { OPERATIONS_ZH } from './operations-zh.js';
import { SHORT_NUMBER } from './parse-value.js';

/** What is wrong with the value of one parameter, by own name; the words name its flag. */
export interface Problem {
  readonly name: string;
  /** `missing`: it, or one of several, must be given. `conflict`: it does not go with another, or not without it. */
  readonly kind: 'missing' | 'invalid' | 'conflict';
  readonly words: TextPair;
}

/** What {@link checkValues} found. Problems stop the request, warnings do not. */
export interface CheckResult {
  readonly problems: readonly Problem[];
  readonly warnings: readonly TextPair[];
}

const CHINESE = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u;

/**
 * Checks own values against the declaration, offline: unknown names, mandatory ones, types, lengths, ranges and rules. Everything
 * found is told at once. Numbers are never shown.
 */
export function checkValues(declaration: InterfaceDeclaration, values: Values): CheckResult {
  const problems: Problem[] = [];
  const warnings: TextPair[] = [];
  const byName = new Map(declaration.parameters.filter((one) => one.fixed === undefined).map((one) => [one.name, one]));
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const parameter = byName.get(name);
    if (parameter === undefined) {
      problems.push({ name, kind: 'invalid', words: uselessFor(name, declaration) });
      continue;
    }
    const complaint = complaintAbout(parameter, value);
    if (complaint !== undefined) problems.push({ name, kind: 'invalid', words: about(flagOf(parameter), complaint) });
    const warning = warningAbout(parameter, value);
    if (warning !== undefined) warnings.push(about(flagOf(parameter), warning));
  }
  for (const parameter of byName.values()) {
    if (parameter.required === true && values[parameter.name] === undefined) {
      problems.push({
        name: parameter.name,
        kind: 'missing',
        words: { zh: `缺少 ${flagOf(parameter)}`, en: `${flagOf(parameter)} is missing (${parameter.help})` },
      });
    }
  }
  for (const rule of declaration.rules) {
    const problem = brokenRule(rule, values);
    if (problem !== undefined) problems.push(problem);
    const warning = advice(rule, values);
    if (warning !== undefined) warnings.push(warning);
  }
  return { problems, warnings };
}

function uselessFor(name: string, { operation, mode }: InterfaceDeclaration): TextPair {
  const [flag, where] = [flagNamed(name), mode === undefined ? '' : formatMode(mode)];
  return {
    zh: `${flag} 不能用于${where === '' ? '' : ` ${where} `}${OPERATIONS_ZH[operation]}`,
    en: `${flag} cannot be used for ${operation}${where === '' ? '' : ` in ${where}`}`,
  };
}

function flagNamed(name: string): string {
  const declared = DECLARATIONS.flatMap((one) => one.parameters).find((one) => one.name === name);
  return flagOf(declared ?? { name });
}

function complaintAbout(parameter: Parameter, value: ParameterValue): TextPair | undefined {
  if (typeof value === 'boolean') return parameter.type === 'switch' ? undefined : NO_SWITCH;
  if (typeof value === 'number') return complaintAboutInteger(parameter, value);
  switch (parameter.type) {
    case 'switch':
      return { zh: '必须是 true 或 false', en: 'must be true or false' };
    case 'seconds':
    case 'minutes':
    case 'integer':
    case 'expiry':
      return { zh: '必须是整数', en: 'must be a whole number' };
    case 'choice': {
      const keys = Object.keys(parameter.choices ?? {});
      if (keys.includes(value)) return undefined;
      return { zh: `必须是 ${keys.join('、')} 之一`, en: `must be one of ${keys.join(', ')}` };
    }
    case 'number':
      if (!isGlobalNumber(value) && !(parameter.shortNumbers === true && SHORT_NUMBER.test(value))) {
        return NOT_GLOBAL;
      }
      return complaintAboutLength(parameter, value);
    case 'x-number':
      return isXNumber(value) ? undefined : { zh: '应为 +86 加 11 位数字', en: 'must have +86 and 11 digits' };
    case 'digits':
      return /^\d+$/.test(value)
        ? complaintAboutLength(parameter, value)
        : { zh: '只能是数字', en: 'only digits are allowed' };
    case 'city':
      return /^0\d{2,3}$/.test(value) ? undefined : NOT_CITY;
    case 'user-data':
      return complaintAboutUserData(value) ?? complaintAboutLength(parameter, value);
    case 'text':
    case 'tone':
    case 'id':
      return complaintAboutLength(parameter, value);
  }
}

const NO_SWITCH: TextPair = { zh: '不能是 true 或 false', en: 'true or false is no value for it' };
const NOT_GLOBAL: TextPair = {
  zh: '不是全局号码格式：+86 加号码，固话的区号不带 0',
  en: 'not a number in global format: +86 and the number, a landline without the 0 of its area code',
};
const NOT_CITY: TextPair = {
  zh: '不是城市码；请带上前面的 0：0755、010',
  en: 'not a city code; write it with its leading 0: 0755, 010',
};

function complaintAboutInteger(parameter: Parameter, value: number): TextPair | undefined {
  if (!['seconds', 'minutes', 'integer', 'expiry'].includes(parameter.type))
    return { zh: '不能是数', en: 'a number is no value for it' };
  if (!Number.isSafeInteger(value) || value < 0)
    return { zh: '必须是不小于 0 的整数', en: 'must be a whole number, 0 or more' };
  if (parameter.type === 'expiry' && value % 60 !== 0)
    return { zh: '只能是整分钟', en: 'only whole minutes are possible' };
  if (parameter.orZero === true && value === 0) return undefined;
  const [from, to] = parameter.range ?? [0, Infinity];
  if (value >= from && value <= to) return undefined;
  const units: Readonly<Record<string, TextPair>> = {
    seconds: { zh: ' 秒', en: ' seconds' },
    minutes: { zh: ' 分钟', en: ' minutes' },
  };
  const unit = units[parameter.type] ?? { zh: '', en: '' };
  const orZero = parameter.orZero === true;
  return {
    zh: `必须${orZero ? '为 0，或' : ''}在 ${from} 到 ${to}${unit.zh}之间`,
    en: `must be ${orZero ? '0 or ' : ''}from ${from} to ${to}${unit.en}`,
  };
}

function complaintAboutLength(parameter: Parameter, value: string): TextPair | undefined {
  const [from, to] = parameter.length ?? [0, Infinity];
  const length = Array.from(value).length;
  if (length >= from && length <= to) return undefined;
  if (length === 0) return { zh: '为空', en: 'is empty' };
  return {
    zh: `有 ${length} 个字符，${length > to ? `最多 ${to} 个` : `至少 ${from} 个`}`,
    en: `has ${length} characters, ${length > to ? `at most ${to}` : `at least ${from}`} are allowed`,
  };
}

function complaintAboutUserData(value: string): TextPair | undefined {
  if (/[{}]/.test(value))
    return {
      zh: '平台不允许其中有 { 和 }；请以 Base64 发送',
      en: 'the platform allows no { and } in it; send it as Base64',
    };
  if (CHINESE.test(value))
    return {
      zh: `平台不允许其中有中文；请以 Base64 发送：${base64(value)}`,
      en: `the platform allows no Chinese in it; send it as Base64: ${base64(value)}`,
    };
  return undefined;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function warningAbout(parameter: Parameter, value: ParameterValue): TextPair | undefined {
  if (typeof value !== 'string') return undefined;
  if (parameter.type === 'number' && value.startsWith('+') && !value.startsWith('+86')) {
    return { zh: '呼叫中国大陆以外的号码通常会失败', en: 'calls to numbers outside mainland China usually fail' };
  }
  if (parameter.type === 'tone' && !/^[\w.@-]*$/.test(value)) {
    return {
      zh: '放音文件名只有字母、数字和 . _ @ -',
      en: 'names of tone files have letters, digits, ".", "_", "@" and "-" only',
    };
  }
  return undefined;
}

function brokenRule(rule: Rule, values: Values): Problem | undefined {
  const has = (name: string): boolean => values[name] !== undefined;
  const flags = (names: readonly string[]): TextPair => joinPairs(names.map(flagNamed), { zh: '、', en: ', ' });
  switch (rule.kind) {
    case 'one-of':
      if (rule.names.some(has)) return undefined;
      return {
        name: rule.names[0] ?? '',
        kind: 'missing',
        words: { zh: `需要 ${flags(rule.names).zh} 之一`, en: `one of ${flags(rule.names).en} is needed` },
      };
    case 'exclusive': {
      const given = rule.names.filter(has);
      if (given.length < 2) return undefined;
      return {
        name: given[1] ?? '',
        kind: 'conflict',
        words: { zh: `${flags(given).zh} 不能同时给出`, en: `${flags(given).en} exclude each other` },
      };
    }
    case 'needs':
      if (!has(rule.name) || has(rule.other)) return undefined;
      return {
        name: rule.name,
        kind: 'conflict',
        words: {
          zh: `${flagNamed(rule.name)} 须与 ${flagNamed(rule.other)} 一起使用`,
          en: `${flagNamed(rule.name)} needs ${flagNamed(rule.other)}`,
        },
      };
    case 'distinct':
      if (!has(rule.name) || values[rule.name] !== values[rule.other]) return undefined;
      return {
        name: rule.other,
        kind: 'conflict',
        words: {
          zh: `${flagNamed(rule.name)} 和 ${flagNamed(rule.other)} 是同一个号码：${rule.why.zh}`,
          en: `${flagNamed(rule.name)} and ${flagNamed(rule.other)} hold the same number: ${rule.why.en}`,
        },
      };
    case 'at-least': {
      const [value, other] = [values[rule.name], values[rule.other]];
      if (typeof value !== 'number' || typeof other !== 'number' || value === 0 || value >= other) return undefined;
      return {
        name: rule.name,
        kind: 'conflict',
        words: {
          zh: `${flagNamed(rule.name)} 不能小于 ${flagNamed(rule.other)}`,
          en: `${flagNamed(rule.name)} must be at least ${flagNamed(rule.other)}`,
        },
      };
    }
    case 'advises':
    case 'discourages':
      return undefined;
  }
}

function advice(rule: Rule, values: Values): TextPair | undefined {
  if (rule.kind !== 'advises' && rule.kind !== 'discourages') return undefined;
  const value = values[rule.name];
  if (value === undefined || (rule.value !== undefined && value !== rule.value)) return undefined;
  const flag = flagNamed(rule.name);
  if (rule.kind === 'discourages') return about(flag, rule.why);
  if (values[rule.other] !== undefined) return undefined;
  const other = flagNamed(rule.other);
  return { zh: `有 ${flag} 而没有 ${other}：${rule.why.zh}`, en: `${flag} without ${other}: ${rule.why.en}` };
}

function about(flag: string, { zh, en }: TextPair): TextPair {
  return { zh: `${flag}：${zh}`, en: `${flag}: ${en}` };
}
