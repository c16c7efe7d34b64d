// Fills the marked sections of the READMEs and of docs/platform.md from the tables of the code, as built in dist/.
// With --check nothing is written: the exit code says whether a file would change.
import { readFile, writeFile } from 'node:fs/promises';
import { SETTINGS } from '../dist/config/setting-catalogue.js';
import { COMMAND_TREE, isNoun } from '../dist/commands/tree.js';
import { ERROR_CATALOGUE } from '../dist/errors.js';
import { EXIT_CODES } from '../dist/exit-codes.js';
import { DECLARATIONS } from '../dist/platform/declarations/all.js';
import { describeInterface } from './docs-interfaces.js';
import { EXAMPLE_SESSION } from './docs-session.js';
import { ZH } from './docs-zh.js';

const ROOT = new URL('../', import.meta.url);
const used = new Set();

const WORDS = {
  en: {
    lang: 'en',
    say: (text) => text,
    exitHead: ['Code', 'Name', 'When'],
    errorHead: ['Error code', 'Exit', 'When'],
    settingHead: ['Setting', 'Flag', 'Environment variable', 'Default', 'Meaning'],
    commandHead: ['Command', 'What it does'],
    examples: (texts) => `Examples: ${texts.join('; ')}.`,
    exits: (codes) => `Exit codes: ${codes.join(', ')}.`,
  },
  zh: {
    lang: 'zh',
    say: (text) => {
      const found = ZH[text];
      if (found === undefined) throw new Error(`scripts/docs-zh.js has no Chinese text for: ${text}`);
      used.add(text);
      return found;
    },
    exitHead: ['退出码', '名称', '含义'],
    errorHead: ['错误代码', '退出码', '含义'],
    settingHead: ['设置', '命令行参数', '环境变量', '默认值', '含义'],
    commandHead: ['命令', '作用'],
    examples: (texts) => `示例依次为：${texts.join('；')}。`,
    exits: (codes) => `退出码：${codes.join('、')}。`,
  },
};

/** Outcomes that every command can have; 130 and 143 are told once, above the list. */
const ALWAYS = ['ok', 'failure', 'usage'];

function table(head, rows) {
  const cell = (text) => String(text).replaceAll('|', '\\|');
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text) => (text === undefined || text === '' ? '' : `\`${text}\``);

function exitTable({ say, exitHead }) {
  return table(
    exitHead,
    Object.entries(EXIT_CODES).map(([name, exit]) => [exit.code, code(name), say(exit.when)]),
  );
}

function errorTable({ say, errorHead }) {
  return table(
    errorHead,
    Object.entries(ERROR_CATALOGUE).map(([name, { exit, when }]) => [code(name), EXIT_CODES[exit].code, say(when)]),
  );
}

function settingTable({ lang, settingHead }) {
  const textOf = (words) => (typeof words === 'string' ? words : words[lang]);
  return table(
    settingHead,
    SETTINGS.map(({ key, flag, variable, fallback, help }) => [
      code(key),
      code(flag),
      code(variable),
      textOf(fallback),
      textOf(help),
    ]),
  );
}

function leaves(nodes) {
  return nodes.flatMap((node) =>
    isNoun(node) ? node.verbs.map((verb) => ({ ...verb, name: `${node.name} ${verb.name}` })) : [node],
  );
}

async function commandSection(words) {
  const { say, commandHead, examples, exits } = words;
  const parts = [];
  for (const { group, nodes } of COMMAND_TREE) {
    const commands = leaves(nodes);
    parts.push(
      `### ${say(group)}`,
      table(
        commandHead,
        commands.map(({ name, summary }) => [code(name), say(summary)]),
      ),
    );
    for (const { name, load } of commands) {
      const { help } = (await load()).command;
      const codes = [...ALWAYS, ...help.exits].map((exit) => EXIT_CODES[exit].code).sort((one, other) => one - other);
      const { before = [], after = [] } = EXAMPLE_SESSION[name] ?? {};
      const lines = [...before, ...help.examples.map(({ line }) => line), ...after];
      parts.push(
        `#### \`${name}\``,
        `${examples(help.examples.map(({ says }) => say(says)))} ${exits(codes)}`,
        `\`\`\`sh\n${lines.join('\n')}\n\`\`\``,
      );
    }
  }
  return parts.join('\n\n');
}

async function sectionsOf(words) {
  return {
    'exit-codes': exitTable(words),
    'error-codes': errorTable(words),
    settings: settingTable(words),
    commands: await commandSection(words),
  };
}

function fill(file, text, sections) {
  return Object.entries(sections).reduce((filled, [name, content]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = filled.indexOf(start);
    const to = filled.indexOf(end);
    if (from === -1 || to < from) throw new Error(`${file} has no section ${start} … ${end}`);
    return `${filled.slice(0, from + start.length)}\n\n${content}\n\n${filled.slice(to)}`;
  }, text);
}

const files = {
  'README.md': await sectionsOf(WORDS.en),
  'README.zh-CN.md': await sectionsOf(WORDS.zh),
  'docs/platform.md': { interfaces: DECLARATIONS.map(describeInterface).join('\n\n') },
};
const stale = Object.keys(ZH).filter((text) => !used.has(text));
if (stale.length > 0) throw new Error(`scripts/docs-zh.js translates what nobody says any more: ${stale.join(' | ')}`);

const check = process.argv.includes('--check');
for (const [file, sections] of Object.entries(files)) {
  const url = new URL(file, ROOT);
  const before = await readFile(url, 'utf8');
  const after = fill(file, before, sections);
  if (after === before) continue;
  if (check) {
    process.stderr.write(`${file} is not what the code says: npm run docs\n`);
    process.exitCode = 1;
  } else {
    await writeFile(url, after);
    process.stdout.write(`wrote ${file}\n`);
  }
}
