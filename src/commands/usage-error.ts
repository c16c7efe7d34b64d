import type { Command, CommanderError } from 'commander';
import { anyOf } from '../domain/any-of.js';
import { counted } from '../domain/counted.js';
import type { TextPair, Words } from '../domain/text-pair.js';
import { AppError, type ErrorCode } from '../errors.js';
import { flagNotWord, wordNotFlag, wordsOf } from './word-not-flag.js';

/** What people type behind `bindings` for what other commands do, and where it is done. */
const MISSED_BINDINGS: readonly { readonly words: readonly string[]; readonly hint: TextPair }[] = [
  {
    words: ['find', 'search', 'get', 'lookup', 'query'],
    hint: {
      zh: '用 privacy-call bindings list 查找：按 -a、-b、-x、--y、--ext、--id、--user-data、--since、--until。',
      en: 'privacy-call bindings list finds them: by -a, -b, -x, --y, --ext, --id, --user-data, --since, --until.',
    },
  },
  {
    words: ['import', 'refresh', 'sync', 'pull', 'fetch', 'load', 'adopt'],
    hint: {
      zh: 'privacy-call numbers refresh 把平台上的绑定关系记入台账，privacy-call query -x <number> --all --adopt 只记一个 X 号码的；privacy-call bind --file 按 CSV 绑定。',
      en: 'privacy-call numbers refresh brings what the platform has into the ledger, privacy-call query -x <number> --all --adopt that of one X; privacy-call bind --file makes bindings of a CSV.',
    },
  },
];

/** One complaint of commander: how it says it, and how the tool does. */
interface Complaint {
  readonly code: ErrorCode;
  /** Its groups are what `says` is given. */
  readonly pattern: RegExp;
  readonly says: (command: Command, ...found: readonly string[]) => TextPair;
}

const COMPLAINTS: Readonly<Record<string, Complaint>> = {
  'commander.unknownCommand': {
    code: 'command-unknown',
    pattern: /^unknown command '(.*)'/,
    says: (command, word = '') => ({
      zh: `${pathOf(command)} 没有命令 “${word}”`,
      en: `${pathOf(command)} has no command "${word}"`,
    }),
  },
  'commander.unknownOption': {
    code: 'flag-unknown',
    // What stands behind the = may be a secret.
    pattern: /^unknown option '(-[^'=\n]*)/,
    says: (command, flag = '') =>
      takesNoValue(command, flag)
        ? { zh: `${flag} 不带值`, en: `${flag} takes no value` }
        : { zh: `${pathOf(command)} 没有参数 ${flag}`, en: `${pathOf(command)} has no flag ${flag}` },
  },
  'commander.missingArgument': {
    code: 'flag-missing',
    pattern: /^missing required argument '(.*)'/,
    says: ({ registeredArguments }, name) => {
      const says = registeredArguments.find((argument) => argument.name() === name)?.description;
      return { zh: `缺少 <${name}>`, en: withPurpose(`<${name}> is missing`, says) };
    },
  },
  'commander.optionMissingArgument': {
    code: 'flag-missing',
    pattern: /^option '(.*)' argument missing/,
    says: ({ options }, flags = '') => {
      const says = options.find((option) => option.flags === flags)?.description;
      const flag = shownFlag(flags);
      return { zh: `${flag} 需要一个值`, en: withPurpose(`${flag} needs a value`, says) };
    },
  },
  'commander.invalidArgument': {
    code: 'flag-invalid',
    pattern:
      /^(?:option|command-argument value) '([^]*?)' (?:argument|is invalid for argument) '([^]*)'(?: is invalid)?\. Allowed choices are (.*)\.$/,
    says: (_, one = '', other = '', choices = '') => {
      const typed = one.startsWith('-') ? `${shownFlag(one)} ${other}` : one;
      const any = anyOf(choices.split(', '));
      return { zh: `${typed}：必须是 ${any.zh}`, en: `${typed}: must be ${any.en}` };
    },
  },
  'commander.excessArguments': {
    code: 'flag-invalid',
    pattern: /Expected (\d+) arguments? but got (\d+)/,
    says: (command, most, given) => ({
      zh: `${pathOf(command)} ${most === '0' ? '不带参数' : `最多带 ${most} 个参数`}，却给出了 ${given} 个`,
      en: `${pathOf(command)} takes ${most === '0' ? 'no argument' : counted(Number(most), 'argument')}, and ${given} ${given === '1' ? 'was' : 'were'} given`,
    }),
  },
};

