import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addGlobalFlags } from '../../src/commands/global-flags.js';
import { COMMAND_TREE, isNoun } from '../../src/commands/tree.js';
import { EXIT_CODES } from '../../src/exit-codes.js';
import { openWorld } from '../helpers/world.js';

const NODES = COMMAND_TREE.flatMap(({ nodes }) => nodes);
const LEAVES = NODES.flatMap((node) =>
  isNoun(node)
    ? node.verbs.map((verb) => ({ path: [node.name, verb.name], leaf: verb }))
    : [{ path: [node.name], leaf: node }],
).map(({ path, leaf }) => ({ name: path.join(' '), path, leaf }));
const NOUNS = NODES.filter(isNoun);

function flagsOf(command: Command): string[] {
  return command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
}

function globalFlags(): string[] {
  const program = new Command();
  addGlobalFlags(program);
  return [...flagsOf(program), '-h', '--help', '-V', '--version'];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

describe.each(LEAVES)('help of $name', ({ path, leaf }) => {
  it('has purpose, examples, output and exit codes, in this order', async () => {
    const world = await openWorld();
    const { code, stdout, stderr } = await world.cli(...path, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { help } = (await leaf.load()).command;
    const text = oneLine(stdout);
    expect(text).toContain(oneLine(help.purpose));
    const places = ['Usage: ', 'Examples:', 'Output:', 'Exit codes:', 'Flags of every command:'].map((part) =>
      text.indexOf(part),
    );
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
    for (const { line } of help.examples) expect(text).toContain(oneLine(line));
    for (const name of help.exits) expect(text).toContain(`${EXIT_CODES[name].code} ${EXIT_CODES[name].when}`);
  });

  it('fits the terminal, but for examples', async () => {
    const world = await openWorld();
    const { stdout } = await world.run([...path, '--help'], { terminal: true, columns: 80 });
    const lines = stdout.replace(/\nExamples:\n[^]*?\n\n/, '\n').split('\n');
    expect(lines).toContain('Exit codes:');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('is the same as after "help"', async () => {
    const world = await openWorld();
    expect((await world.cli('help', ...path)).stdout).toBe((await world.cli(...path, '--help')).stdout);
  });

  it('has examples that name this command and flags that exist', async () => {
    const module = (await leaf.load()).command;
    const command = new Command();
    module.define(command);
    const known = new Set([...flagsOf(command), ...globalFlags()]);
    expect(module.help.examples.length).toBeGreaterThan(0);
    for (const { line } of module.help.examples) {
      const [, called = ''] = /privacy-call ([^|&;)]*)/.exec(line) ?? [];
      expect(called.replace(/^-p \w+ /, '')).toMatch(new RegExp(`^${path.join(' ')}(\\s|$)`));
      const words = called.replace(/"[^"]*"|'[^']*'/g, 'text').split(/\s+/);
      for (const word of words.filter((one) => /^--?[a-z]/.test(one))) expect([...known]).toContain(word);
    }
  });

  it('has no flag that means something else for every command', async () => {
    const module = (await leaf.load()).command;
    const command = new Command();
    module.define(command);
    const all = new Set(globalFlags());
    expect(flagsOf(command).filter((flag) => all.has(flag))).toEqual([]);
  });

  it('refuses a flag that does not exist', async () => {
    const world = await openWorld();
    const refused = await world.cli(...path, '--no-such-flag', '--json');
    expect(refused.error).toMatchObject({ code: 'flag-unknown', exitCode: 2 });
  });
});

describe('help of the program', () => {
  it('lists every command under its group, also for a bare call', async () => {
    const world = await openWorld();
    const { code, stdout } = await world.cli('--help');
    expect(code).toBe(0);
    for (const { group, nodes } of COMMAND_TREE) {
      expect(stdout).toContain(`\n${group}:\n`);
      for (const { name, summary } of nodes) expect(oneLine(stdout)).toContain(`${name} ${summary}`);
    }
    expect((await world.cli()).stdout).toBe(stdout);
    expect((await world.cli('help')).stdout).toBe(stdout);
  });

  it.each(NOUNS.map(({ name }) => name))('"%s" alone asks which of its commands', async (noun) => {
    const world = await openWorld();
    const asked = await world.cli('-p', 'sandbox', noun, '--json');
    expect(asked.error).toEqual({
      code: 'command-unknown',
      exitCode: 2,
      message: `${noun}: which of its commands?`,
      hint: `privacy-call ${noun} --help lists its commands.`,
    });
    expect((await world.cli(noun, '--help')).code).toBe(0);
    expect((await world.cli('help', noun)).stdout).toBe((await world.cli(noun, '--help')).stdout);
  });

  it('suggests what may have been meant', async () => {
    const world = await openWorld();
    const wrong = await world.cli('bnd', '--json');
    expect(wrong.error).toMatchObject({
      code: 'command-unknown',
      hint: 'Did you mean bind? privacy-call --help lists all commands.',
    });
    expect((await world.cli('bindings', 'find', '-x', '17000000201', '--json')).error).toMatchObject({
      code: 'command-unknown',
      hint: expect.stringContaining('privacy-call bindings list finds them') as string,
    });
    expect((await world.cli('cdr', 'lst', '--json')).error).toMatchObject({ code: 'command-unknown' });
    expect((await world.cli('explain', '8014', '--jsn', '--json')).error).toMatchObject({
      code: 'flag-unknown',
      hint: 'Did you mean --json? privacy-call explain --help shows its flags and examples.',
    });
  });

  it('prints the version of the package', async () => {
    const world = await openWorld();
    expect((await world.cli('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
