import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Ended, errorOf, makeWorld, ROOT, type World } from '../helpers/bin.js';

/** A disk that refuses: exit code 14 and one sentence that names the thing, never a stack trace. */

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8617000000201';
const CDR = join(ROOT, 'test/fixtures/platform/axb-cdr.json');
const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;
const canMount = ((): boolean => {
  if (!isRoot) return false;
  const probe = spawnSync('mktemp', ['-d'], { encoding: 'utf8' }).stdout.trim();
  const works = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]).status === 0;
  if (works) spawnSync('umount', [probe]);
  spawnSync('rmdir', [probe]);
  return works;
})();
/** Root may write everywhere: the program is then run as nobody. */
const asOther = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
const canBeOther =
  !isRoot ||
  spawnSync(asOther[0]!, [...asOther.slice(1), process.execPath, join(ROOT, 'bin/privacy-call.js'), '-V']).status === 0;

/** Commands that write; `listen` too, which on a full disk starts all the same and answers 503 until there is space. */
function writers(folder: string, secret: string, withListen: boolean): string[][] {
  return [
    ['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', B],
    ...(withListen ? [['-p', 'sandbox', 'listen', '--port', '0']] : []),
    ['sandbox', 'start', '--port', '0'],
    ['sandbox', 'call', '--from', B, '--to', X],
    ['login', 'shop', '--app-key', 'key', '--app-secret-file', secret, '--mode', 'axb'],
    ['config', 'set', 'lang', 'zh'],
    ['-p', 'sandbox', 'numbers', 'import', join(folder, 'numbers.csv')],
  ];
}

async function prepare(world: World, withListen: boolean): Promise<string[][]> {
  const secret = join(world.folder, 'secret.txt');
  await writeFile(secret, 'a-secret\n');
  await writeFile(join(world.folder, 'numbers.csv'), `number\n${X}\n`);
  await chmod(world.folder, 0o755);
  return writers(world.folder, secret, withListen);
}

/** A file system of its own, unmounted when the test ends. */
async function mountTmpfs(options: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-call-tmpfs-'));
  onTestFinished(async () => {
    spawnSync('umount', ['-l', folder]);
    await rm(folder, { recursive: true, force: true });
  });
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status).toBe(0);
  return folder;
}

/** Leaves not a byte free. */
async function fill(folder: string): Promise<void> {
  const filler = join(folder, 'filler');
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']);
  expect((await stat(filler)).size).toBeGreaterThan(0);
}

function oneSentence(ended: Ended): void {
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(
    ended.stderr
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('error: ')),
  ).toHaveLength(1);
}

/** Runs every writer and expects the same refusal of all. */
async function refuses(
  world: World,
  env: Record<string, string>,
  how: { code: string; says: RegExp; under?: string[] },
) {
  for (const argv of await prepare(world, how.code !== 'disk-full')) {
    const options = how.under === undefined ? { env } : { env, under: how.under };
    const told = await world.run([...argv, '--json'], options);
    expect([argv.join(' '), told.code, errorOf(told).code, told.stdout]).toEqual([argv.join(' '), 14, how.code, '']);
    expect(errorOf(told).message).toMatch(how.says);
    const shown = await world.run(argv, options);
    expect(shown.code).toBe(14);
    oneSentence(shown);
  }
  // What only reads needs no place to write.
  const read = await world.run(
    ['inspect', CDR, '--json'],
    how.under === undefined ? { env } : { env, under: how.under },
  );
  expect([read.code, read.stderr]).toEqual([0, '']);
}

