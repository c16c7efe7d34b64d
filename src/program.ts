import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, type CommanderError, Help } from 'commander';
import { buildCommandContext } from './commands/build-command-context.js';
import type { CommandModule } from './commands/command.js';
import type { CommandContext } from './commands/command-context.js';
import { fieldNames } from './commands/field-names.js';
import {
  addGlobalFlags,
  checkQuery,
  markBareFields,
  type TypedGlobals,
  wantsJsonErrors,
} from './commands/global-flags.js';
import { renderHelpTail } from './commands/help-text.js';
import { refuseEmpty } from './commands/refuse-empty.js';
import { spokenLanguage } from './commands/spoken-language.js';
import { COMMAND_TREE, type CommandNode, isNoun } from './commands/tree.js';
import { type Context, PipeClosed, type Sink } from './context.js';
import { AppError, isAppError, storageError } from './errors.js';
import { exitCode } from './exit-codes.js';
import { foldText } from './output/fold-text.js';
import { type ErrorOptions, renderError, toAppError } from './output/render-error.js';
import { renderSummary } from './output/render-summary.js';
import { HELP_WIDTH } from './ready-text.js';

/**
 * Runs one command line in the given world.
 * @param argv the words behind the program's name.
 * @returns the exit code. Never rejects; an error is on `context.stderr` by then.
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  try {
    refuseSecrets(argv);
    await parse(markBareFields(helpAsFlag(argv)), context);
    return exitCode('ok');
  } catch (thrown) {
    const error = thrown instanceof CommandFailed ? thrown.cause : thrown;
    if (error instanceof PipeClosed) return exitCode('ok');
    if (error instanceof Finished) return error.code;
    const manner = thrown instanceof CommandFailed ? thrown.manner : mannerOf(argv, context.env);
    return await report(toAppError(context.signal.aborted ? context.signal.reason : error), { argv, context, manner });
  }
}

/** Tells that stdout takes no more, as behind `> file` on a full disk. Never rejects. @returns the exit code. */
export async function reportUnwritten(failure: Error, argv: readonly string[], context: Context): Promise<number> {
  const doing = { zh: '无法写入标准输出', en: 'cannot write to stdout' };
  return report(storageError(failure, doing), { argv, context, manner: mannerOf(argv, context.env) }).catch(() =>
    exitCode('storage'),
  );
}

/** How an error is told. */
type Manner = Pick<ErrorOptions, 'json' | 'lang'>;

/** The same from the words and the environment: also where they cannot be parsed. */
function mannerOf(argv: readonly string[], env: Context['env']): Manner {
  return { json: wantsJsonErrors(argv, env), lang: spokenLanguage(argv, env) };
}

async function report(
  error: AppError,
  { argv, context, manner }: { readonly argv: readonly string[]; readonly context: Context; readonly manner: Manner },
): Promise<number> {
  const verbose =
    error.exitCode !== exitCode('usage') && argv.some((word) => ['-v', '--verbose', '--debug'].includes(word));
  const text = renderError(error, {
    ...manner,
    colour:
      context.stderr.isTerminal &&
      !argv.includes('--no-color') &&
      (context.env.NO_COLOR ?? '') === '' &&
      context.env.TERM !== 'dumb',
    verbose,
  });
  try {
    // Traces are for who mends the program, as they are.
    const isTrace = verbose || error.code === 'internal';
    await context.stderr.write(isTrace ? text : await foldText(context.stderr, text));
  } catch (failure) {
    if (!(failure instanceof PipeClosed)) throw failure;
  }
  return error.exitCode;
}

/** The run has ended and said so: help and version. */
class Finished extends Error {
  readonly code: number;

  constructor(code: number) {
    super('finished');
    this.code = code;
  }
}

/** Commander has nothing more to do for a command: help was shown, or it cannot be called so. */
class Stopped extends Error {
  readonly error: CommanderError;
  readonly command: Command;

  constructor(error: CommanderError, command: Command) {
    super(error.message);
    this.error = error;
    this.command = command;
  }
}

/** A failure after the settings were known: they may ask for JSON where the words did not. */
class CommandFailed extends Error {
  readonly manner: Manner;

