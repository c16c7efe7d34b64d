import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Ended, errorOf, makeWorld, type World } from '../helpers/bin.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/**
 * Where hardly a descriptor is free, a failure is still told as what it is: what words it need not be loaded then. Parts of the program that the command
 * itself needs may not be there; that is exit 14, and no defect.
 */

const PAIR = ['-a', '+8613800000001', '-b', '+8613800000002'];
const CDR = '{"eventType":"fee","feeLst":[{"sessionId":"s-1","callInTime":"2026-11-22 00:00:00"}]}';

const under = (limit: number): [string, ...string[]] => ['bash', '-c', `ulimit -n ${limit}; exec "$0" "$@"`];

/** The fewest descriptors with which a command that opens nothing gets to its end: looked for downwards, as it is another number for each Node. */
async function fewest(world: World): Promise<number> {
  let limit = 64;
  while ((await world.run(['explain', '8014'], { under: under(limit - 1) })).code === 0) limit -= 1;
  return limit;
}

/** Closed when the test ends. @returns its address. */
async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function expectWorded(ended: Ended, codes: readonly number[]): void {
  expect(ended).toMatchObject({ code: expect.toBeOneOf([...codes]) as number, signal: null });
  expect(ended.stderr).not.toMatch(/\n {4}at |unexpected|Warning/);
}

describe('few descriptors', () => {
  it('are told at the start, and not as a defect', async () => {
    const world = await makeWorld();
    const limit = await fewest(world);
    for (const argv of [['explain', '8014'], ['--version'], ['--help']]) {
      const ended = await world.run(argv, { under: under(limit - 1) });
      expectWorded(ended, [14]);
      expect([ended.stdout, ended.stderr]).toEqual(['', expect.stringMatching(/^error: .*EMFILE.*\nhint: {2}Allow /)]);
    }
  });

  it('X8: leave every failure its exit code', { timeout: 240_000 }, async () => {
    const world = await makeWorld();
    const limit = await fewest(world);
    const sandbox = await world.serve(['sandbox', 'start', '--port', '0']);
    await world.login(sandbox.url);
    const { item } = await world.json(['bind', ...PAIR, '-p', 'shop', '--json']);
    const dead = { PRIVACY_CALL_ENDPOINT: 'http://127.0.0.1:1' };
    await mkdir(join(world.folder, 'work'));
    const at = (name: string): string => join(world.folder, 'work', name);
    await writeFile(at('one.ndjson'), `${CDR}\n`);
    await writeFile(at('broken.json'), '{"eventType":');
    await writeFile(at('rows.csv'), 'a,b\n1,2\n');
    const wrong = at('wrong.txt');
    await writeFile(wrong, 'wrong\n', { mode: 0o600 });
    const key = ['--app-key', 'sandbox-axb-key', '--app-secret-file', wrong];
    await world.json(['login', 'wrong', ...key, '--mode', 'axb', '--endpoint', sandbox.url, '--json']);

    const rows: readonly (readonly [code: number, argv: readonly string[], env?: Record<string, string>])[] = [
      [2, ['cdr', 'list', '--limit', 'x']],
      [2, ['cdr', 'list', '--nothing']],
      [2, ['nothing']],
      [2, ['inspect', 'none.json']],
      [2, ['inspect', 'broken.json']],
      [2, ['inspect', 'one.ndjson', '--query', '[']],
      [2, ['bind', '-p', 'shop', '--file', 'none.csv']],
      [2, ['bind', '-p', 'shop', '-a', '+8613800000001', '-b', '+8613800000001']],
      [4, ['query', '--mode', 'axb', '--id', 's'], { HOME: at('.') }],
      [4, ['query', '-p', 'wrong', '--id', 's', '--force']],
      [5, ['query', '-p', 'shop', '--id', 's']],
      [5, ['unbind', '-p', 'shop', '--id', 's', '--yes']],
      [5, ['explain', '99999999']],
      [5, ['profiles', 'show', 'nothing']],
      [5, ['timeline', 'nothing', 'one.ndjson']],
      [6, ['bind', '-p', 'shop', ...PAIR, '-x', (item as { x: string }).x]],
      [8, ['query', '-p', 'shop', '--id', 's'], dead],
      [8, ['doctor', '-p', 'shop'], dead],
      [14, ['cdr', 'stats', 'one.ndjson', '--html', 'one.ndjson/page.html']],
      [14, ['sandbox', 'start', '--port', new URL(sandbox.url).port]],
    ];
    const failed: unknown[] = [];
    const most = 3;
    // A few more: for those that hold a socket or a file when they fail.
    for (let more = 0; more <= most; more++) {
      for (const [code, argv, env = {}] of rows) {
        const words = [...argv, '-o', 'json'];
        const ended = await world.run(words, { env, cwd: at('.'), under: under(limit + more) });
        // Where too few are left for the work itself, that is the failure.
        expectWorded(ended, [code, 14]);
        expect(errorOf(ended)).toMatchObject({ exitCode: ended.code });
        if (more === most && ended.code !== code) failed.push([...argv, ended.stderr]);
      }
      const full = await world.run([], {
        under: [...under(limit + more), 'bash', '-c', '"$0" "$1" explain 8014 >/dev/full'],
      });
      expectWorded(full, [14]);
    }
    expect(failed).toEqual([]);
  });

  it('do not keep a command from being stopped', async () => {
    const world = await makeWorld();
    const limit = await fewest(world);
    // A platform that never answers.
    const asked = createServer();
    const url = await listening(asked);
    await world.login(url);
    const started = world.start(['query', '-p', 'shop', '--id', 's'], { under: under(limit + 1) });
    await once(asked, 'request');
    expectWorded(await started.stop('SIGINT'), [130]);
  });

  it('end the demo as what they are, and the process with it', { timeout: 120_000 }, async () => {
    const world = await makeWorld();
    const limit = await fewest(world);
    for (const more of [0, 1, 2]) {
      const ended = await world.run(['demo'], { under: under(limit + more) });
      expectWorded(ended, [0, 14]);
      if (ended.code === 14) expect(ended.stderr).toMatch(/^error: (the demo (stopped|could not start)|cannot )/m);
    }
  });

  it('are given back where a segment of the journal cannot be opened', async () => {
    const folder = await temporaryFolder();
    const child = fileURLToPath(new URL('../helpers/descriptor-child.mjs', import.meta.url));
    const [shell, ...words] = [...under(64), process.execPath, child, folder];
    const { stdout, stderr } = spawnSync(shell, words, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ code: 'EMFILE', left: [], free: 1 });
  });
});
