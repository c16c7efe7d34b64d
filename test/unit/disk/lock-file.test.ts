import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { takeLock } from '../../../src/disk/lock-file.js';
import { temporaryFolder } from '../store/samples.js';

const OPTIONS = { pid: process.pid, waitMs: 50 };

async function lockPath(): Promise<string> {
  return join(await temporaryFolder(), 'ledger.ndjson.lock');
}

/** The text that a holder of this process would leave behind. */
async function textOfLock(file: string): Promise<Record<string, unknown>> {
  const lock = await takeLock(file, OPTIONS);
  const text = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await lock.release();
  return text;
}

describe('takeLock', () => {
  it('lets one in at a time', async () => {
    const file = await lockPath();
    let inside = 0;
    let most = 0;
    const turns = Array.from({ length: 20 }, async () => {
      const lock = await takeLock(file, { ...OPTIONS, waitMs: 30_000 });
      inside += 1;
      most = Math.max(most, inside);
      await readFile(file);
      inside -= 1;
      await lock.release();
    });
    await Promise.all(turns);
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  it('gives up on a lock that a living process holds, naming it', async () => {
    const file = await lockPath();
    const lock = await takeLock(file, OPTIONS);
    await expect(takeLock(file, OPTIONS)).rejects.toMatchObject({
      code: 'storage-locked',
      exitCode: 14,
      message: expect.stringContaining(String(process.pid)) as unknown,
    });
    await lock.release();
    await (await takeLock(file, OPTIONS)).release();
  });

  it.runIf(process.platform === 'linux')(
    'breaks the lock of a process that is gone, or whose ID was given to another',
    async () => {
      const file = await lockPath();
      const mine = await textOfLock(file);
      for (const left of [
        { ...mine, token: 'left', startedTicks: '1' },
        { ...mine, token: 'left', pid: 2 ** 22 + 1 },
      ]) {
        await writeFile(file, JSON.stringify(left));
        const locks = await Promise.allSettled(Array.from({ length: 5 }, () => takeLock(file, OPTIONS)));
        expect(locks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const lock of locks) if (lock.status === 'fulfilled') await lock.value.release();
      }
      expect(existsSync(`${file}.break`)).toBe(false);
    },
  );

  it.runIf(process.platform === 'linux')(
    'breaks the lock of a process that was killed and whose parent does not ask for it',
    async () => {
      const file = await lockPath();
      const mine = await textOfLock(file);
      // `exec` makes a parent of the shell's child that never waits for it.
      const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      onTestFinished(() => void parent.kill('SIGKILL'));
      const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
      const statOf = async (): Promise<string[]> => (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ');
      const left = JSON.stringify({ ...mine, token: 'left', pid, startedTicks: (await statOf())[21] });
      await writeFile(file, left);
      await expect(takeLock(file, OPTIONS)).rejects.toMatchObject({ code: 'storage-locked' });
      process.kill(pid, 'SIGKILL');
      await expect.poll(async () => (await statOf())[2]).toBe('Z');
      await (await takeLock(file, OPTIONS)).release();
      expect((await statOf())[2]).toBe('Z');
    },
  );

  it.each([
    ['', 1000, 4000],
    ['no JSON', 1000, 4000],
    ['{"token":"x","pid":1,"world":"elsewhere","startedTicks":"1"}', 20_000, 40_000],
  ])('waits for a holder it cannot ask (%s) until the lock is old', async (text, youngMs, oldMs) => {
    const file = await lockPath();
    for (const ageMs of [0, youngMs, oldMs]) {
      await writeFile(file, text);
      const touched = new Date(Date.now() - ageMs);
      await utimes(file, touched, touched);
      if (ageMs === oldMs) await (await takeLock(file, OPTIONS)).release();
      else await expect(takeLock(file, OPTIONS)).rejects.toMatchObject({ code: 'storage-locked' });
    }
  });

  it('goes through within its usual wait when a power cut has left a lock without its text', async () => {
    const file = await lockPath();
    await writeFile(file, '');
    await (await takeLock(file, { pid: process.pid })).release();
  });

  it('survives a guard that somebody left while breaking a lock', async () => {
    const file = await lockPath();
    const old = new Date(Date.now() - 60_000);
    for (const left of [file, `${file}.break`]) {
      await writeFile(left, '');
      await utimes(left, old, old);
    }
    await (await takeLock(file, { ...OPTIONS, waitMs: 2000 })).release();
  });

  it('does not take away the lock of somebody who broke its own', async () => {
    const file = await lockPath();
    const lock = await takeLock(file, OPTIONS);
    await writeFile(file, '{"token":"other","pid":1,"world":"elsewhere","startedTicks":"1"}');
    await lock.release();
    expect(existsSync(file)).toBe(true);
  });

  it('names a folder that is not there', async () => {
    await expect(takeLock(join(await lockPath(), 'x'), OPTIONS)).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
