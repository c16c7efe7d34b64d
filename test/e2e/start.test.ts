import { spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, makeWorld, ROOT } from '../helpers/bin.js';
import { openWorld } from '../helpers/world.js';

/** What the built program does at its start: texts that lie ready, and what is loaded. */

describe('help that lies ready', () => {
  it('is what the program itself prints, word for word', async () => {
    expect(existsSync(join(ROOT, 'bundle/help.txt'))).toBe(true);
    const world = await makeWorld();
    const printed = (await (await openWorld()).cli('--help')).stdout;
    for (const argv of [['--help'], ['-h'], ['help'], []]) {
      expect(await world.run(argv)).toMatchObject({ code: 0, stdout: printed, stderr: '' });
    }
    // These words go through the program.
    expect(await world.run(['--help', '--no-color'])).toMatchObject({ code: 0, stdout: printed, stderr: '' });
  });

  it('has the version of the package', async () => {
    const world = await makeWorld();
    const { stdout } = await (await openWorld()).cli('--version');
    for (const word of ['--version', '-V']) {
      expect(await world.run([word])).toMatchObject({ code: 0, stdout, stderr: '' });
    }
  });

  it.each(['--help', '--version'])(
    'ends %s as everything does where nobody reads, or nothing can be written',
    (word) => {
      const closed = spawnSync(
        'bash',
        ['-c', `{ sleep 0.2; "$0" "$1" "$2"; echo "$?" >&2; } | true`, process.execPath, BIN, word],
        {
          encoding: 'utf8',
        },
      );
      expect(closed.stderr).toBe('0\n');
      if (!existsSync('/dev/full')) return;
      const full = spawnSync(process.execPath, [BIN, word], { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] });
      expect([full.status, full.stderr.toString()]).toEqual([14, 'error: cannot write to stdout: no space left\n']);
    },
  );
});

describe('the start of a command', () => {
  it('says so where the working folder is gone', async () => {
    const world = await makeWorld();
    const gone = join(world.folder, 'gone');
    await mkdir(gone);
    const under = ['bash', '-c', 'rmdir "$PWD" && exec "$0" "$@"'];
    expect(await world.run(['cdr', 'list'], { cwd: gone, under })).toMatchObject({
      code: 14,
      stdout: '',
      stderr: 'error: privacy-call cannot start: the working folder is gone\nhint:  Change to one that is there.\n',
    });
  });

  const CDR = { icid: '1', sessionId: 's', bindNum: '+8617000000001', callInTime: '2026-11-22 00:00:00' };

  /** Modules of Node that a run has loaded, and files of the bundle. */
  async function loadedBy(argv: readonly string[]): Promise<string[]> {
    const world = await makeWorld();
    const told = join(world.folder, 'loaded.json');
    const teller = join(world.folder, 'teller.cjs');
    await writeFile(
      teller,
      `process.on('exit', () => {
        const loaded = [...process.moduleLoadList, ...Object.keys(require.cache)];
        require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(loaded));
      });`,
    );
    await writeFile(join(world.folder, 'one.json'), JSON.stringify({ eventType: 'fee', feeLst: [CDR] }));
    const env = { NODE_OPTIONS: `--require=${teller}` };
    expect(await world.run(argv, { env, cwd: world.folder })).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(await readFile(told, 'utf8')) as string[];
  }

  it.each([
    ['explain', '8014'],
    ['inspect', 'one.json'],
    ['inspect', 'one.json', '-o', 'json'],
    ['cdr', 'stats', 'one.json', '--by', 'cause', '-o', 'csv'],
  ])('%s %s loads nothing that others need', async (...argv) => {
    const loaded = await loadedBy(argv);
    expect(loaded).toContain('NativeModule fs');
    const late = [
      'fs/promises',
      'worker_threads',
      'child_process',
      'crypto',
      'http',
      'https',
      'tls',
      'zlib',
      'readline',
    ];
    expect(loaded.filter((name) => late.includes(name.replace('NativeModule ', '')))).toEqual([]);
    expect(loaded.filter((name) => /\/(painter|draw-table|scan-lines|find-credentials)-/.test(name))).toEqual([]);
  });
});
