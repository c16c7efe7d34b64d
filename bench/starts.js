// Whole processes against `node -e 0`, and what the first start costs somebody who has nothing of it yet.
import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BIN, isInstalled, measure, median, row } from './measure.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const EAGER = fileURLToPath(new URL('eager.js', import.meta.url));
const FEE = {
  icid: '1',
  sessionId: 's',
  bindNum: '+8617000000001',
  callInTime: '2026-11-22 00:00:00',
  ulFailReason: 0,
};
const BIND = 'bind --mode axb -a +8613800000001 -b +8613800000002 -p sandbox --if-exists skip -o json'.split(' ');

/**
 * Prints the table of starts, medians of turns.
 * @param folder stands for the home; is written to.
 * @returns each start that has a goal: how many times that of Node alone it takes, and may take.
 */
export async function compareStarts(folder, runs) {
  const one = join(folder, 'one.json');
  await writeFile(one, JSON.stringify({ eventType: 'fee', feeLst: [FEE] }));
  const commands = [
    ['node -e 0', undefined, ['node', '-e', '0']],
    ['--version', 1.3, ['node', BIN, '--version']],
    ['--help', 1.6, ['node', BIN, '--help']],
    ['explain 8014', 2, ['node', BIN, 'explain', '8014']],
    ['inspect one.json', 2, ['node', BIN, 'inspect', one]],
    ['bind -p sandbox', 5, ['node', BIN, ...BIND]],
    ['all six packages loaded at once', undefined, ['node', EAGER]],
    ['jq --version', undefined, ['jq', '--version']],
    ['gh --version', undefined, ['gh', '--version']],
  ];
  const installed = [];
  for (const command of commands) {
    if (await isInstalled(command[2][0])) installed.push(command);
    else console.log(`${command[2][0]} is not installed: not measured\n`);
  }
  const home = { HOME: folder, XDG_DATA_HOME: '', XDG_STATE_HOME: '', XDG_CONFIG_HOME: '' };
  const measured = new Map(installed.map(([name]) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, , words] of installed) measured.get(name).push(await measure(words, { env: home }));
  }
  const medianOf = (name) => median(measured.get(name).map(({ seconds }) => seconds));
  row('Start', 'Median ms', 'node -e 0 = 1', 'Goal', 'Peak MB');
  row('---', '--:', '--:', '--:', '--:');
  const found = [];
  for (const [name, goal] of installed) {
    const peak = Math.max(...measured.get(name).map((one) => one.peak));
    const ratio = medianOf(name) / medianOf('node -e 0');
    row(name, (medianOf(name) * 1000).toFixed(0), `${ratio.toFixed(2)} ×`, goal ?? '', peak.toFixed(0));
    if (goal !== undefined) found.push({ name, ratio, goal });
  }
  return found;
}

/** Packs what is built, runs it by npx with an empty cache and home, and prints time and sizes. @returns the installed size in MB. */
export async function measureFirstStart(folder) {
  const packed = await measure(['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder, ROOT]);
  const [{ filename, size, unpackedSize }] = JSON.parse(packed.text);
  const archive = join(folder, filename);
  const home = join(folder, 'first');
  await mkdir(home);
  const env = { HOME: home, npm_config_cache: join(home, 'cache'), npm_config_update_notifier: 'false' };
  const first = await measure(['npx', '--yes', '--package', archive, 'privacy-call', '--version'], { env, cwd: home });
  const prefix = join(folder, 'installed');
  await mkdir(prefix);
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', prefix];
  await measure(['npm', 'install', ...flags, archive], { cwd: prefix });
  const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`npx of the package, nothing kept, says ${first.text.trim()} after ${first.seconds.toFixed(1)} s`);
  const installed = await sizeOf(join(prefix, 'node_modules'));
  console.log(`package: ${mb(size)} packed, ${mb(unpackedSize)} unpacked, ${mb(installed)} installed`);
  return installed / 1e6;
}

async function sizeOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.filter((entry) => entry.isFile()).map((entry) => lstat(join(entry.parentPath, entry.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}
