import type { Command } from 'commander';
import { AppError } from '../errors.js';

const HINT = {
  zh: '未设置的变量在引号之间什么也不留下。',
  en: 'A variable that is not set leaves nothing between its quotes.',
};

/**
 * Refuses a flag or an argument that is there and says nothing: `--session "$SESSION"` of a script that has no session would fit nothing, or everything.
 * Of an argument that takes many words, each command looks at the words itself.
 * @throws AppError `flag-invalid`.
 */
export function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    const key = option.attributeName();
    const value: unknown = command.getOptionValue(key);
    if (command.getOptionValueSource(key) !== 'cli' || ![value].flat().includes('')) continue;
    throw isEmpty(option.long ?? option.flags);
  }
  for (const [at, argument] of command.registeredArguments.entries()) {
    if (!argument.variadic && command.args[at] === '') throw isEmpty(`<${argument.name()}>`);
  }
}

function isEmpty(what: string): AppError {
  return new AppError('flag-invalid', { zh: `${what} 不能为空`, en: `${what} must not be empty` }, { hint: HINT });
}
