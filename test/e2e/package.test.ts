import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanEnvironment, makeWorld, ROOT, startProcess } from '../helpers/bin.js';

/** What users get: the packed package, installed where nobody has a compiler. */

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** npm with the settings of this machine: where its registry is. */
function npm(argv: readonly string[], cwd: string) {
  return spawnSync('npm', argv, { cwd, encoding: 'utf8', env: process.env });
}

/** Packs what is built. The scripts stay out: they would build anew under the other tests. */
function pack(folder: string): Packed {
  const { stdout, stderr } = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder, ROOT], folder);
  const [packed] = JSON.parse(stdout || `{"failed": ${JSON.stringify(stderr)}}`) as [Packed];
  return packed;
}

function registryAnswers(cwd: string): boolean {
  const flags = ['--fetch-retries=0', '--fetch-timeout=5000'];
  return npm(['view', 'commander', 'version', ...flags], cwd).status === 0;
}

describe('the package', () => {
  it('holds the program and its texts, nothing else', async () => {
    const world = await makeWorld();
    const { files, size, unpackedSize } = pack(world.folder);
    console.log(`package: ${files.length} files, ${size} bytes packed, ${unpackedSize} bytes unpacked`);
    const paths = files.map(({ path }) => path);
    const known =
      /^(bin\/(privacy-call\.js|compiled-code\.js|package\.json)|bundle\/.*\.cjs|bundle\/code\/[^/]+\/([^/]+\.bin|build\.json)|bundle\/(LICENSES|help)\.txt|README(\.zh-CN)?\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
    expect(paths.filter((path) => !known.test(path))).toEqual([]);
    expect(paths).toEqual(
      expect.arrayContaining(['bin/privacy-call.js', 'bundle/main.cjs', 'bundle/help.txt', 'LICENSE', 'package.json']),
    );
    const texts = (await readdir(ROOT)).filter((name) => /^(README.*|CHANGELOG)\.md$/.test(name));
    expect(paths).toEqual(expect.arrayContaining(texts));
    expect(size).toBeLessThan(1_500_000);
  });

  it('brings no script that runs at its installation, and asks for no compiler', async () => {
    const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
      bin: Record<string, string>;
    };
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
    expect(atInstall.filter((name) => manifest.scripts[name] !== undefined)).toEqual([]);
    const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean; gypfile?: boolean }>;
    };
    const native = Object.entries(lock.packages).filter(
      ([, { dev, hasInstallScript, gypfile }]) => dev !== true && (hasInstallScript === true || gypfile === true),
    );
    expect(native.map(([name]) => name)).toEqual([]);
  });

  it('X7: is installed without scripts, and runs', { timeout: 300_000 }, async (context) => {
    const world = await makeWorld();
    if (!registryAnswers(world.folder)) context.skip('the package registry does not answer');
    const { filename } = pack(world.folder);
    const prefix = join(world.folder, 'installed');
    await mkdir(prefix);
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev', '--prefix', prefix];
    const installed = npm(['install', ...flags, join(world.folder, filename)], prefix);
    expect([installed.status, installed.stderr.replace(/^npm warn.*\n/gm, '')]).toEqual([0, '']);
    const program = join(prefix, 'node_modules/.bin/privacy-call');
    expect((await stat(program)).mode & 0o111).not.toBe(0);
    const run = (...argv: string[]) =>
      startProcess(program, argv, { cwd: world.folder, env: cleanEnvironment(world.home) }).ended;
    const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await run('--version')).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
    const demo = await run('demo');
    expect([demo.code, demo.stderr]).toEqual([0, '']);
    expect(demo.stdout).toContain('1 saved, 0 already there');
  });
});
