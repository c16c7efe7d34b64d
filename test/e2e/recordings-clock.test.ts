import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { errorOf, type Ended } from '../helpers/bin.js';
import { expectWhole, wholeFiles } from '../helpers/expect-whole.js';
import { openShop, type RecordingShop } from '../helpers/recording-shop.js';

/** Row D20 with the real program: a clock that is wrong, or is set while the program runs. */

const CLOCK = fileURLToPath(new URL('../helpers/shifted-clock.mjs', import.meta.url));
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

function withClock(clock: Readonly<Record<string, number>>): { readonly env: Record<string, string> } {
  const settings = Object.entries(clock).map(([name, value]) => [name, String(value)] as const);
  return { env: { NODE_OPTIONS: `--import=${CLOCK}`, ...Object.fromEntries(settings) } };
}

/** Signed requests that the platform has got. */
function countSigned(shop: RecordingShop): () => number {
  let signed = 0;
  shop.onRequest = (target) => {
    if (!target.startsWith('/storage/')) signed += 1;
  };
  return () => signed;
}

function states({ stdout }: Ended): string[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { state: string }).state);
}

describe('D20 recordings download by a clock', () => {
  it.each([
    [-10, 'behind'],
    [10, 'ahead'],
  ])('%i minutes off (%s): all is fetched', async (minutes) => {
    const shop = await openShop({ recordings: 3, seconds: 3, seed: 1 });
    const clock = withClock({ CLOCK_SHIFT_MS: minutes * MINUTE_MS });
    expect((await shop.world.run(shop.download('-o', 'ndjson'), clock)).code).toBe(0);
    await expectWhole(shop);
  });

  it.each([
    [-1, 'behind'],
    [1, 'ahead of'],
  ])(
    '%i day off: refused once, told by how much (%s), not blocked, and complete once it is right',
    async (days, side) => {
      const shop = await openShop({ recordings: 40, seconds: 3, seed: 1 });
      const signed = countSigned(shop);
      const clock = withClock({ CLOCK_SHIFT_MS: days * DAY_MS });
      const ended = await shop.world.run(shop.download('--concurrency', '16', '--json'), clock);
      expect([ended.code, errorOf(ended).code]).toEqual([4, 'clock-skewed']);
      const hint = errorOf(ended).hint as string;
      const seconds = Number(new RegExp(`This machine's clock is (\\d+) s ${side} the platform's`).exec(hint)?.[1]);
      expect(Math.abs(seconds - 86_400)).toBeLessThan(60);
      // Ten of them within five minutes block the address.
      expect(signed()).toBe(1);
      expect(wholeFiles(shop).size).toBe(0);
      expect((await shop.world.run(shop.download('-o', 'ndjson'))).code).toBe(0);
      await expectWhole(shop);
    },
  );

  it('set back by ten minutes while it runs: nothing waits for the time to come again', async () => {
    const shop = await openShop({ recordings: 6, seconds: 25, seed: 1 });
    const clock = withClock({ CLOCK_STEP_MS: -10 * MINUTE_MS, CLOCK_STEP_AFTER_MS: 1000 });
    const started = performance.now();
    const ended = await shop.world.run(shop.download('--bwlimit', '400K', '--concurrency', '2', '-o', 'ndjson'), clock);
    expect([ended.code, states(ended)]).toEqual([0, Array(6).fill('saved')]);
    expect(performance.now() - started).toBeLessThan(60_000);
    await expectWhole(shop);
  });

  it('set back by a day while it runs: what was saved stays, the rest is refused and told, the next run completes', async () => {
    const shop = await openShop({ recordings: 12, seconds: 25, seed: 1 });
    const clock = withClock({ CLOCK_STEP_MS: -DAY_MS, CLOCK_STEP_AFTER_MS: 2000 });
    const slowly = ['--bwlimit', '400K', '--concurrency', '2', '-o', 'ndjson'];
    const ended = await shop.world.run(shop.download(...slowly), clock);
    expect([ended.code, errorOf(ended).code]).toEqual([4, 'clock-skewed']);
    expect(errorOf(ended).hint).toMatch(/This machine's clock is 86\d{3} s behind the platform's/);
    const there = wholeFiles(shop).size;
    expect(there).toBe(states(ended).filter((state) => state === 'saved').length);
    expect(there).toBeLessThan(12);
    expect((await shop.world.run(shop.download('-o', 'ndjson'))).code).toBe(0);
    await expectWhole(shop);
    for (const session of shop.hashes.keys()) expect(shop.asked.get(session)).toBeLessThanOrEqual(2);
  });
});
