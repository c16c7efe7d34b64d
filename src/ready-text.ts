/** Columns that help takes at most. Into a pipe it is always as wide. */
export const HELP_WIDTH = 100;

/**
 * Which of the texts that lie in a file the words ask for: for these nothing of the program need be loaded.
 * @param argv the words behind the program's name.
 * @param columns width of the terminal; `undefined` where stdout is none.
 * @returns `undefined` for everything else, and for help on a terminal so narrow that its lines break elsewhere.
 */
export function readyText(argv: readonly string[], columns: number | undefined): 'version' | 'help' | undefined {
  const [word = '--help', ...more] = argv;
  if (more.length > 0) return undefined;
  if (word === '--version' || word === '-V') return 'version';
  if (!['--help', '-h', 'help'].includes(word)) return undefined;
  return (columns ?? HELP_WIDTH) >= HELP_WIDTH ? 'help' : undefined;
}
