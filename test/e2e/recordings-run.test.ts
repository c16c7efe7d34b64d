import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until, type Ended, type Json } from '../helpers/bin.js';
import { expectWhole, wholeFiles } from '../helpers/expect-whole.js';
import { seededRandom } from '../helpers/receiver-process.js';
import { amount } from '../helpers/nightly.js';
import { openShop, type RecordingShop } from '../helpers/recording-shop.js';

/** Rows D17 and D18 of the reliability tests, and what is promised of long runs, with the real program. */

const SEED = Number(process.env.RECORDINGS_SEED ?? Math.floor(Math.random() * 1e9));
const KILLS = amount('RECORDINGS_KILLS', 20, 100);
const COUNT = amount('RECORDINGS_COUNT', 1000, 10_000);
const WORKERS = 16;

function rowsOf({ stdout }: Pick<Ended, 'stdout'>): Json[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);
}

function askedOf(shop: RecordingShop): number {
  return [...shop.asked.values()].reduce((sum, times) => sum + times, 0);
}

describe('recordings download', () => {
  it(
    `D18: SIGKILL × ${KILLS} over 1,000 recordings loses none and fetches few again (seed ${SEED})`,
    { timeout: 600_000 + KILLS * 10_000 },
    async () => {
      const random = seededRandom(SEED);
      const shop = await openShop({ recordings: 1000, seconds: 25, seed: SEED });
      let killed = 0;
      let partial = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = askedOf(shop);
        const running = shop.world.start(shop.download('--concurrency', String(WORKERS), '-o', 'ndjson'));
        let over = false;
        void running.ended.then(() => (over = true));
        await until(() => askedOf(shop) > before || over);
        // The moment of the kill is what is tried: nothing is waited for.
        await delay(random() * 150);
        const ended = await running.stop('SIGKILL');
        if (ended.signal === 'SIGKILL') killed += 1;
        if (askedOf(shop) < 1000) partial += 1;
        wholeFiles(shop);
      }
      const last = await shop.world.run(shop.download('--concurrency', String(WORKERS), '-o', 'ndjson'));
      expect([last.code, rowsOf(last).length]).toEqual([0, 1000]);
      await expectWhole(shop);
      const again = askedOf(shop) - 1000;
      console.log(
        `D18 seed ${SEED}: ${killed} of ${KILLS} kills hit, ${partial} with files still to fetch, ${askedOf(shop)} requests for 1,000 files, ` +
          `${again} files fetched again, ${(again / Math.max(1, killed)).toFixed(1)} per kill`,
      );
      expect(killed).toBeGreaterThan(0);
      expect(again).toBeLessThanOrEqual(WORKERS * killed);
    },
  );

  it(
    `${COUNT} recordings with 2 % faults are complete after one command and at most one repeat (seed ${SEED})`,
    { timeout: 1_200_000 },
    async () => {
      const shop = await openShop({ recordings: COUNT, seconds: 5, seed: SEED });
      shop.state.faults = (['down', '5xx', 'cut', 'lost-answer'] as const).map((kind) => ({ kind, share: 0.005 }));
      const runs: Ended[] = [];
      do runs.push(await shop.world.run(shop.download('--concurrency', '16', '-o', 'ndjson')));
      while (runs.length < 2 && runs.at(-1)?.code === 3);
      const failed = rowsOf(runs[0]!).filter(({ state }) => state === 'failed').length;
      console.log(
        `faults seed ${SEED}: ${COUNT} recordings, ${askedOf(shop)} requests to the storage, ${failed} failed in the first run, ${runs.length} runs`,
      );
      expect(runs.at(-1)?.code).toBe(0);
      expect(rowsOf(runs.at(-1)!).length).toBe(COUNT);
      await expectWhole(shop);
    },
  );

  it('D17: SIGINT once ends within 5 s although a command will not end, and the next run goes on', async () => {
    const shop = await openShop({ recordings: 3, seconds: 5, seed: SEED });
    const flag = join(shop.world.folder, 'up');
    const stubborn = `process.on('SIGTERM', () => {}); require('fs').writeFileSync(process.argv[1], ''); setInterval(() => {}, 1000)`;
    const words = `${process.execPath} -e "${stubborn}" ${flag}`;
    const running = shop.world.start(shop.download('--concurrency', '1', '--exec', words, '-o', 'ndjson'));
    await until(() => existsSync(flag));
    const started = performance.now();
    const ended = await running.stop('SIGINT');
    expect(performance.now() - started).toBeLessThan(5000);
    expect(ended.code).toBe(130);
    const next = await shop.world.run(shop.download('-o', 'ndjson'));
    expect(next.code).toBe(0);
    expect(
      rowsOf(next)
        .map(({ state }) => String(state))
        .sort(),
    ).toEqual(['already', 'saved', 'saved']);
    await expectWhole(shop);
  });

  it('D17: SIGINT twice ends at once', async () => {
    const shop = await openShop({ recordings: 3, seconds: 5, seed: SEED });
    const flag = join(shop.world.folder, 'pid');
    const stubborn = `process.on('SIGTERM', () => {}); require('fs').writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)`;
    const words = `${process.execPath} -e "${stubborn}" ${flag}`;
    const running = shop.world.start(shop.download('--concurrency', '1', '--exec', words, '-o', 'ndjson'));
    const pidOfCommand = (): number => (existsSync(flag) ? Number(readFileSync(flag, 'utf8')) : 0);
    await until(() => pidOfCommand() > 0);
    onTestFinished(() => void process.kill(pidOfCommand(), 'SIGKILL'));
    // After the first one it waits two seconds for the command: the second one finds it at that, and not at its end.
    running.child.kill('SIGINT');
    await delay(300);
    expect(running.child.exitCode).toBe(null);
    const started = performance.now();
    const ended = await running.stop('SIGINT');
    expect([ended.code, ended.signal]).toEqual([130, null]);
    expect(performance.now() - started).toBeLessThan(1000);
    expect((await shop.world.run(shop.download('-o', 'ndjson'))).code).toBe(0);
    await expectWhole(shop);
  });

  it('waits for its window, and SIGINT ends the wait', async () => {
    const shop = await openShop({ recordings: 1, seconds: 3, seed: SEED });
    const inBeijing = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
    // Two hours from now; Beijing is eight hours ahead of UTC.
    const window = `${inBeijing(10)}-${inBeijing(11)}`;
    const running = shop.world.start(shop.download('--window', window, '-o', 'ndjson'));
    await until(() => running.stderr().includes(`for the window ${window} (Beijing time)`));
    const ended = await running.stop('SIGINT');
    expect([ended.code, askedOf(shop)]).toEqual([130, 0]);
  });

  it('runs from cron: no terminal, HOME and nothing else', async () => {
    const shop = await openShop({ recordings: 2, seconds: 3, seed: SEED });
    const unit = shop.download('--fail-on-expired', '--quiet', '-o', 'ndjson');
    const ended = await shop.world.run(unit, { env: { PATH: '/usr/bin:/bin' } });
    expect([ended.code, ended.stderr, rowsOf(ended).length]).toEqual([0, '', 2]);
    await expectWhole(shop);
  });

  it('two runs at once share the work, and every recording has one file', async () => {
    const shop = await openShop({ recordings: 60, seconds: 3, seed: SEED });
    const both = await Promise.all([1, 2].map(() => shop.world.run(shop.download('-o', 'ndjson'))));
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    for (const ended of both) expect(rowsOf(ended)).toHaveLength(60);
    await expectWhole(shop);
  });
});