  constructor(cause: unknown, manner: Manner) {
    super('the command failed', { cause });
    this.manner = manner;
  }
}

/** `help cdr list` is `cdr list --help`; a bare call shows help. */
function helpAsFlag(argv: readonly string[]): readonly string[] {
  if (argv.length === 0) return ['--help'];
  if (argv[0] !== 'help') return argv;
  return argv[1] === 'help' ? helpAsFlag(argv.slice(1)) : [...argv.slice(1), '--help'];
}

/** A secret on the command line stands in the shell's history and in the process list. @throws AppError `secret-in-flag`. */
function refuseSecrets(argv: readonly string[]): void {
  const found = argv.find((word) => /^--(app-?secret|secret|password|secret-?key)(=|$)/i.test(word));
  if (found === undefined) return;
  const words = {
    zh: '命令行中不得出现密钥：其他人可以在那里读到',
    en: 'a secret must not stand on the command line: others can read it there',
  };
  throw new AppError('secret-in-flag', words, {
    hint: {
      zh: '请用 privacy-call login 输入；脚本中用 --app-secret-file、--secret-stdin 或 PRIVACY_CALL_APP_SECRET。',
      en: 'privacy-call login asks for it; in scripts use --app-secret-file, --secret-stdin or PRIVACY_CALL_APP_SECRET.',
    },
  });
}

async function parse(argv: readonly string[], context: Context): Promise<void> {
  const written: { readonly to: 'stdout' | 'stderr'; readonly text: string }[] = [];
  const program = new Command('privacy-call')
    .description('Operations tool for Huawei Cloud PrivateNumber (隐私保护通话).')
    .usage('<command> [flags]')
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'help for any command')
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => void written.push({ to: 'stdout', text }),
      writeErr: (text) => void written.push({ to: 'stderr', text }),
      getOutHelpWidth: () => helpWidth(context.stdout),
      getErrHelpWidth: () => helpWidth(context.stderr),
    });
  stopWith(program);
  program.configureHelp({ formatHelp: commandsFirst });
  addGlobalFlags(program);
  addTree(program, context, argv[0]);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const missed = missedCommand(error);
    if (missed !== undefined) return parse(missed, context);
    if (error.error.exitCode === 0) {
      for (const { to, text } of written) await context[to].write(text);
      throw new Finished(0);
    }
    const { usageError } = await import('./commands/usage-error.js');
    throw usageError(error.error, error.command);
  }
}

/** Columns that help may take there. */
function helpWidth({ columns = HELP_WIDTH }: Pick<Sink, 'columns'>): number {
  return Math.min(columns, HELP_WIDTH);
}

/** Has commander tell which command it stopped at. */
function stopWith(command: Command): void {
  command.exitOverride((error) => {
    throw new Stopped(error, command);
  });
}

/** Help of the program itself: what one can do stands before the flags; everywhere else as commander has it. */
function commandsFirst(command: Command, helper: Help): string {
  const text = Help.prototype.formatHelp.call(helper, command, helper);
  if (command.parent !== null) return text;
  const blocks = text.trimEnd().split('\n\n');
  const flags = blocks.filter((block) => block.startsWith('Options:'));
  return `${[...blocks.filter((block) => !flags.includes(block)), ...flags].join('\n\n')}\n`;
}

/** Commander shows help whatever stands beside it. @returns the words that lead to what is no command; `undefined` where all are commands. */
function missedCommand({ error, command }: Stopped): readonly string[] | undefined {
  const [word = '-'] = command.args;
  if (error.code !== 'commander.helpDisplayed' || command.commands.length === 0 || word.startsWith('-'))
    return undefined;
  return command.parent === null ? [word] : [command.name(), word];
}

/** Adds the command that the first word names; where it names none, all of them, which takes two milliseconds more. */
function addTree(program: Command, context: Context, first: string | undefined): void {
  const all = COMMAND_TREE.flatMap(({ group, nodes }) => nodes.map((node) => ({ group, node })));
  const called = all.filter(({ node }) => node.name === first);
  for (const { group, node } of called.length > 0 ? called : all) {
    addNode(program, node, context).helpGroup(`${group}:`);
  }
}

