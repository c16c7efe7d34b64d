import { Command, type Option } from 'commander';
import type { CommandFacts, FlagFacts } from './command-facts.js';
import { addGlobalFlags } from './global-flags.js';
import { OUTPUT_FORMATS } from '../output/render-options.js';
import { COMMAND_TREE, type CommandNode, isNoun } from './tree.js';

/** Values of flags that are checked elsewhere, by their long name. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  '--output': OUTPUT_FORMATS,
  '--lang': ['zh', 'en'],
  '--mode': ['ax', 'axb', 'axe', 'axyb', 'x'],
};

/** Loads every command. The program comes first. */
export async function describeCommands(): Promise<readonly CommandFacts[]> {
  const nodes = COMMAND_TREE.flatMap((group) => group.nodes);
  const program = new Command();
  addGlobalFlags(program);
  program.option('-h, --help', 'help for any command').option('-V, --version', 'print the version');
  const top: CommandFacts = {
    path: [],
    says: '',
    follows: nodes.map(({ name }) => name),
    flags: shown(program),
  };
  return [top, ...(await Promise.all(nodes.map((node) => factsOf([], node)))).flat()];
}

async function factsOf(above: readonly string[], node: CommandNode): Promise<readonly CommandFacts[]> {
  const path = [...above, node.name];
  if (isNoun(node)) {
    const noun: CommandFacts = { path, says: node.summary, follows: node.verbs.map(({ name }) => name), flags: [] };
    return [noun, ...(await Promise.all(node.verbs.map((verb) => factsOf(path, verb)))).flat()];
  }
  const command = new Command();
  (await node.load()).command.define(command);
  return [{ path, says: node.summary, follows: [], flags: shown(command) }];
}

function shown(command: Command): readonly FlagFacts[] {
  return command.options.filter(({ hidden }) => !hidden).map(flagFacts);
}

function flagFacts({ short, long, required, optional, argChoices, description }: Option): FlagFacts {
  return {
    names: [short, long].filter((name) => name !== undefined),
    takesValue: required || optional,
    choices: argChoices ?? FIXED[long ?? ''] ?? [],
    says: description,
  };
}