/**
 * What commander complains of, in the tool's own words.
 * @param command the one that could not be called so.
 */
export function usageError(error: CommanderError, command: Command): AppError {
  if (error.code === 'commander.help') return commandMissing(command);
  const [told = '', suggestion = ''] = error.message.replace(/^error: /, '').split(/\n(?=\(Did you mean)/);
  const complaint = COMPLAINTS[error.code];
  const found = complaint?.pattern.exec(told);
  const word = found?.[1];
  const words: Words = complaint !== undefined && found ? complaint.says(command, ...found.slice(1)) : told;
  const code = complaint?.code ?? 'flag-invalid';
  const isSwitch = code === 'flag-unknown' && takesNoValue(command, word);
  const elsewhere = otherHint(error, command, word);
  return new AppError(code, words, {
    hint: elsewhere ?? withSuggestion(isSwitch ? '' : suggestion, helpHint(command, code)),
  });
}

/** Commander's guess at what was meant, `(Did you mean one of list, show?)`, in front of `hint`. */
function withSuggestion(suggestion: string, hint: TextPair): TextPair {
  const [, several, names] = /^\(Did you mean (one of )?(.*)\?\)$/.exec(suggestion) ?? [];
  if (names === undefined) return hint;
  const guess = several === undefined ? names : anyOf(names.split(', ')).zh;
  return { zh: `是否要输入 ${guess}？${hint.zh}`, en: `${suggestion.replace(/[()]/g, '')} ${hint.en}` };
}

/** Whether the command or one above it has that flag: then it is a switch that was given a value. */
function takesNoValue(command: Command, flag: string | undefined): boolean {
  return chainOf(command).some(({ options }) => options.some(({ short, long }) => flag === short || flag === long));
}

/** Says more than the help of the command would. @param word the flag, or the command, that there is not. */
function otherHint({ code }: CommanderError, command: Command, word = ''): TextPair | undefined {
  if (code === 'commander.unknownCommand') return doneElsewhere(command);
  if (code === 'commander.excessArguments') return flagNotWord(command);
  return code === 'commander.unknownOption' ? wordNotFlag(command, word) : undefined;
}

/** Which other command does what the word asks for. */
function doneElsewhere(command: Command): TextPair | undefined {
  if (command.name() !== 'bindings') return undefined;
  return MISSED_BINDINGS.find(({ words }) => words.includes(command.args[0] ?? ''))?.hint;
}

/** A complaint of a command about its flags that says nothing of what to do, with its help as a hint. */
export function withHelpHint(error: AppError, command: Command): AppError {
  return new AppError(error.code, error.words, {
    hint: helpHint(command, error.code),
    platform: error.platform,
    cause: error,
  });
}

function commandMissing(command: Command): AppError {
  if (command.parent !== null) {
    const words = { zh: `${command.name()}：缺少子命令`, en: `${command.name()}: which of its commands?` };
    return new AppError('command-unknown', words, { hint: helpHint(command, 'command-unknown') });
  }
  return new AppError(
    'flag-missing',
    { zh: '缺少命令', en: 'a command is missing' },
    {
      hint: {
        zh: 'privacy-call --help 列出所有命令；privacy-call --version 显示版本。',
        en: 'privacy-call --help lists all commands; privacy-call --version prints the version.',
      },
    },
  );
}

function helpHint(command: Command, code: ErrorCode): TextPair {
  const help = `${pathOf(command)} --help`;
  if (command.commands.length === 0)
    return { zh: `${help} 显示其参数和示例。`, en: `${help} shows its flags and examples.` };
  if (code !== 'command-unknown')
    return { zh: `${help} 列出所有命令共用的参数。`, en: `${help} lists the flags of every command.` };
  return command.parent === null
    ? { zh: `${help} 列出所有命令。`, en: `${help} lists all commands.` }
    : { zh: `${help} 列出其子命令。`, en: `${help} lists its commands.` };
}

/** The command and those above it, the program last. */
function chainOf(command: Command): readonly Command[] {
  return command.parent === null ? [command] : [command, ...chainOf(command.parent)];
}

/** As it is typed: `privacy-call cdr list`. */
function pathOf(command: Command): string {
  return wordsOf(command).join(' ');
}

/** The long name in `-p, --profile <name>`, else the short one. */
function shownFlag(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags.replace(/[ ,].*/, '');
}

function withPurpose(says: string, purpose = ''): string {
  const what = purpose.replace(/ \(default: .*\)$/, '');
  return what === '' ? says : `${says}: ${what}`;
}
