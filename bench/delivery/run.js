// Measures `listen` under load beside a server that keeps nothing and one that inserts into a database, and `replay` beside autocannon.
//   npm run bench:delivery [-- --seconds 5 --runs 3 --connections 1,64,256 --pushes 100000 --peers FOLDER --only listen]
// Needs wrk. fastify, better-sqlite3 (or node-sqlite3-wasm) and autocannon are taken from FOLDER/node_modules where they are installed.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    runs: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,64,256' },
    pushes: { type: 'string', default: '100000' },
    peers: { type: 'string', default: '.' },
    only: { type: 'string' },
  },
});
const RUNS = Number(values.runs);
const BIN = fileURLToPath(new URL('../../bin/privacy-call.js', import.meta.url));
const SERVER = fileURLToPath(new URL('server.js', import.meta.url));
const LOAD = fileURLToPath(new URL('load.lua', import.meta.url));
const peers = resolve(values.peers);
const { resolve: find } = createRequire(pathToFileURL(`${peers}/`));
const has = (name) => {
  try {
    return find(name);
  } catch {
    return undefined;
  }
};
const versionOf = (name) => {
  const entry = has(name);
  if (entry === undefined) return 'not installed: not measured';
  const folder = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
  return JSON.parse(readFileSync(`${folder}package.json`, 'utf8')).version;
};
const env = { ...process.env, NO_COLOR: '1' };
// Reading extra certificates at every start is no part of any tool.
delete env.NODE_EXTRA_CA_CERTS;

const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);

/** CPU seconds and the most memory (MB) of a process so far, all its threads. */
function usageOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, peak: Number(peak) / 1024 };
}

async function end(child, signal = 'SIGTERM') {
  const closed = once(child, 'close');
  child.kill(signal);
  const [code] = await closed;
  return code;
}

