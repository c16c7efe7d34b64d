import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import { amount } from '../helpers/nightly.js';
import { post, seededRandom, startListening } from '../helpers/receiver-process.js';

/** What an ext4 keeps when its power goes: everything that was not synced is gone, metadata too. */

const CUTS = amount('POWER_CUTS', 4, 100);
const SEED = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const CONNECTIONS = 32;
const bodyOf = (n: number): string => `{"eventType":"fee","feeLst":[{"icid":"record-${n}","sessionId":"s${n}"}]}`;

const run = (command: string, ...words: string[]): boolean =>
  spawnSync(command, words, { stdio: 'ignore' }).status === 0;
const canCut = process.getuid?.() === 0 && run('xfs_io', '-V') && run('mkfs.ext4', '-V') && run('losetup', '--find');

/** Whether the disk of `image` could be mounted on `mount`. */
async function makeDisk(): Promise<{ image: string; mount: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-call-power-'));
  const [image, mount] = [join(folder, 'image'), join(folder, 'mount')];
  await mkdir(mount);
  onTestFinished(async () => {
    run('umount', '-l', mount);
    await rm(folder, { recursive: true, force: true });
  });
  expect(run('truncate', '-s', '512M', image) && run('mkfs.ext4', '-q', '-F', image)).toBe(true);
  expect(run('mount', '-o', 'loop', image, mount)).toBe(true);
  return { image, mount };
}

describe('a power cut', () => {
  it.runIf(canCut)(
    `R2: × ${CUTS} under load loses nothing acknowledged, nor while it falls (seed ${SEED})`,
    { timeout: 60_000 + CUTS * 20_000 },
    async () => {
      const random = seededRandom(SEED);
      const { image, mount } = await makeDisk();
      const folder = join(mount, 'data');
      const before = new Set<number>();
      const during = new Set<number>();
      let [next, sent, slowestMs, damaged] = [0, 0, 0, 0];
      for (let cut = 0; cut < CUTS; cut += 1) {
        const begunMs = performance.now();
        const receiver = await startListening(folder);
        slowestMs = Math.max(slowestMs, performance.now() - begunMs);
        const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
        let acknowledged = before;
        let isRunning = true;
        const worker = async (): Promise<void> => {
          while (isRunning) {
            const n = next++;
            sent += 1;
            if ((await post(receiver.port, bodyOf(n), { agent })) === 200) acknowledged.add(n);
            else return;
          }
        };
        const workers = Array.from({ length: CONNECTIONS }, worker);
        // The moment of the cut is the point of the test, not a wait for something.
        await delay(50 + random() * 300);
        acknowledged = during;
        const fallen = spawn('xfs_io', ['-x', '-c', 'shutdown', mount], { stdio: 'ignore' });
        await once(fallen, 'close');
        isRunning = false;
        await receiver.kill('SIGKILL');
        await Promise.all(workers);
        agent.destroy();
        expect(run('umount', mount) && run('mount', '-o', 'loop', image, mount)).toBe(true);
      }
      const store = await openFileStore({ folder, now: () => new Date(), pid: process.pid, hostname: 'reader' });
      const found = new Map<string, string>();
      let duplicates = 0;
      for await (const push of store.journal.read({ duplicates: true, onDamage: () => (damaged += 1) })) {
        if (push.result === 'duplicate') duplicates += 1;
        else found.set(push.key ?? '', Buffer.from(push.bytes).toString());
      }
      await store.close();
      console.log(
        `R2 seed ${SEED}: ${CUTS} cuts, ${sent} pushes sent, ${before.size} acknowledged before a cut and ${during.size} while it fell, ` +
          `${found.size} found, ${duplicates} duplicates, ${damaged} damaged lines, ready within ${Math.round(slowestMs)} ms`,
      );
      const lost = (acks: ReadonlySet<number>): number[] =>
        [...acks].filter((n) => found.get(`fee:record-${n}`) !== bodyOf(n));
      expect([lost(before), lost(during)]).toEqual([[], []]);
      expect(before.size).toBeGreaterThan(CUTS * 10);
      expect([...found].filter(([key, body]) => body !== bodyOf(Number(key.slice('fee:record-'.length))))).toEqual([]);
    },
  );
});
