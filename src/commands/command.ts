import type { Command } from 'commander';
import type { ExitName } from '../exit-codes.js';
import type { View } from '../output/view.js';
import type { CommandContext } from './command-context.js';

/** One line that a user can copy. */
export interface Example {
  readonly says: string;
  /** As typed in a shell; runs as it stands in the README's session. */
  readonly line: string;
}

/** What `--help` and the README tell of a command, in this order. */
export interface CommandHelp {
  /** What it does and why, one or more sentences. */
  readonly purpose: string;
  readonly examples: readonly Example[];
  /** Names of the JSON fields, or words where the output is no record. */
  readonly output: string;
  /** Outcomes that this command can have beside the ones every command has (0, 1, 2, 130, 143). */
  readonly exits: readonly ExitName[];
}

/** A command: what it is called with, what it means, what it does. */
export interface CommandModule {
  readonly help: CommandHelp;
  /** Adds arguments and flags. */
  define(command: Command): void;
  /** Turns what was typed into a view. Prints nothing. */
  run(
    typed: { readonly options: Readonly<Record<string, unknown>>; readonly args: readonly unknown[] },
    context: CommandContext,
  ): Promise<View>;
}

/** Flags of a command that has none of its own. */
export type NoOptions = Readonly<Record<string, unknown>>;

/**
 * A command whose flags have the type `Options` and whose arguments have the type `Args`. The flags that `define` adds and these types must agree: this is
 * the one place where commander's untyped result becomes typed.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- they type what each command is handed.
export function defineCommand<Options = NoOptions, Args extends readonly unknown[] = []>(command: {
  readonly help: CommandHelp;
  define?(command: Command): void;
  run(options: Options, context: CommandContext, ...args: Args): Promise<View>;
}): CommandModule {
  return {
    help: command.help,
    define: (target) => {
      command.define?.(target);
    },
    run: ({ options, args }, context) => command.run(options as Options, context, ...(args as unknown as Args)),
  };
}
