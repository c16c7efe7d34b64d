import { formatMode } from '../domain/mode.js';
import { wordsOfError } from '../domain/text-error.js';
import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { InterfaceDeclaration, Parameter, ParameterValue, Values } from '../platform/declarations/declaration.js';
import { flagOf } from '../platform/declarations/flag-of.js';
import { OPERATIONS_ZH } from '../platform/declarations/operations-zh.js';
import { parseValue } from '../platform/declarations/parse-value.js';
import type { CommandContext } from './command-context.js';

/**
 * Asks for the mandatory values that were not typed, and for one of those of which one is needed; an empty answer to the latter goes to the
 * next of them. Without a terminal nothing is asked.
 */
export async function askMissing(
  context: CommandContext,
  declaration: InterfaceDeclaration,
  values: Values,
): Promise<Values> {
  if (!context.interactive) return values;
  const answers: Record<string, ParameterValue | undefined> = { ...values };
  for (const parameter of declaration.parameters) {
    if (parameter.required === true && answers[parameter.name] === undefined) {
      answers[parameter.name] = await ask(context, parameter, true);
    }
  }
  for (const rule of declaration.rules) {
    if (rule.kind !== 'one-of' || rule.names.some((name) => answers[name] !== undefined)) continue;
    const candidates = declaration.parameters.filter(({ name }) => rule.names.includes(name));
    for (const [index, parameter] of candidates.entries()) {
      const last = index === candidates.length - 1;
      answers[parameter.name] = await ask(context, parameter, last);
      if (answers[parameter.name] !== undefined) break;
    }
  }
  return answers;
}

async function ask(
  context: CommandContext,
  parameter: Parameter,
  needed: boolean,
): Promise<ParameterValue | undefined> {
  const answer = await context.prompt({
    type: 'text',
    message: questionOf(parameter, needed)[context.lang],
    validate: (text) => {
      if (text.trim() === '') return needed ? { zh: '需要一个值', en: 'a value is needed' }[context.lang] : undefined;
      try {
        parseValue(parameter, text);
        return undefined;
      } catch (error) {
        return wordsOfError(error)[context.lang];
      }
    },
  });
  return answer.trim() === '' ? undefined : parseValue(parameter, answer);
}

/** Flags are explained in English, as in help; who reads Chinese is told the flag. */
function questionOf(parameter: Parameter, needed: boolean): TextPair {
  const flag = flagOf(parameter);
  return {
    zh: `请输入 ${flag}${needed ? '' : '（留空则跳过）'}`,
    en: `${parameter.help} (${flag})${needed ? '' : ', empty to skip'}`,
  };
}

/** Shows the request that was put together by questions, and asks once. @throws AppError `interrupted` when the answer is no. */
export async function confirmRequest(
  context: CommandContext,
  declaration: InterfaceDeclaration,
  values: Values,
): Promise<void> {
  const lines = declaration.parameters
    .filter(({ name }) => values[name] !== undefined)
    .map((parameter) => `  ${flagOf(parameter)} ${String(values[parameter.name])}`);
  const mode = declaration.mode === undefined ? '' : ` (${formatMode(declaration.mode)})`;
  const title = { zh: `${OPERATIONS_ZH[declaration.operation]}${mode}：`, en: `${declaration.summary}${mode}:` }[
    context.lang
  ];
  await context.stderr.write(`${title}\n${lines.join('\n')}\n`);
  const message = { zh: '发送该请求？', en: 'Send this request?' }[context.lang];
  const answer = await context.prompt({ type: 'confirm', message });
  if (answer !== 'yes')
    throw new AppError('interrupted', { zh: '未确认：没有发送', en: 'not confirmed: nothing was sent' });
}
