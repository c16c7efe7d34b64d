// Measures three tasks on one generated file: privacy-call, jq, plain Node and DuckDB, interleaved, and prints medians, ratios, memory.
//   npm run build && node bench/run.js [MEGABYTES=200] [RUNS=3] [--big GIGABYTES] [--corpus FILE] [--without jq,Python]
// jq, duckdb, mlr and python3 are measured where they are installed. --big also reads that much from a file of different records, for its peak memory.
// --corpus takes a file that is there in place of generating one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { TASKS } from './tasks.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { big: { type: 'string' }, corpus: { type: 'string' }, without: { type: 'string', default: '' } },
});
const [megabytes = 200, runs = 3] = positionals.map(Number);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const BIN = here('../bin/privacy-call.js');
const TIME = '/usr/bin/time';
const hasTime = existsSync(TIME);

const env = { ...process.env, NO_COLOR: '1' };
// Reading extra certificates at every start is no part of any tool.
delete env.NODE_EXTRA_CA_CERTS;

/** Runs a command to its end. @returns seconds, peak memory in MB (NaN where it cannot be measured), output. */
async function measure(words, { head = false, env: more = {} } = {}) {
  const timed = hasTime ? [TIME, '-f', 'peak %M', ...words] : words;
  const startedAt = performance.now();
  const child = spawn(timed[0], timed.slice(1), { env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = [];
  const err = [];
  child.stdout.on('data', (chunk) => {
    if (out.length < 5000) out.push(chunk);
    if (head) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk) => err.push(chunk));
  const ended = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const code = await ended;
  const seconds = (performance.now() - startedAt) / 1000;
  const talk = Buffer.concat(err).toString();
  if (code !== 0) throw new Error(`${words.slice(0, 4).join(' ')} ended with ${code}: ${talk}`);
  return { seconds, peak: Number(/peak (\d+)/.exec(talk)?.[1]) / 1024, text: Buffer.concat(out).toString() };
}

const isInstalled = (name) =>
  measure([name, '--version']).then(
    () => true,
    () => false,
  );

const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);

/** The same answer in whatever order and form. */
const answerOf = (task, text) =>
  text
    .split(/\r?\n/)
    .filter((line) => /^[\d{]/.test(line))
    .map(task.answer)
    .sort()
    .join('\n');

async function compare(file, bytes, tools) {
  row('Task', 'Tool', 'Median s', 'MB/s', 'Peak MB', 'privacy-call is');
  row('---', '---', '--:', '--:', '--:', '--:');
  for (const task of TASKS) {
    const measured = new Map(tools.map((tool) => [tool.name, []]));
    // In turns, so that a busy moment of the machine hits all.
    for (let run = 0; run < runs; run++) {
      for (const tool of tools) measured.get(tool.name).push(await measure(tool.words(task, file)));
    }
    const answers = ['privacy-call', 'plain Node'].map((name) => answerOf(task, measured.get(name)[0].text));
    if (answers[0] !== answers[1] || answers[0] === '') throw new Error(`${task.name}: the answers differ`);
    const ours = median(measured.get('privacy-call').map(({ seconds }) => seconds));
    for (const [name, results] of measured) {
      const seconds = median(results.map((one) => one.seconds));
      const peak = Math.max(...results.map((one) => one.peak));
      const ratio = name === 'privacy-call' ? '' : `${(seconds / ours).toFixed(1)} × as fast`;
      row(task.says, name, seconds.toFixed(2), (bytes / 1e6 / seconds).toFixed(0), peak.toFixed(0), ratio);
    }
  }
}

/** Whole processes against `node -e 0`, in turns. */
async function compareStarts(folder) {
  const one = join(folder, 'one.json');
  const fee = {
    icid: '1',
    sessionId: 's',
    bindNum: '+8617000000001',
    callInTime: '2026-11-22 00:00:00',
    ulFailReason: 0,
  };
  await writeFile(one, JSON.stringify({ eventType: 'fee', feeLst: [fee] }));
  const bind = [
    'bind',
    '--mode',
    'axb',
    '-a',
    '+8613800000001',
    '-b',
    '+8613800000002',
    '-p',
    'sandbox',
    '--if-exists',
    'skip',
    '-o',
    'json',
  ];
  const commands = [
    ['node -e 0', ['node', '-e', '0']],
    ['--version', ['node', BIN, '--version']],
    ['--help', ['node', BIN, '--help']],
    ['explain 8014', ['node', BIN, 'explain', '8014']],
    ['inspect one.json', ['node', BIN, 'inspect', one]],
    ['bind -p sandbox', ['node', BIN, ...bind]],
    ['jq --version', ['jq', '--version']],
    ['gh --version', ['gh', '--version']],
  ];
  const installed = [];
  for (const command of commands) if (await isInstalled(command[1][0])) installed.push(command);
  const times = new Map(installed.map(([name]) => [name, []]));
  const home = { HOME: folder, XDG_DATA_HOME: '', XDG_STATE_HOME: '', XDG_CONFIG_HOME: '' };
  for (let run = 0; run < 15; run++) {
    for (const [name, words] of installed) times.get(name).push((await measure(words, { env: home })).seconds);
  }
  const base = median(times.get('node -e 0'));
  row('Start', 'Median ms', 'against node -e 0');
  row('---', '--:', '--:');
  for (const [name, seconds] of times) {
    row(name, (median(seconds) * 1000).toFixed(0), `${(median(seconds) / base).toFixed(2)} ×`);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'privacy-call-bench-'));
try {
  const file = values.corpus ?? join(folder, 'corpus.ndjson');
  if (values.corpus === undefined) {
    console.log((await measure(['node', here('generate-corpus.js'), file, String(megabytes)])).text.trim());
  }
  const { size } = await stat(file);
  console.log(
    `Node ${process.version}, ${cpus().length} cores, ${runs} runs each, peak memory ${hasTime ? 'by time(1)' : 'not measured'}\n`,
  );
  const tools = [
    { name: 'privacy-call', words: (task) => ['node', BIN, ...task.ours(file)] },
    { name: 'plain Node', words: (task) => ['node', here('plain.js'), task.name, file] },
  ];
  if (await isInstalled('jq')) tools.push({ name: 'jq', words: (task) => ['jq', ...task.jq(file)] });
  if (await isInstalled('duckdb')) tools.push({ name: 'DuckDB', words: (task) => ['duckdb', '-c', task.duckdb(file)] });
  if (await isInstalled('python3'))
    tools.push({ name: 'Python', words: (task) => ['python3', '-c', task.python, file] });
  tools.push({ name: 'cat (the floor)', words: () => ['sh', '-c', 'cat "$0" > /dev/null', file] });
  for (const name of ['jq', 'duckdb', 'python3']) {
    if (!(await isInstalled(name))) console.log(`${name} is not installed: not measured\n`);
  }
  const left = values.without.split(',');
  await compare(
    file,
    size,
    tools.filter(({ name }) => !left.includes(name)),
  );
  console.log();
  await compareStarts(folder);
  const heads = [];
  for (let run = 0; run < 3; run++) heads.push((await measure(['node', BIN, 'inspect', file], { head: true })).seconds);
  console.log(
    `inspect of ${(size / 1e6).toFixed(0)} MB, reader gone after the first piece: ${median(heads).toFixed(2)} s`,
  );
  if (values.big !== undefined) {
    const big = join(folder, 'big.ndjson');
    await measure(['node', here('generate-corpus.js'), big, String(Number(values.big) * 1000), '7']);
    const { seconds, peak } = await measure(['node', BIN, ...TASKS[0].ours(big)]);
    console.log(`${values.big} GB of different records: ${seconds.toFixed(0)} s, peak ${peak.toFixed(0)} MB`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
