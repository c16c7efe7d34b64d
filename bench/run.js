// Reads one generated file with privacy-call and every peer that is installed, starts them all, and prints medians, ratios and memory.
//   npm run bench -- [MEGABYTES=1000] [RUNS=5] [--peers FOLDER] [--without jq,Miller] [--big GIGABYTES] [--corpus FILE] [--starts 21] [--only readers|starts]
// As it is without words, seven to eleven minutes, is what the goals are for; they are looked at last.
// jq, mlr, python3 and gh are measured where they are installed, DuckDB where FOLDER/node_modules has @duckdb/node-api. --big also reads that much from
// a file of different records, for its peak memory. --corpus takes a file that is there in place of generating one.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareGoals } from './goals.js';
import { BIN, HAS_TIME, measure, median } from './measure.js';
import { compareReaders, findReaders } from './readers.js';
import { compareStarts, measureFirstStart } from './starts.js';
import { TASKS } from './tasks.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    big: { type: 'string' },
    corpus: { type: 'string' },
    peers: { type: 'string', default: '.' },
    without: { type: 'string', default: '' },
    starts: { type: 'string', default: '21' },
    only: { type: 'string' },
  },
});
const [megabytes = 1000, runs = 5] = positionals.map(Number);
const GENERATOR = fileURLToPath(new URL('generate-corpus.js', import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'privacy-call-bench-'));
try {
  console.log(
    `Node ${process.version}, ${cpus().length} cores, ${runs} runs each, peak memory ${HAS_TIME ? 'by time(1)' : 'not measured'}\n`,
  );
  const tasks = values.only === 'starts' ? [] : await readFiles();
  const starts = values.only === 'readers' ? [] : await compareStarts(folder, Number(values.starts));
  console.log();
  const installed = values.only === 'readers' ? undefined : await measureFirstStart(folder);
  console.log();
  compareGoals({ tasks, starts, installed });
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @returns what the tasks came to, for the goals. */
async function readFiles() {
  const file = values.corpus ?? join(folder, 'corpus.ndjson');
  if (values.corpus === undefined) {
    console.log(`${(await measure(['node', GENERATOR, file, String(megabytes)])).text.trim()}\n`);
  }
  const { size } = await stat(file);
  const tools = await findReaders(values.peers, values.without.split(','));
  const tasks = await compareReaders(file, { bytes: size, runs, tools });
  const heads = [];
  for (let run = 0; run < runs; run++) {
    heads.push((await measure(['node', BIN, 'inspect', file], { head: true })).seconds);
  }
  const says = `inspect of ${(size / 1e6).toFixed(0)} MB, reader gone after the first piece`;
  console.log(`\n${says}: ${median(heads).toFixed(2)} s`);
  if (values.big !== undefined) {
    const big = join(folder, 'big.ndjson');
    await measure(['node', GENERATOR, big, String(Number(values.big) * 1000), '7']);
    const { seconds, peak } = await measure(['node', BIN, ...TASKS[0].ours(big)]);
    console.log(`${values.big} GB of different records: ${seconds.toFixed(0)} s, peak ${peak.toFixed(0)} MB`);
  }
  console.log();
  return tasks;
}
