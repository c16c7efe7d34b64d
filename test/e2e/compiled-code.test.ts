import { spawnSync } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** A package of its own, that a test may break. */
async function installed() {
  const folder = await temporaryFolder();
  for (const name of ['bin', 'bundle', 'package.json'])
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  const code = join(folder, 'bundle/code');
  const [build = ''] = await readdir(code);
  await writeFile(join(folder, 'spy.cjs'), SPY);
  await writeFile(join(folder, 'one.json'), JSON.stringify({ eventType: 'fee', feeLst: [FEE] }));
  const told = join(folder, 'told.json');
  /** What `inspect` prints, and for each file `taken`, `refused` or `none`. */
  const inspect = async (flags: readonly string[] = []) => {
    const words = ['--require', join(folder, 'spy.cjs'), ...flags, join(folder, 'bin/privacy-call.js')];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...words, 'inspect', 'one.json'], {
      cwd: folder,
      env: { HOME: folder, TOLD: told },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    return { stdout, told: JSON.parse(await readFile(told, 'utf8')) as Record<string, string> };
  };
  return { code, build: join(code, build), inspect };
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
});
