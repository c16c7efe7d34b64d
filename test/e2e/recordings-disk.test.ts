import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorOf, type Ended, type Json } from '../helpers/bin.js';
import { expectWhole, hiddenFiles, wholeFiles } from '../helpers/expect-whole.js';
import { openShop, type RecordingShop } from '../helpers/recording-shop.js';

/** Rows D14 and D16 of the fault list with the real program: a disk that is full or fails, at each step of a file. */

const isRoot = process.getuid?.() === 0;
const canMount = isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const canTrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;
const why = canTrace ? '' : ' (skipped: no strace here)';

/** Runs the program with its calls to the kernel failing, from the first one of each thread on unless told. */
function failing(calls: string, error: string, when = '1+'): readonly string[] {
  const inject = `inject=${calls}:error=${error}:when=${when}`;
  return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject];
}

function itemsOf({ stdout }: Ended): Json[] {
  return (JSON.parse(stdout) as { items: Json[] }).items;
}

async function shopOf(recordings: number): Promise<RecordingShop> {
  const shop = await openShop({ recordings, seconds: 5, seed: 1 });
  // It exists, so that what fails is the file.
  await mkdir(shop.dir);
  return shop;
}

const flat = ['--name', '{session}.wav', '--json'] as const;

/** The calls of each step; only parts are written by position, only they are linked. */
const STEPS = [
  ['in the body', 'pwritev,pwrite64'],
  ['at fsync', 'fsync'],
  ['at the final name', 'link,linkat'],
] as const;

describe.skipIf(!canTrace)(`a disk that fails under recordings download${why}`, { timeout: 120_000 }, () => {
  it.each(STEPS)(
    'D14 full %s: exit 14, no name given, no part left, complete once there is space',
    async (_, calls) => {
      const shop = await shopOf(3);
      const ended = await shop.world.run(shop.download(...flat), { under: failing(calls, 'ENOSPC') });
      expect([ended.code, errorOf(ended).code]).toEqual([14, 'disk-full']);
      expect(errorOf(ended)).toMatchObject({
        message: expect.stringMatching(/^cannot (write|name) .*no space left$/) as string,
        hint: 'Free some space, then run it again.',
      });
      expect([wholeFiles(shop).size, hiddenFiles(shop)]).toEqual([0, []]);
      expect((await shop.world.run(shop.download(...flat))).code).toBe(0);
      await expectWhole(shop);
    },
  );

  it.each(STEPS)(
    'D16 EIO %s: exit 3 with the reason, no name given, no part left, the next run completes',
    async (_, calls) => {
      const shop = await shopOf(3);
      const ended = await shop.world.run(shop.download(...flat), { under: failing(calls, 'EIO') });
      expect([ended.code, errorOf(ended).code]).toEqual([3, 'some-failed']);
      for (const { state, reason } of itemsOf(ended)) {
        expect([state, reason]).toEqual(['failed', expect.stringMatching(/^cannot (write|name) .*: EIO$/)]);
      }
      expect([wholeFiles(shop).size, hiddenFiles(shop)]).toEqual([0, []]);
      expect((await shop.world.run(shop.download(...flat))).code).toBe(0);
      await expectWhole(shop);
    },
  );

  it('D16 EIO at the sync of the folder: named and whole, but not archived, and taken over by the next run', async () => {
    const shop = await shopOf(1);
    const under = failing('fsync', 'EIO', '2');
    const ended = await shop.world.run(shop.download(...flat), { under: ['env', 'UV_THREADPOOL_SIZE=1', ...under] });
    expect(ended.code).toBe(3);
    expect(itemsOf(ended)).toMatchObject([{ state: 'failed', reason: expect.stringContaining('EIO') as string }]);
    expect([...wholeFiles(shop).keys()]).toEqual(['session-00000']);
    const archived = await shop.world.json(['-p', 'shop', 'recordings', 'verify', '--dir', shop.dir, '--json']);
    expect(archived).toMatchObject({ whole: 0, 'not-archived': 1 });
    expect((await shop.world.run(shop.download(...flat))).code).toBe(0);
    await expectWhole(shop);
  });

  it('D16 EIO at the sync of the archive: told, and the next run completes it', async () => {
    const shop = await shopOf(1);
    const ended = await shop.world.run(shop.download(...flat), { under: failing('fdatasync', 'EIO') });
    expect([3, 14]).toContain(ended.code);
    expect(ended.stdout + ended.stderr).toContain('EIO');
    expect((await shop.world.run(shop.download(...flat))).code).toBe(0);
    await expectWhole(shop);
  });
});

describe.skipIf(!canMount)('a folder without room for another file', () => {
  it('D14 full at open: exit 14, nothing left, complete once there is room', async () => {
    const shop = await shopOf(3);
    const mount = (options: string): void => {
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', shop.dir]).status).toBe(0);
    };
    // The root of the file system takes it.
    mount('size=4m,nr_inodes=1');
    onTestFinished(() => void spawnSync('umount', ['-l', shop.dir]));
    const ended = await shop.world.run(shop.download(...flat));
    expect([ended.code, errorOf(ended).code]).toEqual([14, 'disk-full']);
    expect([wholeFiles(shop).size, hiddenFiles(shop)]).toEqual([0, []]);
    mount('remount,size=4m,nr_inodes=99');
    expect((await shop.world.run(shop.download(...flat))).code).toBe(0);
    await expectWhole(shop);
  });
});

describe('too many open files', () => {
  it.each([24, 40])(
    'D16 EMFILE (ulimit -n %i): no name given but to whole files, and the next run completes',
    async (limit) => {
      const shop = await shopOf(40);
      const under = ['sh', '-c', `ulimit -n ${limit}; exec "$@"`, 'sh'];
      const ended = await shop.world.run(shop.download('--concurrency', '16', ...flat), { under });
      expect([3, 14]).toContain(ended.code);
      expect(ended.stdout + ended.stderr).toContain('EMFILE');
      const saved = itemsOf(ended).filter(({ state }) => state === 'saved');
      console.log(`EMFILE: ulimit -n ${limit}, exit ${String(ended.code)}, ${saved.length} of 40 saved`);
      const there = wholeFiles(shop);
      for (const { record } of saved) expect(there.has((record as { sessionId: string }).sessionId)).toBe(true);
      const asked = [...shop.asked.values()].reduce((sum, times) => sum + times, 0);
      expect((await shop.world.run(shop.download(...flat))).code).toBe(0);
      await expectWhole(shop);
      const more = [...shop.asked.values()].reduce((sum, times) => sum + times, 0) - asked;
      expect(more).toBe(40 - saved.length);
    },
  );
});
