import type { Argument, Command } from 'commander';
import type { TextPair } from '../domain/text-pair.js';

/** What people type for arguments, beside a flag of the argument's name. */
const OTHER_FLAGS: Readonly<Record<string, readonly string[]>> = {
  files: ['-f', '--input'],
  file: ['-f', '--out'],
};

/** A word that can be shown as it would be typed, without quotes. */
const PLAIN_WORD = /^[\w./:@+-]+$/;

/**
 * A hint for a flag that the command does not have, because what it would name is a word of the command: `cdr stats --file x.json`.
 * @param flag as typed, without a value.
 * @returns `undefined` where no argument is meant.
 */
export function wordNotFlag(command: Command, flag: string): TextPair | undefined {
  const { registeredArguments } = command;
  // A file whose name begins with a dash: `xargs privacy-call cdr list`.
  if (/^-[^-].*\.[a-z]+$/i.test(flag) && registeredArguments.some((argument) => argument.name() === 'files'))
    return { zh: `如果是文件：./${flag}，或在前面加 --。`, en: `If it is a file: ./${flag}, or -- before it.` };
  const at = registeredArguments.findIndex((argument) => isMeant(argument, flag));
  const meant = registeredArguments[at];
  if (meant === undefined) return undefined;
  const before = registeredArguments.slice(0, at).map((argument) => `<${argument.name()}>`);
  const words = [...wordsOf(command), ...before, valueOf(command, flag) ?? `<${meant.name()}>`];
  return {
    zh: `直接写在命令后面，不用参数名：${words.join(' ')}`,
    en: `It is a word of the command, without a flag: ${words.join(' ')}`,
  };
}

/** The other way round: `bind rows.csv`. @returns `undefined` where the command has no flag for files, or the word looks like no file. */
export function flagNotWord(command: Command): TextPair | undefined {
  const [word = ''] = command.args;
  if (!/[./]/.test(word) || !command.options.some(({ long }) => long === '--file')) return undefined;
  const line = [...wordsOf(command), '--file', PLAIN_WORD.test(word) ? word : '<file>'].join(' ');
  return { zh: `文件用 --file 指定：${line}`, en: `A file is named by --file: ${line}` };
}

function isMeant(argument: Argument, flag: string): boolean {
  const name = argument.name();
  return [`--${name}`, `--${name.replace(/s$/, '')}`, ...(OTHER_FLAGS[name] ?? [])].includes(flag);
}

/** What was typed for the flag; `undefined` where there is nothing, or what a shell would not take as it stands. */
function valueOf(command: Command, flag: string): string | undefined {
  const typed = (rootOf(command) as Command & { readonly rawArgs: readonly string[] }).rawArgs;
  const at = typed.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const value = typed[at] === flag ? typed[at + 1] : typed[at]?.slice(flag.length + 1);
  return value !== undefined && !value.startsWith('-') && PLAIN_WORD.test(value) ? value : undefined;
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** The words by which it is called: `privacy-call`, `cdr`, `stats`. */
export function wordsOf(command: Command): readonly string[] {
  return command.parent === null ? [command.name()] : [...wordsOf(command.parent), command.name()];
}
