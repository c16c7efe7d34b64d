import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BIN, cleanEnvironment, startProcess, until } from '../helpers/bin.js';
import { openShop, type RecordingShop } from '../helpers/recording-shop.js';

/** What a limit of the bandwidth and a stop do to files that are under way, and what a person sees of them. */

/** Six files of 200,058 bytes; at 300 KiB a second they take three seconds and a half. */
const FILES = { recordings: 6, seconds: 25, seed: 1 };
const FILE_BYTES = 200_058;
const LIMIT = ['--bwlimit', '300K', '--concurrency', '6', '-o', 'ndjson'];

const works = spawnSync('script', ['-qec', 'true', '/dev/null'], { encoding: 'utf8', input: '' }).status === 0;

function statesOf(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { state: string }).state)
    .sort();
}

function firstRequest(shop: RecordingShop): Promise<number> {
  return new Promise((resolve) => {
    shop.onRequest = (target) => {
      if (target.startsWith('/storage/')) resolve(performance.now());
    };
  });
}

describe('recordings download', () => {
  it('--bwlimit holds all downloads together to the rate', async () => {
    const shop = await openShop(FILES);
    const started = firstRequest(shop);
    const ended = await shop.world.run(shop.download(...LIMIT));
    const seconds = (performance.now() - (await started)) / 1000;
    expect([ended.code, statesOf(ended.stdout)]).toEqual([0, Array(6).fill('saved')]);
    // One second's worth may come at once.
    const least = (6 * FILE_BYTES) / (300 * 1024) - 1;
    expect(seconds).toBeGreaterThan(least * 0.98);
    console.log(`--bwlimit 300K: ${6 * FILE_BYTES} bytes in ${seconds.toFixed(2)} s, at least ${least.toFixed(2)} s`);
  });

  it('D17: SIGINT in the middle of files parks them within 5 s, and the next run goes on', async () => {
    const shop = await openShop(FILES);
    const started = firstRequest(shop);
    const running = shop.world.start(shop.download(...LIMIT));
    await started;
    await until(() => shop.asked.size === 6);
    const stopped = performance.now();
    const ended = await running.stop('SIGINT');
    expect([ended.code, performance.now() - stopped < 5000]).toEqual([130, true]);
    const next = await shop.world.run(shop.download('-o', 'ndjson'));
    expect(next.code).toBe(0);
    const verified = await shop.world.json(['-p', 'shop', 'recordings', 'verify', '--dir', shop.dir, '--json']);
    expect(verified).toMatchObject({ whole: 6, items: [] });
  });

  it.skipIf(!works)('shows files, bytes, rate, time left and the slowest at a terminal', async () => {
    const shop = await openShop(FILES);
    const words = [process.execPath, BIN, ...shop.download('--bwlimit', '300K')].map((word) => `'${word}'`).join(' ');
    const env = cleanEnvironment(shop.world.home, { TERM: 'xterm-256color', SHELL: '/bin/sh' });
    const command = `stty cols 120 rows 40; exec ${words}`;
    const { stdout } = await startProcess('script', ['-qefc', command, '/dev/null'], { env }).ended;
    expect(stdout).toMatch(
      /\[#+-+\] [1-5] of 6 · \d+\.\d [kM]B · \d+\.\d kB\/s · \ds left · slowest session-0000\d \d+%/,
    );
    expect(stdout).toContain('6 saved, 0 already there');
  });
});