async function startServer(words) {
  const child = spawn('node', [SERVER, ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, port: Number(text), kept: () => Promise.resolve(undefined) };
}

/** The program as users start it; its rows go into a file. */
async function startListen(folder) {
  const data = join(folder, 'data');
  const ready = join(folder, 'ready');
  await rm(data, { recursive: true, force: true });
  await rm(ready, { force: true });
  const child = spawn('node', [BIN, 'listen', '--port', '0', '--ready-file', ready, '-o', 'ndjson', '-q'], {
    env: { ...env, HOME: folder, XDG_DATA_HOME: data, XDG_STATE_HOME: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const rows = createWriteStream(join(folder, 'rows.ndjson'));
  child.stdout.pipe(rows);
  while (!existsSync(ready)) await delay(10);
  const { port } = new URL(readFileSync(ready, 'utf8').trim());
  return { child, port: Number(port), kept: () => linesOf(data) };
}

/** Pushes in the segments of a journal, repeats left out. */
async function linesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let lines = 0;
  for (const entry of entries.filter(
    ({ name, parentPath }) => name.endsWith('.ndjson') && /journal/.test(parentPath),
  )) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  }
  return lines;
}

let runs = 0;

/** wrk for some seconds. @returns its figures. */
async function press(port, connections, isShort, seconds = Number(values.seconds)) {
  const run = `${process.pid}-${(runs += 1)}`;
  const words = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '30s',
    '-s',
    LOAD,
    `http://127.0.0.1:${port}/`,
  ];
  const child = spawn('wrk', [...words, '--', run, ...(isShort ? ['close'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  await once(child, 'close');
  return JSON.parse(/^RESULT (.*)$/m.exec(Buffer.concat(parts).toString())[1]);
}

const PUSH_SERVERS = [
  { name: 'plain node:http, keeps nothing', start: () => startServer(['plain']) },
  { name: 'privacy-call listen', start: startListen },
  ...(has('fastify') && (has('better-sqlite3') ?? has('node-sqlite3-wasm'))
    ? [
        {
          name: `fastify + ${has('better-sqlite3') === undefined ? 'node-sqlite3-wasm' : 'better-sqlite3'}`,
          start: (folder) => startServer(['fastify', peers, join(folder, `push-${(runs += 1)}.db`)]),
        },
      ]
    : []),
];

async function compareServers(title, folder, { connections, isShort = false }) {
  const measured = new Map(PUSH_SERVERS.map(({ name }) => [name, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const { name, start } of PUSH_SERVERS) {
      // What the server before has left to write is not to be this one's burden.
      spawnSync('sync');
      const server = await start(folder);
      const warm = await press(server.port, connections, isShort, 1);
      const before = usageOf(server.child.pid);
      const figures = await press(server.port, connections, isShort);
      const { cpu, peak } = usageOf(server.child.pid);
      const code = await end(server.child);
      const kept = await server.kept();
      if (figures.refused + figures.broken > 0) throw new Error(`${name}: ${JSON.stringify(figures)}`);
      // What was on its way when wrk stopped was kept too.
      if (kept !== undefined && (code !== 0 || kept < warm.requests + figures.requests))
        throw new Error(`${name}: ended with ${code}, ${kept} kept of ${warm.requests + figures.requests}`);
      const perPush = ((cpu - before.cpu) * 1e6) / figures.requests;
      measured.get(name).push({ ...figures, rate: figures.requests / figures.seconds, perPush, peak });
    }
  }
  const ceiling = measured.get(PUSH_SERVERS[0].name);
  console.log(`\n${title}\n`);
  row('Server', 'pushes/s', 'p50 ms', 'p99 ms', 'max ms', 'CPU µs a push', 'Peak MB', 'of the ceiling');
  row('---', '--:', '--:', '--:', '--:', '--:', '--:', '--:');
  for (const [name, results] of measured) {
    const ratios = results.map(({ rate }, index) => rate / ceiling[index].rate);
    row(
      name,
      median(results.map(({ rate }) => rate)).toFixed(0),
      ...['p50', 'p99', 'max'].map((field) => median(results.map((one) => one[field])).toFixed(1)),
      median(results.map(({ perPush }) => perPush)).toFixed(0),
      Math.max(...results.map(({ peak }) => peak)).toFixed(0),
      `${median(ratios).toFixed(2)} × (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
    );
  }
}

const pushOf = (index) =>
  `{"eventType":"fee","feeLst":[{"direction":1,"icid":"i${index}","sessionId":"s${index}","callEndTime":"2026-11-22 00:01:10"`;

async function writePushes(file, count) {
  const out = createWriteStream(file);
  for (let index = 0; index < count; index += 1) {
    const start = pushOf(index);
    const line = `${start},"userData":"${'x'.repeat(2048 - start.length - 18)}"}]}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

/** Runs a command to its end. @returns wall and CPU seconds, and what it said. */
async function measure(words, more) {
  const begun = performance.now();
  const child = spawn('/usr/bin/time', ['-f', 'peak %M cpu %U %S', ...words], { env: { ...env, ...more } });
  const [out, talk] = [[], []];
  child.stdout.on('data', (part) => out.push(part));
  child.stderr.on('data', (part) => talk.push(part));
  const [code] = await once(child, 'close');
  const seconds = (performance.now() - begun) / 1000;
  const text = Buffer.concat(talk).toString();
  if (code !== 0) throw new Error(`${words.slice(0, 4).join(' ')} ended with ${code}: ${text.slice(-1000)}`);
  const [, peak, user, system] = /peak (\d+) cpu ([\d.]+) ([\d.]+)/.exec(text);
  return { seconds, peak: Number(peak) / 1024, cpu: Number(user) + Number(system), out: Buffer.concat(out).toString() };
}

async function compareSenders(folder) {
  const pushes = Number(values.pushes);
  const file = join(folder, 'pushes.ndjson');
  await writePushes(file, pushes);
  const cannon = has('autocannon');
  const body = readFileSync(file, { encoding: 'utf8' }).slice(0, 2048);
  const senders = [
    {
      name: 'privacy-call replay --speed max',
      words: (url) => [
        ...['node', BIN, 'replay', file, '--to', url, '--speed', 'max', '--concurrency', '64'],
        ...['-o', 'ndjson', '-q'],
      ],
    },
    ...(cannon === undefined
      ? []
      : [
          {
            name: 'autocannon',
            words: (url) => [
              ...[
                'node',
                cannon,
                '-c',
                '64',
                '-a',
                String(pushes),
                '-m',
                'POST',
                '-H',
                'content-type=application/json',
              ],
              ...['-b', body, '--no-progress', '--json', url],
            ],
          },
        ]),
  ];
  const measured = new Map(senders.map(({ name }) => [name, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const { name, words } of senders) {
      const server = await startServer(['plain']);
      const more = { HOME: folder, XDG_DATA_HOME: folder, XDG_STATE_HOME: folder };
      const figures = await measure(words(`http://127.0.0.1:${server.port}/fee`), more);
      await end(server.child);
      if (name !== 'autocannon' && figures.out.split('"ok":true').length - 1 !== pushes)
        throw new Error(`${name}: not every push was answered`);
      measured.get(name).push(figures);
    }
  }
  console.log(`\n${pushes} saved pushes of 2 KB, 64 under way at once, start-up included\n`);
  row('Sender', 'pushes/s', 'CPU µs a push', 'Peak MB', 'of autocannon');
  row('---', '--:', '--:', '--:', '--:');
  const other = measured.get('autocannon');
  for (const [name, results] of measured) {
    const ratios = results.map(({ seconds }, index) => (other?.[index]?.seconds ?? NaN) / seconds);
    row(
      name,
      (pushes / median(results.map(({ seconds }) => seconds))).toFixed(0),
      ((median(results.map(({ cpu }) => cpu)) * 1e6) / pushes).toFixed(0),
      Math.max(...results.map(({ peak }) => peak)).toFixed(0),
      other === undefined ? 'not measured' : `${median(ratios).toFixed(2)} ×`,
    );
  }
}

const folder = await mkdtemp(join(tmpdir(), 'privacy-call-bench-'));
try {
  const wrk = /wrk (\S+)/.exec(spawnSync('wrk', ['-v'], { encoding: 'utf8' }).stdout ?? '')?.[1];
  const versions = ['fastify', 'better-sqlite3', 'node-sqlite3-wasm', 'autocannon'].map(
    (name) => `${name} ${versionOf(name)}`,
  );
  console.log(
    `Node ${process.version}, ${cpus().length} cores, ${RUNS} runs in turns; wrk ${wrk ?? 'not installed'}, ${versions.join(', ')}`,
  );
  if (values.only !== 'replay') {
    if (wrk === undefined) throw new Error('wrk is needed to press the servers');
    for (const connections of values.connections.split(',').map(Number))
      await compareServers(`${connections} connections, ${values.seconds} s each, bodies of 2 KB`, folder, {
        connections,
      });
    await compareServers(`64 at once, a connection for each push`, folder, { connections: 64, isShort: true });
  }
  if (values.only !== 'listen') await compareSenders(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
