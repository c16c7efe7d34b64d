// Measures the download of recordings: privacy-call, curl and aria2c, through both steps (301, then the file), from one nginx.
//   npm run bench:recordings [-- --small 5000 --large 20 --runs 3 --parallel 16]
// Needs nginx; curl and aria2c are measured where they are installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    small: { type: 'string', default: '5000' },
    large: { type: 'string', default: '20' },
    runs: { type: 'string', default: '3' },
    parallel: { type: 'string', default: '16' },
    only: { type: 'string' },
  },
});
const PARALLEL = values.parallel;
const BIN = fileURLToPath(new URL('../../bin/privacy-call.js', import.meta.url));
const DOMAIN = 'ostor.example.com';
const env = { ...process.env, NO_COLOR: '1' };
// Reading extra certificates at every start is no part of any tool.
delete env.NODE_EXTRA_CA_CERTS;

const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const versionOf = (name, flag = '--version') => {
  const { error, stdout, stderr } = spawnSync(name, [flag], { encoding: 'utf8' });
  return error === undefined ? /\d+\.\d+[.\d]*/.exec(stdout + stderr)?.[0] : undefined;
};

/** Runs a command to its end. @returns seconds, peak memory in MB. */
async function measure(words, more = {}) {
  const timed = ['/usr/bin/time', '-f', 'peak %M cpu %U %S', ...words];
  const startedAt = performance.now();
  const child = spawn(timed[0], timed.slice(1), { env: { ...env, ...more }, stdio: ['ignore', 'ignore', 'pipe'] });
  const err = [];
  child.stderr.on('data', (chunk) => err.push(chunk));
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const seconds = (performance.now() - startedAt) / 1000;
  const talk = Buffer.concat(err).toString();
  if (code !== 0) throw new Error(`${words.slice(0, 4).join(' ')} ended with ${code}: ${talk.slice(-2000)}`);
  const [, peak, user, system] = /peak (\d+) cpu ([\d.]+) ([\d.]+)/.exec(talk) ?? [];
  return { seconds, peak: Number(peak) / 1024, cpu: Number(user) + Number(system) };
}

