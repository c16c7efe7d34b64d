// The tools that read the same file for the same tasks, and which of them are installed.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BIN, isInstalled, measure, median, row } from './measure.js';
import { TASKS } from './tasks.js';

const FLOOR = 'cat, the floor';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The tools that can be measured here; of the others it prints that they are not installed.
 * @param peers folder whose node_modules may hold @duckdb/node-api.
 * @param without names of tools that are left out.
 */
export async function findReaders(peers, without) {
  const duckdb = packageIn(peers, '@duckdb/node-api');
  const tools = [
    { name: 'privacy-call', words: (task, file) => ['node', BIN, ...task.ours(file)] },
    { name: 'plain Node', words: (task, file) => ['node', here('plain.js'), task.name, file] },
    { name: 'jq', program: 'jq', words: (task, file) => ['jq', ...task.jq(file)] },
    { name: 'Miller', program: 'mlr', words: (task, file) => ['mlr', ...task.miller(file)] },
    { name: 'Python 3', program: 'python3', words: (task, file) => ['python3', '-c', task.python, file] },
    { name: 'DuckDB', package: true, words: (task, file) => ['node', here('duckdb.js'), duckdb, task.duckdb(file)] },
    { name: FLOOR, words: (_, file) => ['sh', '-c', 'cat "$0" > /dev/null', file] },
  ];
  const found = [];
  for (const tool of tools) {
    if (without.includes(tool.name)) continue;
    const there =
      tool.package === true ? duckdb !== undefined : tool.program === undefined || (await isInstalled(tool.program));
    if (there) found.push(tool);
    else console.log(`${tool.name} is not installed: not measured\n`);
  }
  return found;
}

function packageIn(folder, name) {
  try {
    return createRequire(pathToFileURL(`${resolve(folder)}/`)).resolve(name);
  } catch {
    return undefined;
  }
}

/** The same answer in whatever order and form: CSV, or an object a line. */
const answerOf = (task, text) =>
  text
    .split(/\r?\n/)
    .filter((line) => /^[\d{]/.test(line))
    .map((line) => task.answer(line.startsWith('{') ? JSON.parse(line) : line.split(',')))
    .sort()
    .join('\n');

/** What takes longer is run once: its ratio is so large that the noise of the machine does not matter. */
const SLOW_SECONDS = 10;

/**
 * Runs every task with every tool and prints medians, ratios, peak memory; a slow tool is run once.
 * @returns for each task how often our time goes into that of a tool, by its name, and our peak memory in MB.
 * @throws where a tool answers something else than we do.
 */
export async function compareReaders(file, { bytes, runs, tools }) {
  row('Task', 'Tool', 'Runs', 'Median s', 'MB/s', 'Peak MB', 'Time of it, privacy-call = 1');
  row('---', '---', '--:', '--:', '--:', '--:', '--:');
  const found = [];
  for (const task of TASKS) {
    const measured = new Map(tools.map(({ name }) => [name, []]));
    // In turns, so that a busy moment of the machine hits all.
    for (let run = 0; run < runs; run++) {
      for (const { name, words } of tools) {
        const results = measured.get(name);
        if (results.length > 0 && results[0].seconds > SLOW_SECONDS) continue;
        results.push(await measure(words(task, file)));
      }
    }
    const answers = [...measured].map(([name, [{ text }]]) => ({ name, answer: answerOf(task, text) }));
    const [own, ...others] = answers.filter(({ name }) => name !== FLOOR);
    const other = others.find(({ answer }) => answer !== own.answer);
    if (own.answer === '' || other !== undefined)
      throw new Error(`${task.says}: ${other?.name} answers something else`);
    const ours = median(measured.get('privacy-call').map(({ seconds }) => seconds));
    const times = new Map();
    for (const [name, results] of measured) {
      const seconds = median(results.map((one) => one.seconds));
      const peak = Math.max(...results.map((one) => one.peak));
      times.set(name, seconds / ours);
      const speed = (bytes / 1e6 / seconds).toFixed(0);
      row(
        task.says,
        name,
        results.length,
        seconds.toFixed(2),
        speed,
        peak.toFixed(0),
        `${times.get(name).toFixed(2)} ×`,
      );
    }
    found.push({ says: task.says, times, peak: Math.max(...measured.get('privacy-call').map(({ peak }) => peak)) });
  }
  return found;
}
