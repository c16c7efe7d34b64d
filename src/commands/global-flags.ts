import { type Command, Option } from 'commander';
import type { SettingKey } from '../config/setting-catalogue.js';
import { settingOf } from '../config/setting-catalogue.js';
import { wordsIn } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../output/render-options.js';
import type { GlobalOptions } from './command-context.js';

/** What commander collects for the flags of every command. */
export interface TypedGlobals {
  readonly profile?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly fields?: string;
  /** `--fields` without a value. */
  readonly fieldNames?: boolean;
  readonly query?: string;
  readonly tz?: string;
  readonly lang?: string;
  readonly mask?: boolean;
  readonly input: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly timeout?: string;
  readonly maxWaits?: string;
  readonly proxy?: string;
  readonly caFile?: string;
  readonly insecureHost?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
  readonly color?: boolean;
  readonly progress: boolean;
  readonly force?: boolean;
  readonly failIfEmpty?: boolean;
}

/** What a bare `--fields` becomes: commander would take the next word for its value. */
const FIELD_NAMES_FLAG = '--field-names';

/** The words, with `--fields` at the end or in front of another flag replaced by a switch of its own. Nothing behind `--` is a flag. */
export function markBareFields(argv: readonly string[]): readonly string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.map((word, index) => {
    const next = argv[index + 1];
    const bare = word === '--fields' && index < end && (next === undefined || next.startsWith('-'));
    return bare ? FIELD_NAMES_FLAG : word;
  });
}

function settingHelp(key: SettingKey): string {
  const { help, fallback } = settingOf(key) ?? { help: '', fallback: '' };
  return `${wordsIn(help, 'en')} (default: ${wordsIn(fallback, 'en')})`;
}

/** Adds the flags that every command has. */
export function addGlobalFlags(program: Command): void {
  program
    .option('-p, --profile <name>', settingHelp('profile'))
    .option('-o, --output <format>', settingHelp('output'))
    .option('--json', 'the same as -o json')
    .option('--fields <list>', 'fields to show, by JSON name, separated by commas; without a list: name them all')
    .option(
      '--query <jmespath>',
      'pick from the JSON document (-o ndjson: from each item); texts and numbers are written bare',
    )
    .option('--fail-if-empty', 'exit 9 when a list has no rows')
    .option('--tz <zone>', settingHelp('tz'))
    .option('--lang <language>', settingHelp('lang'))
    .option('--mask', settingHelp('mask'))
    .option('--no-mask', 'show phone numbers in full')
    .option('-y, --yes', 'do not ask before something that cannot be undone')
    .option('-n, --dry-run', 'show what would be sent or done, and do nothing')
    .option('--no-input', 'never ask, even on a terminal')
    .option('--timeout <time>', settingHelp('timeout'))
    .option('--max-waits <count>', settingHelp('maxWaits'))
    .option('--proxy <address>', settingHelp('proxy'))
    .option('--ca-file <file>', settingHelp('caFile'))
    .option('--insecure-host <host>', settingHelp('insecureHost'))
    .option('--force', 'send although the platform blocks this address for 30 minutes')
    .option('-q, --quiet', 'no talk on stderr but errors')
    .option('-v, --verbose', 'say more; show where an error comes from')
    .option('--debug', 'tell of each request on stderr: method, path, status, time')
    .option('--no-color', 'no colours')
    .option('--no-progress', 'no spinner')
    .addOption(new Option('--color', 'colours although it is no terminal').hideHelp())
    .addOption(new Option(FIELD_NAMES_FLAG, 'list the names that --fields takes').hideHelp());
}

/** The settings given by flags. */
export function settingFlags(typed: TypedGlobals): Partial<Record<SettingKey, string>> {
  const flags: Partial<Record<SettingKey, string | undefined>> = {
    profile: typed.profile,
    output: typed.json === true ? 'json' : typed.output,
    tz: typed.tz,
    lang: typed.lang,
    mask: typed.mask === undefined ? undefined : String(typed.mask),
    timeout: typed.timeout,
    maxWaits: typed.maxWaits,
    proxy: typed.proxy,
    caFile: typed.caFile,
    insecureHost: typed.insecureHost,
  };
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}

/** The plain switches. */
export function globalOptions(typed: TypedGlobals): GlobalOptions {
  return {
    yes: typed.yes === true,
    dryRun: typed.dryRun === true,
    quiet: typed.quiet === true,
    verbose: typed.verbose === true || typed.debug === true,
    debug: typed.debug === true,
    force: typed.force === true,
  };
}

/** Field names of `--fields`. @throws AppError `flag-invalid` when there is none. */
export function parseFields(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text
    .split(/[,，]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0)
    throw new AppError('flag-invalid', { zh: '--fields 没有给出字段', en: '--fields names no field' });
  return names;
}

/**
 * A JMESPath expression that compiles.
 * @throws AppError `flag-invalid` with the parser's complaint.
 */
export async function checkQuery(query: string | undefined): Promise<void> {
  if (query === undefined) return;
  const { search } = await import('jmespath');
  try {
    search(null, query);
  } catch (error) {
    // Other complaints are about the data, which is not there yet.
    if (!['ParserError', 'LexerError'].includes((error as Error).name)) return;
    throw new AppError(
      'flag-invalid',
      {
        zh: `--query 不是 JMESPath：${(error as Error).message}`,
        en: `--query is not JMESPath: ${(error as Error).message}`,
      },
      { cause: error },
    );
  }
}

/** Whether errors are to be JSON, told from the words alone: also when they cannot be parsed. */
export function wantsJsonErrors(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): boolean {
  let format: string | undefined = env.PRIVACY_CALL_OUTPUT;
  argv.forEach((word, index) => {
    if (word === '--json') format = 'json';
    else if (word === '-o' || word === '--output') format = argv[index + 1];
    else if (word.startsWith('--output=')) format = word.slice('--output='.length);
    else if (/^-o./.test(word)) format = word.slice(2);
  });
  return format === 'json' || format === 'ndjson';
}

/** The format of `-o` as a type. */
export function outputFormat(value: string | undefined): OutputFormat {
  return OUTPUT_FORMATS.find((format) => format === value) ?? 'table';
}
