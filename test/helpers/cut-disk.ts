import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

const run = (command: string, ...words: string[]): boolean =>
  spawnSync(command, words, { stdio: 'ignore' }).status === 0;

/** Whether this machine lets a test make a disk and cut its power: root, xfs_io, ext4 and loop devices. */
export const canCutPower =
  process.getuid?.() === 0 && run('xfs_io', '-V') && run('mkfs.ext4', '-V') && run('losetup', '--find');

/** An ext4 whose power can be cut: everything that was not synced is then gone, metadata too. */
export interface CutDisk {
  /** Where it is mounted. */
  readonly mount: string;
  /** Cuts its power; writes fail from then on. */
  cut(): Promise<void>;
  /** Brings it back as it was on disk. Nobody may hold a file of it open. */
  restore(): void;
}

/** Makes a disk of `megabytes` that is removed when the test ends. */
export async function makeCutDisk(megabytes: number): Promise<CutDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-call-power-'));
  const [image, mount] = [join(folder, 'image'), join(folder, 'mount')];
  await mkdir(mount);
  onTestFinished(async () => {
    run('umount', '-l', mount);
    await rm(folder, { recursive: true, force: true });
  });
  expect(run('truncate', '-s', `${megabytes}M`, image) && run('mkfs.ext4', '-q', '-F', image)).toBe(true);
  expect(run('mount', '-o', 'loop', image, mount)).toBe(true);
  return {
    mount,
    cut: async () => {
      await once(spawn('xfs_io', ['-x', '-c', 'shutdown', mount], { stdio: 'ignore' }), 'close');
    },
    restore: () => {
      expect(run('umount', mount) && run('mount', '-o', 'loop', image, mount)).toBe(true);
    },
  };
}