describe('X6: a home that cannot be written', () => {
  it.runIf(canBeOther)('by permission: every command that writes says so', { timeout: 120_000 }, async () => {
    const world = await makeWorld();
    const home = join(world.folder, 'locked');
    await mkdir(home);
    await chmod(home, 0o555);
    const under = isRoot ? asOther : [];
    await refuses(world, { HOME: home }, { code: 'storage-denied', says: /no permission/, under });
  });

  it.runIf(canMount)('because it is read-only: every command that writes says so', { timeout: 120_000 }, async () => {
    const world = await makeWorld();
    const home = await mountTmpfs('ro,size=64k');
    await refuses(world, { HOME: home }, { code: 'storage-denied', says: /the file system is read-only/ });
  });

  it('because a file stands in its way', async () => {
    const world = await makeWorld();
    await writeFile(join(world.home, '.local'), 'not a folder');
    const ended = await world.run(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', B, '--json']);
    expect([ended.code, errorOf(ended).code]).toEqual([14, 'storage-failed']);
    expect(errorOf(ended).message).toMatch(/\.local.*(ENOTDIR|EEXIST)/);
  });

  it('because there is none', async () => {
    const world = await makeWorld();
    const ended = await world.run(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', B, '--json'], {
      env: { HOME: '' },
    });
    expect([ended.code, errorOf(ended).code]).toEqual([2, 'config-invalid']);
    expect(errorOf(ended)).toMatchObject({ message: expect.stringContaining('HOME'), hint: expect.any(String) });
  });
});

describe.runIf(canMount)('a full disk', () => {
  it('is told by every command that writes', { timeout: 120_000 }, async () => {
    const world = await makeWorld();
    const home = await mountTmpfs('size=64k');
    await fill(home);
    await refuses(world, { HOME: home }, { code: 'disk-full', says: /no space left/ });
  });

  it('after the platform has bound: the ID is told, so that nothing is lost', async () => {
    const host = await makeWorld();
    const world = await makeWorld();
    const sandbox = await host.serve(['sandbox', 'start', '--port', '0']);
    await world.login(sandbox.url);
    const data = await mountTmpfs('size=256k');
    const env = { XDG_DATA_HOME: data };
    const bind = ['-p', 'shop', 'bind', '-x', X, '--json'];
    await world.json([...bind, '-a', A, '-b', B], { env });
    await fill(data);
    const ended = await world.run([...bind, '-a', '+8613800000003', '-b', '+8613800000004'], { env });
    expect([ended.code, errorOf(ended).code, ended.stdout]).toEqual([14, 'disk-full', '']);
    const { items } = await host.json(['-p', 'sandbox', 'query', '--mode', 'axb', '-x', X, '--json']);
    const bound = (items as { a: string; subscriptionId: string }[]).find(({ a }) => a === '+8613800000003');
    expect(errorOf(ended).message).toContain(bound!.subscriptionId);
    expect(errorOf(ended).hint).toContain('--adopt');
    await rm(join(data, 'filler'));
    await world.json(['-p', 'shop', 'query', '-x', X, '--adopt', '--json'], { env });
    const listed = await world.json(['-p', 'shop', 'bindings', 'list', '--json'], { env });
    expect(listed.count).toBe(2);
  });

  it('under recordings download: no half file, and the run goes on once there is space', async () => {
    const world = await makeWorld();
    const receiver = await world.serve(['-p', 'sandbox', 'listen', '--port', '0']);
    await world.json(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', B, '-x', X, '--record', '--json']);
    const call = ['sandbox', 'call', '--from', B, '--to', X, '--talk', '30s', '--push', receiver.url];
    await world.json([...call, '--json']);
    await receiver.stop();
    const dir = await mountTmpfs('size=400k');
    const filler = join(dir, 'filler');
    await writeFile(filler, Buffer.alloc(200 * 1024));
    const download = ['-p', 'sandbox', 'recordings', 'download', '--dir', dir, '--json'];
    const ended = await world.run(download);
    expect([ended.code, errorOf(ended).code]).toEqual([14, 'disk-full']);
    const left = spawnSync('find', [dir, '-type', 'f'], { encoding: 'utf8' }).stdout.trim();
    expect(left).toBe(filler);
    await rm(filler);
    expect((await world.json(download)).items).toMatchObject([{ state: 'saved', sizeBytes: 240_058 }]);
  });
});
