import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, errorOf, makeWorld, type World } from '../helpers/bin.js';

/** Secrets stay where they belong. */

const CANARY = 'canary-4f1c9b7e2d';
const A = '+8613800000001';
const B = '+8613800000002';

/** Every way in which the secret could show itself. */
const SHAPES = [
  CANARY,
  Buffer.from(CANARY).toString('base64'),
  Buffer.from(CANARY).toString('base64url'),
  Buffer.from(CANARY).toString('hex'),
];

const shows = (text: string): boolean => SHAPES.some((shape) => text.includes(shape));

async function loginWithCanary(world: World, endpoint: string): Promise<Ended> {
  const file = join(world.folder, 'secret.txt');
  await writeFile(file, CANARY, { mode: 0o600 });
  const profile = ['--app-key', 'sandbox-axb-key', '--mode', 'axb', '--endpoint', endpoint];
  return world.run(['login', 'shop', ...profile, '--app-secret-file', file, '--json', '--debug']);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('a secret', () => {
  it.each(['--app-secret', '--secret', '--password', '--secret-key'])(
    'X1: as the value of %s is refused, with what to do instead',
    async (flag) => {
      const world = await makeWorld();
      for (const argv of [
        ['login', 'shop', '--app-key', 'key', flag, CANARY],
        ['login', 'shop', '--app-key', 'key', `${flag}=${CANARY}`],
      ]) {
        const { code, stdout, stderr } = await world.run(argv);
        expect([code, stdout, shows(stderr)]).toEqual([2, '', false]);
        expect(stderr).toMatch(/--app-secret-file.*PRIVACY_CALL_APP_SECRET/);
      }
      expect(await readdir(world.home)).toEqual([]);
    },
  );

  it('X3: shows itself in no output and no file but its own, whatever fails', { timeout: 120_000 }, async () => {
    const host = await makeWorld();
    const world = await makeWorld();
    const sandbox = await host.serve(['sandbox', 'start', '--port', '0', '-o', 'ndjson']);
    const ends: Ended[] = [await loginWithCanary(world, sandbox.url)];
    expect(ends[0]?.code).toBe(0);
    const receiver = await world.serve(['-p', 'shop', 'listen', '--port', '0', '--verify', 'warn', '--debug']);
    const push = ['--from', B, '--to', '+8617000000201', '--push', receiver.url];
    ends.push(await host.run(['sandbox', 'call', ...push, '--json']));
    const commands = [
      ['bind', '-a', A, '-b', B, '-x', '+8617000000201'],
      ['bind', '-a', A, '-b', B, '--dry-run'],
      ['bind', '-a', 'nonsense', '-b', B],
      ['query', '-x', '+8617000000201'],
      ['query', '-x', '+8617000000201', '--endpoint', 'nonsense'],
      ['doctor'],
      ['profiles', 'list'],
      ['profiles', 'show', 'shop'],
      ['config', 'list'],
      ['api', 'GET', '/nothing'],
      ['replay', '--to', receiver.url, '--resign'],
      ['recordings', 'download', '--dir', world.folder],
      ['bindings', 'list', '--state', 'all'],
    ];
    for (const argv of commands) ends.push(await world.run([...argv, '--debug', '--verbose', '--json']));
    ends.push(await receiver.stop());
    ends.push(await sandbox.stop());
    ends.push(await world.run(['doctor', '--debug', '--verbose']));
    expect(ends.filter(({ code }) => code === 1)).toEqual([]);
    // Its signature was refused: the secret has been at work.
    expect(ends.some(({ stderr }) => stderr.includes('"signature-rejected"'))).toBe(true);
    expect(ends.filter(({ stdout, stderr }) => shows(stdout + stderr))).toEqual([]);
    const own = [join(world.home, '.config/privacy-call/credentials.json'), join(world.folder, 'secret.txt')];
    const found: string[] = [];
    for (const file of await filesBelow(world.folder)) if (shows(await readFile(file, 'utf8'))) found.push(file);
    expect(found.sort()).toEqual(own.sort());
  });

  it('by the environment is used and kept nowhere', async () => {
    const world = await makeWorld();
    const env = { PRIVACY_CALL_APP_KEY: 'key', PRIVACY_CALL_APP_SECRET: CANARY };
    const listed = await world.run(['config', 'list', '--json'], { env });
    expect([listed.code, shows(listed.stdout)]).toEqual([0, false]);
    const one = await world.run(['doctor', '--json'], { env: { PRIVACY_CALL_APP_SECRET: CANARY } });
    expect(shows(one.stdout + one.stderr)).toBe(false);
    for (const file of await filesBelow(world.home)) expect(shows(await readFile(file, 'utf8'))).toBe(false);
  });
});

describe('files of the tool', () => {
  it('X2: are for their owner alone, although the umask would let everybody in', async () => {
    const world = await makeWorld();
    const under = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
    const file = join(world.folder, 'secret.txt');
    await writeFile(file, CANARY);
    await world.json(['login', 'shop', '--app-key', 'key', '--app-secret-file', file, '--mode', 'axb', '--json'], {
      under,
    });
    await world.json(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', B, '--json'], { under });
    const receiver = await world.serve(['-p', 'sandbox', 'listen', '--port', '0'], { under });
    await world.json(
      ['-p', 'sandbox', 'sandbox', 'call', '--from', B, '--to', '+8617000000201', '--push', receiver.url, '--json'],
      { under },
    );
    await receiver.stop();
    const wide: string[] = [];
    const entries = await readdir(world.home, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      // The folders that XDG shares with other programs are not ours.
      if (!path.includes('privacy-call')) continue;
      const { mode } = await stat(path);
      if ((mode & 0o077) !== 0) wide.push(`${path.slice(world.home.length)} ${(mode & 0o777).toString(8)}`);
    }
    const kinds = entries.map(({ name }) => name);
    expect(kinds).toEqual(expect.arrayContaining(['credentials.json', 'config.json', 'journal', 'state.json']));
    expect(wide).toEqual([]);
  });

  it('credentials that others can read are refused, with what to do', async () => {
    const world = await makeWorld();
    await loginWithCanary(world, 'https://example.invalid');
    await chmod(join(world.home, '.config/privacy-call/credentials.json'), 0o644);
    const ended = await world.run(['query', '-x', '+8617000000201', '--json']);
    expect([ended.code, errorOf(ended).code]).toEqual([4, 'credentials-insecure']);
    expect(errorOf(ended).hint ?? errorOf(ended).message).toContain('chmod');
  });
});
