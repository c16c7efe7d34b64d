import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import { until, type Json } from '../helpers/bin.js';
import { canCutPower, makeCutDisk } from '../helpers/cut-disk.js';
import { wholeFiles } from '../helpers/expect-whole.js';
import { amount } from '../helpers/nightly.js';
import { openShop } from '../helpers/recording-shop.js';
import { post, seededRandom, startListening } from '../helpers/receiver-process.js';

/** What is kept when the power goes. */

const CUTS = amount('POWER_CUTS', 4, 100);
const RECORDING_CUTS = amount('RECORDING_POWER_CUTS', 3, 10);
const SEED = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const CONNECTIONS = 32;
const bodyOf = (n: number): string => `{"eventType":"fee","feeLst":[{"icid":"record-${n}","sessionId":"s${n}"}]}`;

describe('a power cut', () => {
  it.runIf(canCutPower)(
    `R2: × ${CUTS} under load loses nothing acknowledged, nor while it falls (seed ${SEED})`,
    { timeout: 60_000 + CUTS * 20_000 },
    async () => {
      const random = seededRandom(SEED);
      const disk = await makeCutDisk(512);
      const folder = join(disk.mount, 'data');
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
        await disk.cut();
        isRunning = false;
        await receiver.kill('SIGKILL');
        await Promise.all(workers);
        agent.destroy();
        disk.restore();
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

  it.runIf(canCutPower)(
    `D19: × ${RECORDING_CUTS} while recordings come in: what is in the archive is whole on disk (seed ${SEED})`,
    { timeout: 120_000 + RECORDING_CUTS * 20_000 },
    async () => {
      const random = seededRandom(SEED);
      const disk = await makeCutDisk(512);
      const shop = await openShop({ recordings: 600, seconds: 10, seed: SEED, dir: join(disk.mount, 'recordings') });
      const env = { XDG_DATA_HOME: join(disk.mount, 'data') };
      const words = shop.download('--concurrency', '16', '-o', 'ndjson');
      const archived = async (): Promise<Json> =>
        shop.world.json(['-p', 'shop', 'recordings', 'verify', '--dir', shop.dir, '--json'], { env });
      const kept: number[] = [];
      for (let cut = 0; cut < RECORDING_CUTS; cut += 1) {
        const before = shop.asked.size;
        const running = shop.world.start(words, { env });
        let over = false;
        void running.ended.then(() => (over = true));
        await until(() => shop.asked.size > before || over);
        // The moment of the cut is the point of the test, not a wait for something.
        await delay(random() * 400);
        await disk.cut();
        await running.stop('SIGKILL');
        disk.restore();
        const { whole, missing, altered } = await archived();
        expect([missing, altered]).toEqual([0, 0]);
        expect(wholeFiles(shop).size).toBeGreaterThanOrEqual(Number(whole));
        kept.push(Number(whole));
      }
      const last = await shop.world.run(words, { env });
      expect([last.code, last.stderr.includes('"error"')]).toEqual([0, false]);
      expect(wholeFiles(shop).size).toBe(600);
      expect(await archived()).toMatchObject({ whole: 600, missing: 0, altered: 0, 'not-archived': 0 });
      const asked = [...shop.asked.values()].reduce((sum, times) => sum + times, 0);
      console.log(
        `D19 seed ${SEED}: ${RECORDING_CUTS} cuts, ${kept.join(', ')} of 600 kept after each, all whole; ${asked} requests in all`,
      );
    },
  );
});
