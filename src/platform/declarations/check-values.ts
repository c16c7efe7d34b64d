import { formatMode } from '../../domain/mode.js';
import { isGlobalNumber, isXNumber } from '../../domain/phone-number.js';
import type { TextPair } from '../../domain/text-pair.js';
import { DECLARATIONS } from './all.js';
import type { InterfaceDeclaration, Parameter, ParameterValue, Rule, Values } from './declaration.js';
import { flagOf } from './flag-of.js';
import { SHORT_NUMBER } from './parse-value.js';

/** What is wrong with the value of one parameter, by own name; the message names its flag. */
export interface Problem {
  readonly name: string;
  /** `missing`: it, or one of several, must be given. `conflict`: it does not go with another, or not without it. */
  readonly kind: 'missing' | 'invalid' | 'conflict';
  readonly message: string;
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
      problems.push({ name, kind: 'invalid', message: `${flagNamed(name)} cannot be used ${purposeOf(declaration)}` });
      continue;
    }
    const complaint = complaintAbout(parameter, value);
    if (complaint !== undefined)
      problems.push({ name, kind: 'invalid', message: `${flagOf(parameter)}: ${complaint}` });
    const warning = warningAbout(parameter, value);
    if (warning !== undefined) warnings.push(about(flagOf(parameter), warning));
  }
  for (const parameter of byName.values()) {
    if (parameter.required === true && values[parameter.name] === undefined) {
      problems.push({
        name: parameter.name,
        kind: 'missing',
        message: `${flagOf(parameter)} is missing (${parameter.help})`,
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

function purposeOf(declaration: InterfaceDeclaration): string {
  const mode = declaration.mode === undefined ? '' : ` in ${formatMode(declaration.mode)}`;
  return `for ${declaration.operation}${mode}`;
}

function flagNamed(name: string): string {
  const declared = DECLARATIONS.flatMap((one) => one.parameters).find((one) => one.name === name);
  return flagOf(declared ?? { name });
}

function complaintAbout(parameter: Parameter, value: ParameterValue): string | undefined {
  if (typeof value === 'boolean') return parameter.type === 'switch' ? undefined : 'true or false is no value for it';
  if (typeof value === 'number') return complaintAboutInteger(parameter, value);
  switch (parameter.type) {
    case 'switch':
      return 'must be true or false';
    case 'seconds':
    case 'minutes':
    case 'integer':
    case 'expiry':
      return 'must be a whole number';
    case 'choice': {
      const keys = Object.keys(parameter.choices ?? {});
      return keys.includes(value) ? undefined : `must be one of ${keys.join(', ')}`;
    }
    case 'number':
      if (!isGlobalNumber(value) && !(parameter.shortNumbers === true && SHORT_NUMBER.test(value))) {
        return 'not a number in global format: +86 and the number, a landline without the 0 of its area code';
      }
      return complaintAboutLength(parameter, value);
    case 'x-number':
      return isXNumber(value) ? undefined : 'must have +86 and 11 digits';
    case 'digits':
      return /^\d+$/.test(value) ? complaintAboutLength(parameter, value) : 'only digits are allowed';
    case 'city':
      return /^0\d{2,3}$/.test(value) ? undefined : 'not a city code; write it with its leading 0: 0755, 010';
    case 'user-data':
      return complaintAboutUserData(value) ?? complaintAboutLength(parameter, value);
    case 'text':
    case 'tone':
    case 'id':
      return complaintAboutLength(parameter, value);
  }
}

function complaintAboutInteger(parameter: Parameter, value: number): string | undefined {
  if (!['seconds', 'minutes', 'integer', 'expiry'].includes(parameter.type)) return 'a number is no value for it';
  if (!Number.isSafeInteger(value) || value < 0) return 'must be a whole number, 0 or more';
  if (parameter.type === 'expiry' && value % 60 !== 0) return 'only whole minutes are possible';
  if (parameter.orZero === true && value === 0) return undefined;
  const [from, to] = parameter.range ?? [0, Infinity];
  if (value >= from && value <= to) return undefined;
  const unit = parameter.type === 'seconds' || parameter.type === 'minutes' ? ` ${parameter.type}` : '';
  return `must be ${parameter.orZero === true ? '0 or ' : ''}from ${from} to ${to}${unit}`;
}

function complaintAboutLength(parameter: Parameter, value: string): string | undefined {
  const [from, to] = parameter.length ?? [0, Infinity];
  const length = Array.from(value).length;
  if (length >= from && length <= to) return undefined;
  if (length === 0) return 'is empty';
  return `has ${length} characters, ${length > to ? `at most ${to}` : `at least ${from}`} are allowed`;
}

function complaintAboutUserData(value: string): string | undefined {
  if (/[{}]/.test(value)) return 'the platform allows no { and } in it; send it as Base64';
  if (CHINESE.test(value)) return `the platform allows no Chinese in it; send it as Base64: ${base64(value)}`;
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
  const flags = (names: readonly string[]): string => names.map(flagNamed).join(', ');
  switch (rule.kind) {
    case 'one-of':
      if (rule.names.some(has)) return undefined;
      return { name: rule.names[0] ?? '', kind: 'missing', message: `one of ${flags(rule.names)} is needed` };
    case 'exclusive': {
      const given = rule.names.filter(has);
      if (given.length < 2) return undefined;
      return { name: given[1] ?? '', kind: 'conflict', message: `${flags(given)} exclude each other` };
    }
    case 'needs':
      if (!has(rule.name) || has(rule.other)) return undefined;
      return { name: rule.name, kind: 'conflict', message: `${flagNamed(rule.name)} needs ${flagNamed(rule.other)}` };
    case 'distinct':
      if (!has(rule.name) || values[rule.name] !== values[rule.other]) return undefined;
      return {
        name: rule.other,
        kind: 'conflict',
        message: `${flagNamed(rule.name)} and ${flagNamed(rule.other)} hold the same number: ${rule.why}`,
      };
    case 'at-least': {
      const [value, other] = [values[rule.name], values[rule.other]];
      if (typeof value !== 'number' || typeof other !== 'number' || value === 0 || value >= other) return undefined;
      return {
        name: rule.name,
        kind: 'conflict',
        message: `${flagNamed(rule.name)} must be at least ${flagNamed(rule.other)}`,
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
