/**
 * What a find in a large ledger takes: `npm run build && node bench/ledger.js [lines]`. Writes a ledger of made-up AXB bindings into a temporary folder, then
 * times the real program, each command three times, those that read everything once; the first find makes the index.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEDGER_CODEC } from '../dist/store/file/entry-codecs.js';
import { sealLine } from '../dist/store/file/sealed-line.js';

const LINES = Number(process.argv[2] ?? 1_000_000);
const BIN = new URL('../bin/privacy-call.js', import.meta.url).pathname;
const number = (prefix, index) => `+86${prefix}${String(index).padStart(8, '0')}`;

async function writeLedger(file) {
  const out = createWriteStream(file, { mode: 0o600 });
  let parts = [];
  for (let index = 0; index < LINES; index += 1) {
    const subscriptionId = `0ab1c2d3-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const at = new Date(Date.UTC(2026, 0, 1) + index * 1000);
    const numbers = { a: number('138', index), b: number('139', index), x: number('170', index % 2000) };
    const binding = { kind: 'Binding', mode: 'axb', subscriptionId, ...numbers, createdAt: at, expiresAt: null };
    const entry = { key: `axb:${subscriptionId}`, at, mode: 'axb', action: 'bind', state: 'active', binding };
    const request = { a: numbers.a, b: numbers.b, x: numbers.x, ttl: 0 };
    parts.push(sealLine([JSON.stringify({ v: 1, ...LEDGER_CODEC.encode({ ...entry, request }) }).slice(0, -1)]));
    if (parts.length < 5000) continue;
    if (!out.write(Buffer.concat(parts))) await new Promise((resolve) => out.once('drain', resolve));
    parts = [];
  }
  await new Promise((resolve) => out.end(Buffer.concat(parts), resolve));
}

function time(home, argv) {
  const started = performance.now();
  const options = { env: { PATH: process.env.PATH, HOME: home }, encoding: 'utf8', maxBuffer: 2 ** 30 };

  const ended = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(PEAK)}`, BIN, ...argv],
    options,
  );
  if (ended.status !== 0) throw new Error(`${argv.join(' ')}: ${ended.stderr}`);
  const [, peak, cpu] = /peak (\d+) cpu (\d+)/.exec(ended.stderr) ?? [];
  return {
    ms: Math.round(performance.now() - started),
    cpu: Math.round(Number(cpu) / 1000),
    mib: Math.round(Number(peak) / 1024),
    bytes: ended.stdout.length,
  };
}

const PEAK =
  "process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write(`peak ${u.maxRSS} cpu ${u.userCPUTime+u.systemCPUTime}\\n`)})";

function show(name, argv, times) {
  const runs = Array.from({ length: times }, () => time(home, argv));
  const shown = runs.map(({ ms, cpu }) => `${ms} ms (${cpu} CPU)`).join(', ');
  console.log(`${name.padEnd(26)} ${shown}; ${runs.at(-1).mib} MiB`);
}

const home = await mkdtemp(join(tmpdir(), 'privacy-call-bench-'));
try {
  const folder = join(home, '.local/share/privacy-call/sandbox');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'ledger.ndjson');
  show('a find, empty ledger', ['-p', 'sandbox', 'bindings', 'list', '-a', number('138', 1)], 3);
  await writeLedger(file);
  console.log(`${LINES} lines, ${Math.round((await stat(file)).size / 2 ** 20)} MiB`);
  const list = ['-p', 'sandbox', 'bindings', 'list'];
  const middle = Math.floor(LINES / 2);
  const commands = {
    'find by A, makes the index': [...list, '-a', number('138', middle)],
    'find by A': [...list, '-a', number('138', middle)],
    'find by ID': [...list, '--id', `0ab1c2d3-0000-4000-8000-${String(middle).padStart(12, '0')}`],
    'find by X (500)': [...list, '-x', number('170', 7)],
    'find, none': [...list, '-b', '+8613799999999'],
    'find by time, one hour': [...list, '--since', '2026-01-04 08:00', '--until', '2026-01-04 09:00', '--tz', 'UTC'],
    'one, by ID': ['-p', 'sandbox', 'bindings', 'show', `0ab1c2d3-0000-4000-8000-${String(middle).padStart(12, '0')}`],
    'list all, NDJSON': [...list, '-o', 'ndjson'],
    'export all': ['-p', 'sandbox', 'bindings', 'export', '--mode', 'axb'],
  };
  for (const [name, argv] of Object.entries(commands)) {
    show(name, argv, /all|makes/.test(name) ? 1 : 3);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
