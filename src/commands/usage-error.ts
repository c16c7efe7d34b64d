import type { Command, CommanderError } from 'commander';
import { listChoices } from '../domain/list-choices.js';
import { counted } from '../domain/counted.js';
import { AppError, type ErrorCode } from '../errors.js';

/** What people type behind `bindings` for what other commands do, and where it is done. */
const MISSED_BINDINGS: readonly { readonly words: readonly string[]; readonly hint: string }[] = [
  {
    words: ['find', 'search', 'get', 'lookup', 'query'],
    hint: 'privacy-call bindings list finds them: by -a, -b, -x, --y, --ext, --id, --user-data, --since, --until.',
  },
  {
    words: ['import', 'refresh', 'sync', 'pull', 'fetch', 'load', 'adopt'],
    hint: 'privacy-call numbers refresh brings what the platform has into the ledger, privacy-call query -x <number> --all --adopt that of one X; privacy-call bind --file makes bindings of a CSV.',
  },
];

/** One complaint of commander: how it says it, and how the tool does. */
interface Complaint {
  readonly code: ErrorCode;
  /** Its groups are what `says` is given. */
  readonly pattern: RegExp;
  readonly says: (command: Command, ...found: readonly string[]) => string;
}

const COMPLAINTS: Readonly<Record<string, Complaint>> = {
  'commander.unknownCommand': {
    code: 'command-unknown',
    pattern: /^unknown command '(.*)'/,
    says: (command, word) => `${pathOf(command)} has no command "${word}"`,
  },
  'commander.unknownOption': {
    code: 'flag-unknown',
    // What stands behind the = may be a secret.
    pattern: /^unknown option '(-[^'=\n]*)/,
    says: (command, flag = '') =>
      chainOf(command).some(({ options }) => options.some(({ short, long }) => flag === short || flag === long))
        ? `${flag} takes no value`
        : `${pathOf(command)} has no flag ${flag}`,
  },
  'commander.missingArgument': {
    code: 'flag-missing',
    pattern: /^missing required argument '(.*)'/,
    says: ({ registeredArguments }, name) => {
      const says = registeredArguments.find((argument) => argument.name() === name)?.description;
      return withPurpose(`<${name}> is missing`, says);
    },
  },
  'commander.optionMissingArgument': {
    code: 'flag-missing',
    pattern: /^option '(.*)' argument missing/,
    says: ({ options }, flags = '') => {
      const says = options.find((option) => option.flags === flags)?.description;
      return withPurpose(`${shownFlag(flags)} needs a value`, says);
    },
  },
  'commander.invalidArgument': {
    code: 'flag-invalid',
    pattern:
      /^(?:option|command-argument value) '([^]*?)' (?:argument|is invalid for argument) '([^]*)'(?: is invalid)?\. Allowed choices are (.*)\.$/,
    says: (_, one = '', other = '', choices = '') => {
      const typed = one.startsWith('-') ? `${shownFlag(one)} ${other}` : one;
      return `${typed}: must be ${listChoices(choices.split(', '))}`;
    },
  },
  'commander.excessArguments': {
    code: 'flag-invalid',
    pattern: /Expected (\d+) arguments? but got (\d+)/,
    says: (command, most, given) =>
      `${pathOf(command)} takes ${most === '0' ? 'no argument' : counted(Number(most), 'argument')}, and ${given} ${given === '1' ? 'was' : 'were'} given`,
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
  const elsewhere = error.code === 'commander.unknownCommand' ? doneElsewhere(command) : undefined;
  const message = complaint !== undefined && found ? complaint.says(command, ...found.slice(1)) : told;
  const takesNoValue = message.endsWith('takes no value');
  const code = complaint?.code ?? 'flag-invalid';
  return new AppError(code, message, {
    hint:
      elsewhere ??
      [takesNoValue ? '' : suggestion.replace(/[()]/g, ''), helpHint(command, code)].filter(Boolean).join(' '),
  });
}

/** Which other command does what the word asks for. */
function doneElsewhere(command: Command): string | undefined {
  if (command.name() !== 'bindings') return undefined;
  return MISSED_BINDINGS.find(({ words }) => words.includes(command.args[0] ?? ''))?.hint;
}

/** A complaint of a command about its flags that says nothing of what to do, with its help as a hint. */
export function withHelpHint(error: AppError, command: Command): AppError {
  return new AppError(error.code, error.message, {
    hint: helpHint(command, error.code),
    platform: error.platform,
    cause: error,
  });
}

function commandMissing(command: Command): AppError {
  if (command.parent !== null)
    return new AppError('command-unknown', `${command.name()}: which of its commands?`, {
      hint: helpHint(command, 'command-unknown'),
    });
  return new AppError('flag-missing', 'a command is missing', {
    hint: 'privacy-call --help lists all commands; privacy-call --version prints the version.',
  });
}

function helpHint(command: Command, code: ErrorCode): string {
  const help = `${pathOf(command)} --help`;
  if (command.commands.length === 0) return `${help} shows its flags and examples.`;
  return code === 'command-unknown'
    ? `${help} lists ${command.parent === null ? 'all' : 'its'} commands.`
    : `${help} lists the flags of every command.`;
}

/** The command and those above it, the program last. */
function chainOf(command: Command): readonly Command[] {
  return command.parent === null ? [command] : [command, ...chainOf(command.parent)];
}

/** As it is typed: `privacy-call cdr list`. */
function pathOf(command: Command): string {
  return chainOf(command)
    .map((one) => one.name())
    .reverse()
    .join(' ');
}

/** The long name in `-p, --profile <name>`, else the short one. */
function shownFlag(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags.replace(/[ ,].*/, '');
}

function withPurpose(says: string, purpose = ''): string {
  const what = purpose.replace(/ \(default: .*\)$/, '');
  return what === '' ? says : `${says}: ${what}`;
}
