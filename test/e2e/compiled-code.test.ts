import { spawnSync } from 'node:child_process';
import { appendFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** The package holds what V8 made of its files: taken where it fits, and no loss where it does not. */

const FEE = { sessionId: 's-1', icid: '1', bindNum: '+8617000000001', callInTime: '2026-11-22 00:00:00' };

/** Tells which files were compiled, and what became of the code that lay ready. */
const SPY = `
const vm = require('node:vm');
const told = {};
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    const name = require('node:path').basename(options.filename);
    told[name] = options.cachedData === undefined ? 'none' : this.cachedDataRejected ? 'refused' : 'taken';
  }
};
process.on('exit', () => require('node:fs').writeFileSync(process.env.TOLD, JSON.stringify(told)));`;

/** A package of its own, that a test may break, in a folder whose name needs care. */
async function installed() {
  const folder = join(await temporaryFolder(), '隐私 号码');
  for (const name of ['bin', 'bundle', 'package.json'])
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  const code = join(folder, 'bundle/code');
  const [build = ''] = await readdir(code);
  await writeFile(join(folder, 'spy.cjs'), SPY);
  await writeFile(join(folder, 'one.json'), JSON.stringify({ eventType: 'fee', feeLst: [FEE] }));
  const told = join(folder, 'told.json');
  /** What `inspect` prints, and for each file `taken`, `refused` or `none`. */
  const inspect = async (flags: readonly string[] = [], node = process.execPath) => {
    const words = ['--require', join(folder, 'spy.cjs'), ...flags, join(folder, 'bin/privacy-call.js')];
    const { status, stdout, stderr } = spawnSync(node, [...words, 'inspect', 'one.json'], {
      cwd: folder,
      env: { HOME: folder, TOLD: told },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    return { stdout, told: JSON.parse(await readFile(told, 'utf8')) as Record<string, string> };
  };
  return { folder, code, build: join(code, build), inspect };
}

describe('compiled code', () => {
  it('is there for all that a frequent command loads, and taken', async () => {
    const { inspect } = await installed();
    const { stdout, told } = await inspect();
    expect(stdout).toContain('+8617000000001');
    expect(Object.keys(told)).toEqual(expect.arrayContaining([expect.stringMatching(/^program-.*\.cjs$/)]));
    expect(new Set(Object.values(told))).toEqual(new Set(['taken']));
  });

  it('is refused where it was made with other flags, or is not whole: the command does the same', async () => {
    const { build, inspect } = await installed();
    const { stdout } = await inspect();
    const flagged = await inspect(['--no-opt']);
    expect([flagged.stdout, new Set(Object.values(flagged.told))]).toEqual([stdout, new Set(['refused'])]);
    const files = (await readdir(build)).filter((name) => name.endsWith('.bin'));
    const whole = new Map<string, Buffer>();
    for (const name of files) whole.set(name, await readFile(join(build, name)));
    const other = whole.get(files.find((name) => name.startsWith('records-')) ?? '');
    for (const broken of [
      (bytes: Buffer) => bytes.subarray(0, bytes.length / 2),
      () => Buffer.alloc(0),
      (bytes: Buffer) => Buffer.alloc(bytes.length),
      (bytes: Buffer) => (bytes === other ? Buffer.alloc(9) : other!),
    ]) {
      for (const [name, bytes] of whole) await writeFile(join(build, name), broken(bytes));
      const found = await inspect();
      expect([found.stdout, new Set(Object.values(found.told))]).toEqual([stdout, new Set(['refused'])]);
    }
  });

  it('is left alone where V8 was built in another way, or is another: the command does the same', async () => {
    const { code, build, inspect } = await installed();
    const { stdout } = await inspect();
    await writeFile(join(build, 'build.json'), '[["v8_enable_pointer_compression",1]]');
    const another = await inspect();
    expect([another.stdout, new Set(Object.values(another.told))]).toEqual([stdout, new Set(['none'])]);
    await rm(code, { recursive: true });
    const none = await inspect();
    expect([none.stdout, new Set(Object.values(none.told))]).toEqual([stdout, new Set(['none'])]);
  });

  it('is left alone by a Node of the same settings whose program is another', async () => {
    const { folder, inspect } = await installed();
    const { stdout } = await inspect();
    const node = join(folder, 'node');
    await cp(process.execPath, node);
    const same = await inspect([], node);
    expect([same.stdout, new Set(Object.values(same.told))]).toEqual([stdout, new Set(['taken'])]);
    await appendFile(node, '\n');
    const another = await inspect([], node);
    expect([another.stdout, new Set(Object.values(another.told))]).toEqual([stdout, new Set(['none'])]);
  });

  it('names no place of the machine that made it', async () => {
    const { build } = await installed();
    const names = await readdir(build);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const bytes = await readFile(join(build, name));
      expect([name, bytes.includes(ROOT), bytes.includes(homedir() + '/')]).toEqual([name, false, false]);
    }
  });

  it('leaves traces that name file, line and column, the same with it and without', async () => {
    const { folder, code } = await installed();
    // The program reads its version with it: a failure that nobody expects.
    await writeFile(join(folder, 'fault.cjs'), "JSON.parse = () => { throw new TypeError('a fault'); };");
    const fail = () => {
      const words = ['--require', join(folder, 'fault.cjs'), join(folder, 'bin/privacy-call.js'), 'explain', '8014'];
      const { status, stderr } = spawnSync(process.execPath, words, { env: { HOME: folder }, encoding: 'utf8' });
      expect(status).toBe(1);
      return stderr;
    };
    const trace = fail();
    const [, name = '', line = '', column = ''] =
      /at ownVersion \(privacy-call\/bundle\/(program-.*\.cjs):(\d+):(\d+)\)/.exec(trace) ?? [];
    const text = await readFile(join(folder, 'bundle', name), 'utf8');
    expect(text.split('\n')[Number(line) - 1]?.slice(Number(column) - 1)).toMatch(/^parse\(/);
    await rm(code, { recursive: true });
    expect(fail()).toBe(trace);
  });

  it('is for files of the bundle only: what is loaded into the process from elsewhere, Node compiles', async () => {
    const { folder, inspect } = await installed();
    const told = join(folder, 'agent.txt');
    await writeFile(join(folder, 'later.cjs'), 'module.exports = `号码 ${typeof require.resolve}`;');
    await writeFile(
      join(folder, 'agent.cjs'),
      "process.on('exit', () => require('node:fs').writeFileSync(`${__dirname}/agent.txt`, require('./later.cjs')));",
    );
    await inspect(['--require', join(folder, 'agent.cjs')]);
    expect(await readFile(told, 'utf8')).toBe('号码 function');
  });
});