/** A whole recording of about `bytes`, different from every other. */
function wav(bytes, tail) {
  const head = Buffer.alloc(58);
  const length = bytes - head.length;
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(50 + length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(18, 16);
  head.writeUInt16LE(6, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('fact', 38, 'latin1');
  head.writeUInt32LE(4, 42);
  head.writeUInt32LE(length, 46);
  head.write('data', 50, 'latin1');
  head.writeUInt32LE(length, 54);
  return Buffer.concat([head, tail.subarray(0, length - 16), randomBytes(16)]);
}

/** nginx: the address by 301, as the platform answers, and the files. */
async function startNginx(folder) {
  const port = 20_000 + (process.pid % 20_000);
  const conf = join(folder, 'nginx.conf');
  await writeFile(
    conf,
    `pid ${folder}/nginx.pid; error_log ${folder}/error.log; worker_processes 1; daemon off;
     events { worker_connections 1024; }
     http {
       access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000; default_type audio/x-wav;
       client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
       uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
       server {
         listen 127.0.0.1:${port};
         location = /rest/provision/voice/record/v1.0 { return 301 http://127.0.0.1:${port}/storage/$arg_fileName?expires=1&token=x; }
         location /storage/ { alias ${folder}/files/; }
       }
     }`,
  );
  const child = spawn('nginx', ['-c', conf, '-e', join(folder, 'error.log')], { stdio: 'inherit' });
  for (;;) {
    const up = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (up) return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
    if (child.exitCode !== null) throw new Error('nginx has ended');
  }
}

const addressOf = (url, name) => `${url}/rest/provision/voice/record/v1.0?fileName=${name}&recordDomain=${DOMAIN}`;

/** The CDRs that name the files, for our own tool. */
const cdrsOf = (names) =>
  JSON.stringify({
    eventType: 'fee',
    feeLst: names.map((name, index) => ({
      direction: 1,
      spId: 'sp',
      appKey: 'key',
      icid: `icid-${index}`,
      bindNum: '+8617000000201',
      sessionId: `session-${index}`,
      callerNum: '+8613800000001',
      calleeNum: '+8613800000002',
      callInTime: '2026-11-22 00:00:00',
      fwdAnswerTime: '2026-11-22 00:00:10',
      callEndTime: '2026-11-22 00:01:10',
      ulFailReason: 0,
      sipStatusCode: 0,
      callOutUnaswRsn: 0,
      recordFlag: 1,
      recordStartTime: '2026-11-22 00:00:10',
      recordObjectName: name,
      recordBucketName: 'bucket',
      recordDomain: DOMAIN,
      serviceType: '004',
      hostName: 'host',
    })),
  });

async function sumOf(folder, among) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const hashes = new Set();
  let files = 0;
  for (const entry of entries.filter((one) => one.isFile() && !one.name.startsWith('.'))) {
    files += 1;
    if (files <= among)
      hashes.add(
        createHash('sha256')
          .update(await readFile(join(entry.parentPath, entry.name)))
          .digest('hex'),
      );
  }
  return { files, hashes };
}

async function compare(title, { count, bytes, folder, server }) {
  const files = join(folder, 'files');
  await rm(files, { recursive: true, force: true });
  await mkdir(files);
  const tail = randomBytes(bytes);
  const names = Array.from({ length: count }, (_, index) => `r${index}.wav`);
  const expected = new Set();
  for (const name of names) {
    const content = wav(bytes, tail);
    expected.add(createHash('sha256').update(content).digest('hex'));
    await writeFile(join(files, name), content);
  }
  const cdrs = join(folder, 'cdrs.json');
  await writeFile(cdrs, cdrsOf(names));
  const out = join(folder, 'out');
  const data = join(folder, 'data');
  await writeFile(
    join(folder, 'curl.txt'),
    names.map((name) => `url = "${addressOf(server.url, name)}"\noutput = "${out}/${name}"`).join('\n'),
  );
  await writeFile(
    join(folder, 'aria.txt'),
    names.map((name) => `${addressOf(server.url, name)}\n  out=${name}`).join('\n'),
  );
  const tools = [
    {
      name: 'privacy-call',
      words: [
        'node',
        BIN,
        'recordings',
        'download',
        cdrs,
        '--dir',
        out,
        '--concurrency',
        PARALLEL,
        '-o',
        'ndjson',
        '--no-progress',
      ],
      env: {
        HOME: folder,
        XDG_DATA_HOME: data,
        PRIVACY_CALL_APP_KEY: 'key',
        PRIVACY_CALL_APP_SECRET: 'secret',
        PRIVACY_CALL_ENDPOINT: server.url,
        PRIVACY_CALL_MODE: 'axb',
      },
    },
    { name: 'curl', words: ['curl', '-sSL', '--parallel', '--parallel-max', PARALLEL, '-K', join(folder, 'curl.txt')] },
    {
      name: 'aria2c',
      words: [
        'aria2c',
        '-q',
        '-j',
        PARALLEL,
        '-d',
        out,
        '-i',
        join(folder, 'aria.txt'),
        '--file-allocation=none',
        '--auto-file-renaming=false',
      ],
    },
  ].filter(
    ({ name }) => (values.only === undefined || values.only === name) && (name === 'privacy-call' || versionOf(name)),
  );
  const measured = new Map(tools.map(({ name }) => [name, []]));
  for (let run = 0; run < Number(values.runs); run += 1) {
    for (const tool of tools) {
      await rm(out, { recursive: true, force: true });
      await rm(data, { recursive: true, force: true });
      await mkdir(out);
      // What the tool before has left to write is not to be this one's burden.
      spawnSync('sync');
      measured.get(tool.name).push(await measure(tool.words, tool.env));
      const got = await sumOf(out, 200);
      if (got.files !== count || [...got.hashes].some((hash) => !expected.has(hash))) {
        throw new Error(`${tool.name}: ${got.files} of ${count} files, or others`);
      }
    }
  }
  const ours = median(measured.get('privacy-call')?.map(({ seconds }) => seconds) ?? [NaN]);
  console.log(`\n${title}\n`);
  row('Tool', 'Median s', 'files/s', 'MB/s', 'CPU s', 'Peak MB', 'privacy-call is');
  row('---', '--:', '--:', '--:', '--:', '--:', '--:');
  for (const [name, results] of measured) {
    const seconds = median(results.map((one) => one.seconds));
    row(
      name,
      seconds.toFixed(2),
      (count / seconds).toFixed(0),
      ((count * bytes) / 1e6 / seconds).toFixed(0),
      median(results.map((one) => one.cpu)).toFixed(1),
      Math.max(...results.map((one) => one.peak)).toFixed(0),
      name === 'privacy-call' ? '' : `${(seconds / ours).toFixed(2)} × as fast`,
    );
  }
  await rm(out, { recursive: true, force: true });
}

const folder = await mkdtemp(join(tmpdir(), 'privacy-call-bench-'));
try {
  await stat('/usr/bin/time');
  // The workers of nginx may be another user.
  await chmod(folder, 0o755);
  const server = await startNginx(folder);
  try {
    const versions = [['nginx', '-v'], ['curl'], ['aria2c']].map(
      ([name, flag]) => `${name} ${versionOf(name, flag) ?? 'not installed: not measured'}`,
    );
    console.log(
      `Node ${process.version}, ${cpus().length} cores, ${values.runs} runs each, ${PARALLEL} at once; ${versions.join(', ')}`,
    );
    if (values.small !== '0')
      await compare(`${values.small} files of 100 KB`, { count: Number(values.small), bytes: 100_000, folder, server });
    if (values.large !== '0')
      await compare(`${values.large} files of 100 MB`, {
        count: Number(values.large),
        bytes: 100_000_000,
        folder,
        server,
      });
  } finally {
    server.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
