import { spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, makeWorld, ROOT } from '../helpers/bin.js';
import { openWorld } from '../helpers/world.js';

/** Texts that the built program has ready. */

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
      expect([full.status, full.stderr.toString()]).toEqual([14, '']);
    },
  );
});
