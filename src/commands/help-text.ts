import { EXIT_CODES } from '../exit-codes.js';
import { wrapText } from '../output/wrap-text.js';
import type { CommandHelp } from './command.js';

/** Outcomes that every command can have. */
const ALWAYS = ['ok', 'failure', 'usage'] as const;

/** Some terminals say that they are 0 columns wide. */
const LEAST_WIDTH = 40;

/** Columns before the words of an exit code: two blanks, three digits, two blanks. */
const EXIT_INDENT = 7;

/**
 * What stands below the flags in `--help`: examples, output, exit codes.
 * @param width columns that a line takes at most; examples are not broken, for they are copied.
 */
export function renderHelpTail(help: CommandHelp, width: number): string {
  const columns = Math.max(width, LEAST_WIDTH);
  const examples = help.examples.map(({ says, line }) => `  # ${says}\n  $ ${line.replaceAll('\n', '\n    ')}`);
  const exits = [...ALWAYS, ...help.exits]
    .map((name) => EXIT_CODES[name])
    .sort((one, other) => one.code - other.code)
    .flatMap(({ code, when }) =>
      wrap(when, columns - EXIT_INDENT).map((line, at) => `  ${at === 0 ? String(code).padStart(3) : '   '}  ${line}`),
    );
  return [
    '',
    'Examples:',
    ...examples,
    '',
    'Output:',
    ...wrap(help.output, columns - 2).map((line) => `  ${line}`),
    '',
    'Exit codes:',
    ...exits,
    '',
    'Flags of every command: privacy-call --help',
    '',
  ].join('\n');
}

/** Help is English: a character takes one column. */
function wrap(text: string, width: number): string[] {
  return wrapText(text, width, ({ length }) => length);
}