function addNode(parent: Command, node: CommandNode, context: Context): Command {
  // `.addCommand()` would lose configureOutput.
  const command = parent.command(node.name).summary(node.summary).description(`${node.summary}.`).helpCommand(false);
  stopWith(command);
  if (isNoun(node)) {
    for (const verb of node.verbs) addNode(command, verb, context);
    return command;
  }
  parent.hook('preSubcommand', async (_, called) => {
    if (called === command) define(command, (await node.load()).command, context);
  });
  return command;
}

function define(command: Command, module: CommandModule, context: Context): void {
  command.description(module.help.purpose).allowExcessArguments(false);
  module.define(command);
  command.addHelpText('after', () => renderHelpTail(module.help, helpWidth(context.stdout)));
  command.action(async (...words: unknown[]) => {
    const args = words.slice(0, -2);
    const globals = command.optsWithGlobals<TypedGlobals>();
    if (globals.fieldNames === true) await context.stdout.write(fieldNameLines(module));
    else await execute(module, { command, typed: { options: command.opts(), args }, globals }, context);
  });
  if (command.optsWithGlobals<TypedGlobals>().fieldNames === true) demandNothing(command);
}

/** One name a line. @throws AppError `flag-missing` for a command whose output has no fields to choose. */
function fieldNameLines({ help }: CommandModule): string {
  const fields = fieldNames(help.output);
  if (fields.length > 0) return fields.map((field) => `${field}\n`).join('');
  const words = { zh: '--fields：此命令的输出没有字段', en: '--fields: the output of this command has no fields' };
  throw new AppError('flag-missing', words, {
    hint: { zh: '--help 的 Output 部分说明输出内容。', en: '--help tells under Output what it prints.' },
  });
}

/** The command will not run, so nothing that it needs may be missed. */
function demandNothing(command: Command): void {
  for (const argument of command.registeredArguments) argument.required = false;
  for (const option of command.options) option.mandatory = false;
}

/** A command as it was called. */
interface Call {
  readonly command: Command;
  readonly typed: Parameters<CommandModule['run']>[0];
  readonly globals: TypedGlobals;
}

async function execute(module: CommandModule, { command, typed, globals }: Call, world: Context): Promise<void> {
  const built = await withHint(programOf(command), async () => {
    await checkQuery(globals.query);
    return buildCommandContext(globals, world, { run, commands: allCommands });
  });
  let live: boolean;
  try {
    live = await withHint(command, async () => {
      refuseEmpty(command);
      const view = await module.run(typed, built.context);
      const failure = await renderSummary(view, built.render, world);
      if (failure !== undefined) throw failure;
      return view.view === 'list' && view.live === true;
    }).catch(async (error: unknown): Promise<never> => {
      // What ended the command is told, not what closing it meets then: it may be the same disk that is full.
      await built.close().catch(() => undefined);
      throw error;
    });
    await built.close();
  } catch (error) {
    const { format, lang } = built.render;
    throw new CommandFailed(error, { json: ['json', 'ndjson'].includes(format), lang });
  }
  if (!live && world.signal.aborted && isAppError(world.signal.reason)) throw world.signal.reason;
}

function programOf(command: Command): Command {
  return command.parent === null ? command : programOf(command.parent);
}

/** A complaint about flags names the help of `command`, unless it says better what to do. */
async function withHint<T>(command: Command, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Nothing more is loaded for what the help cannot mend: a process without free descriptors could not.
    const isMendable = isAppError(error, 'flag-missing', 'flag-invalid', 'flag-conflict') && error.hint === undefined;
    if (!isMendable) throw error;
    const words = await import('./commands/usage-error.js').catch(() => undefined);
    throw words === undefined ? error : words.withHelpHint(error, command);
  }
}

async function allCommands(): ReturnType<CommandContext['commands']> {
  const { describeCommands } = await import('./commands/describe-commands.js');
  return describeCommands();
}

/** Read at once: the pool of threads would take longer than the file does. */
function ownVersion(): string {
  const manifest = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
