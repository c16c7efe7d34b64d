import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN } from '../helpers/bin.js';
import { openWorld } from '../helpers/world.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** What bash offers for the words, the last of which is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const world = await openWorld();
  const { stdout, code } = await world.cli('completion', 'bash');
  expect(code).toBe(0);
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'privacy-call'), `#!/bin/sh\nexec ${process.execPath} ${BIN} "$@"\n`, {
    mode: 0o755,
  });
  await writeFile(join(folder, 'script'), stdout);
  const typed = ['privacy-call', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `set -u; . ./script; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _privacy_call; printf '%s\\n' "\${COMPREPLY[@]-}"`;
  const asked = spawnSync('bash', ['--norc', '-c', ask], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`, HOME: folder },
  });
  expect(asked.stderr).toBe('');
  return asked.stdout.split('\n').filter((line) => line !== '');
}

describe('completion', () => {
  it.each([
    [['rec'], ['recordings']],
    [
      ['recordings', ''],
      ['list', 'url', 'download', 'verify'],
    ],
    [['recordings', 'download', '--side'], ['--sidecar']],
    [['recordings', 'download', '--no-pro'], ['--no-progress']],
    [['-o', 'nd'], ['ndjson']],
    [
      ['listen', '--verify', ''],
      ['off', 'warn', 'strict'],
    ],
    [
      ['bind', '--mode', 'ax'],
      ['ax', 'axb', 'axe', 'axyb'],
    ],
    [['cdr', 'list', '--json', 'x'], []],
    [['recordings', 'download', '--dir', ''], []],
    [['-p', 'sand'], ['sandbox']],
  ])('bash: %j offers %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it('has every command of the tree, and no flag that is hidden, for each shell', async () => {
    const world = await openWorld();
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout, code } = await world.cli('completion', shell);
      expect(code).toBe(0);
      for (const word of ['bindings', 'expiring', 'completion', 'forward-mode']) expect(stdout).toContain(word);
      expect(stdout).not.toContain('field-names');
    }
    expect((await world.cli('completion', 'zsh')).stdout).toMatch(/^#compdef privacy-call\n/);
  });

  it('refuses a shell that it does not know', async () => {
    const world = await openWorld();
    expect(await world.cli('completion', 'tcsh')).toMatchObject({ code: 2, stdout: '' });
  });
});
