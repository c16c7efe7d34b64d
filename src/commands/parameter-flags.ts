import { type Command, Option } from 'commander';
import { formatMode } from '../domain/mode.js';
import { AppError } from '../errors.js';
import type { InterfaceDeclaration, Parameter, ParameterValue, Values } from '../platform/declarations/declaration.js';
import { flagOf } from '../platform/declarations/flag-of.js';
import { parseValue } from '../platform/declarations/parse-value.js';
import { ValueError } from '../platform/declarations/value-error.js';
import { unreadableFlag } from './parse-flags.js';

/** Parameters that the tool sets by itself: pages and cursors. */
const OWN_BUSINESS = new Set(['page', 'pageSize', 'cursor', 'limit']);

const PLACEHOLDERS: Readonly<Record<Parameter['type'], string>> = {
  number: 'number',
  'x-number': 'number',
  text: 'text',
  tone: 'file',
  'user-data': 'text',
  id: 'id',
  city: 'code',
  digits: 'digits',
  switch: '',
  choice: 'word',
  seconds: 'time',
  expiry: 'time',
  minutes: 'time',
  integer: 'count',
};

/** What commander collects for the flags of parameters: text, or a boolean for switches. */
export type TypedParameters = Readonly<Record<string, unknown>>;

function flagged(declaration: InterfaceDeclaration): readonly Parameter[] {
  return declaration.parameters.filter(({ name, fixed }) => fixed === undefined && !OWN_BUSINESS.has(name));
}

/** The key under which commander keeps the flag of a parameter. */
function optionKey(parameter: Parameter): string {
  return (parameter.flag ?? parameter.name).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Adds one flag for each parameter that any of the interfaces has; help says which modes know it. */
export function addParameterFlags(command: Command, declarations: readonly InterfaceDeclaration[]): void {
  const all = new Map<string, { parameter: Parameter; modes: Set<string> }>();
  for (const declaration of declarations) {
    for (const parameter of flagged(declaration)) {
      const entry = all.get(parameter.name) ?? { parameter, modes: new Set<string>() };
      if (declaration.mode !== undefined) entry.modes.add(formatMode(declaration.mode));
      all.set(parameter.name, entry);
    }
  }
  const everyMode = new Set(declarations.map(({ mode }) => mode)).size;
  for (const { parameter, modes } of all.values()) {
    const help = modes.size < everyMode ? `${parameter.help} (${[...modes].join(', ')})` : parameter.help;
    for (const option of optionsOf(parameter, help)) command.addOption(option);
  }
}

function optionsOf(parameter: Parameter, help: string): Option[] {
  const flag = flagOf(parameter);
  if (parameter.type !== 'switch') {
    const placeholder =
      parameter.type === 'choice' ? Object.keys(parameter.choices ?? {}).join('|') : PLACEHOLDERS[parameter.type];
    return [new Option(`${flag} <${placeholder}>`, help)];
  }
  const on = new Option(flag, help);
  const off = new Option(flag.replace(/^--/, '--no-'), `not: ${help}`);
  if (parameter.default === true) on.hideHelp();
  else off.hideHelp();
  return [on, off];
}

/**
 * The values that were typed, for one interface.
 * @throws AppError `flag-invalid` naming the flag, `flag-conflict` for a flag that this interface does not have.
 */
export function readParameterValues(
  declaration: InterfaceDeclaration,
  others: readonly InterfaceDeclaration[],
  typed: TypedParameters,
): Values {
  const values: Record<string, ParameterValue> = {};
  const known = flagged(declaration);
  for (const parameter of known) {
    const value = typed[optionKey(parameter)];
    if (value !== undefined) values[parameter.name] = readValue(parameter, value);
  }
  const names = new Set(known.map(({ name }) => name));
  for (const parameter of others.flatMap(flagged)) {
    if (names.has(parameter.name) || typed[optionKey(parameter)] === undefined) continue;
    const [flag, mode] = [flagOf(parameter), declaration.mode === undefined ? '' : formatMode(declaration.mode)];
    throw new AppError('flag-conflict', {
      zh: `${mode === '' ? '这里' : `${mode} 模式`}不能使用 ${flag}：平台不提供`,
      en: `${flag} is not possible${mode === '' ? '' : ` in ${mode}`}: the platform does not offer it there`,
    });
  }
  return values;
}

/** One typed value. @throws AppError `flag-invalid` naming the flag. */
export function readValue(parameter: Parameter, typed: unknown): ParameterValue {
  if (typeof typed === 'boolean') return typed;
  const text = String(typed);
  try {
    return parseValue(parameter, text);
  } catch (error) {
    if (error instanceof ValueError) throw unreadableFlag(flagOf(parameter), text, error);
    throw error;
  }
}
