import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CommandHelp } from '../../src/commands/command.js';
import { COMMAND_TREE, isNoun } from '../../src/commands/tree.js';
import { SETTINGS } from '../../src/config/setting-catalogue.js';
import { ERROR_CATALOGUE } from '../../src/errors.js';
import { EXIT_CODES } from '../../src/exit-codes.js';
import { expectedCodes, section, shellBlocks } from './readme-blocks.js';
import { runSession } from './run-session.js';

const read = (file: string): Promise<string> => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

const LANGUAGES = ['README.md', 'README.zh-CN.md'];

async function allCommands(): Promise<{ name: string; help: CommandHelp }[]> {
  const leaves = COMMAND_TREE.flatMap(({ nodes }) => nodes).flatMap((node) =>
    isNoun(node)
      ? node.verbs.map(({ name, load }) => ({ name: `${node.name} ${name}`, load }))
      : [{ name: node.name, load: node.load }],
  );
  return Promise.all(leaves.map(async ({ name, load }) => ({ name, help: (await load()).command.help })));
}

describe.each(LANGUAGES)('%s', (file) => {
  let text = '';
  beforeAll(async () => {
    text = await read(file);
  });

  it('tells of every command, with its examples as help has them', async () => {
    const commands = section(text, 'commands');
    const missing = (await allCommands()).flatMap(({ name, help }) => {
      const [, own = ''] = commands.split(`#### \`${name}\`\n`);
      const block = shellBlocks(own)[0] ?? '';
      return help.examples.filter(({ line }) => !block.includes(`${line}\n`)).map(({ line }) => `${name}: ${line}`);
    });
    expect(missing).toEqual([]);
    const names = [...commands.matchAll(/^#### `(.+)`$/gm)].map(([, name]) => name);
    expect(names).toEqual((await allCommands()).map(({ name }) => name));
  });

  it('tells of every exit code, error code and setting, each with its number or variable', () => {
    const rows = (name: string): string[] =>
      section(text, name)
        .split('\n')
        .filter((line) => line.startsWith('| '))
        .slice(2)
        .map((line) => line.split(' | ').slice(0, 2).join(' | '));
    expect(rows('exit-codes')).toEqual(Object.entries(EXIT_CODES).map(([name, { code }]) => `| ${code} | \`${name}\``));
    expect(rows('error-codes')).toEqual(
      Object.entries(ERROR_CATALOGUE).map(([code, { exit }]) => `| \`${code}\` | ${EXIT_CODES[exit].code}`),
    );
    const settings = section(text, 'settings');
    const absent = SETTINGS.filter(
      ({ key, variable }) => !settings.includes(`| \`${key}\` |`) || !settings.includes(`\`${variable}\``),
    );
    expect(absent).toEqual([]);
  });

  it('names no phone number but invented ones', () => {
    const numbers = [...text.matchAll(/(?<![\w-])(?:\+?86)?1[3-9]\d{9}(?!\w)/g)].map(([number]) => number);
    expect(numbers.filter((number) => !/(13800000|170000002|170000001|170000003|170000000)\d+$/.test(number))).toEqual(
      [],
    );
    expect(numbers.length).toBeGreaterThan(10);
  });

  it('names only files that exist', async () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(4);
    await Promise.all(links.map((link) => read(link)));
  });
});

describe('the command blocks', () => {
  it('are the same in both languages', async () => {
    const [english = '', chinese = ''] = await Promise.all(LANGUAGES.map(read));
    expect(shellBlocks(english).length).toBeGreaterThan(40);
    expect(shellBlocks(chinese)).toEqual(shellBlocks(english));
  });

  it('run, in order, in one shell', { timeout: 600_000 }, async () => {
    const blocks = shellBlocks(await read('README.md'));
    const result = await runSession(blocks);
    const last = result.blocks.length - 1;
    expect(
      result.code,
      `this block failed:\n${blocks[last] ?? ''}\nstdout: ${result.blocks[last]?.stdout ?? ''}\nstderr: ${result.stderr.slice(-2000)}`,
    ).toBe(0);
    expect(result.blocks).toHaveLength(blocks.length);
    const told = blocks.map((block, index) => ({
      block,
      expected: expectedCodes(block),
      printed: [...(result.blocks[index]?.stdout ?? '').matchAll(/^\d+$/gm)].map(([code]) => code),
    }));
    for (const { block, expected, printed } of told) {
      if (expected.length > 0) expect(printed, block).toEqual(expected);
    }
    expect(told.flatMap(({ expected }) => expected)).toEqual(['5', '5', '2', '9', '7']);
    expect(result.stderr).not.toContain('unexpected:');
  });
});
