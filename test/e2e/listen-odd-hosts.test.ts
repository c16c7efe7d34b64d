import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Json, makeWorld, until, type World } from '../helpers/bin.js';
import { post } from '../helpers/receiver-process.js';

/** A receiver whose host turns odd while it runs: nobody reads its output any more, its clock is set. */

const CLOCK = fileURLToPath(new URL('../helpers/shifted-clock.mjs', import.meta.url));
const LISTEN = ['listen', '--port', '0', '--verify', 'off', '-o', 'ndjson'] as const;
const DAY_MS = 86_400_000;
const fee = (n: number): string => `{"eventType":"fee","feeLst":[{"icid":"record-${n}","sessionId":"session-${n}"}]}`;

async function sendSome(url: string, from: number, until: number): Promise<(number | undefined)[]> {
  const statuses = [];
  for (let n = from; n < until; n += 1) statuses.push(await post(Number(new URL(url).port), fee(n)));
  return statuses;
}

async function keptIn(world: World): Promise<string[]> {
  const { items } = (await world.json(['cdr', 'list', '--json'])) as { items: Json[] };
  return items.map(({ sessionId }) => sessionId as string).sort();
}

const sessions = (count: number): string[] => Array.from({ length: count }, (_, n) => `session-${n}`).sort();

describe('listen', () => {
  it('goes on when its standard output is closed, keeps all, and ends in order', async () => {
    const world = await makeWorld();
    const receiver = await world.serve(LISTEN, { pipes: true });
    expect(await sendSome(receiver.url, 0, 5)).toEqual(Array(5).fill(200));
    receiver.child.stdout?.destroy();
    expect(await sendSome(receiver.url, 5, 200)).toEqual(Array(195).fill(200));
    expect((await receiver.stop()).code).toBe(0);
    expect(await keptIn(world)).toEqual(sessions(200));
  });

  it.each([
    ['back by ten minutes', -600_000],
    ['back by two days', -2 * DAY_MS],
    ['forward by two days', 2 * DAY_MS],
  ])('whose clock is set %s while it runs loses nothing and knows what came before', async (_, stepMs) => {
    const world = await makeWorld();
    const afterMs = 3000;
    const env = {
      NODE_OPTIONS: `--import=${CLOCK}`,
      CLOCK_STEP_MS: String(stepMs),
      CLOCK_STEP_AFTER_MS: String(afterMs),
    };
    const begun = performance.now();
    const receiver = await world.serve(LISTEN, { env });
    expect(await sendSome(receiver.url, 0, 20)).toEqual(Array(20).fill(200));
    await until(() => performance.now() - begun > afterMs + 200);
    expect(await sendSome(receiver.url, 20, 40)).toEqual(Array(20).fill(200));
    // The same pushes again, those of before and those of after.
    expect(await sendSome(receiver.url, 10, 30)).toEqual(Array(20).fill(200));
    const { code, stdout } = await receiver.stop();
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    expect(rows.map(({ result }) => result as string)).toEqual([
      'ready',
      ...Array<string>(40).fill('new'),
      ...Array<string>(20).fill('duplicate'),
    ]);
    const days = rows.slice(1).map(({ at }) => Date.parse(at as string));
    expect(Math.abs((days[20] ?? 0) - (days[19] ?? 0) - stepMs)).toBeLessThan(60_000);
    expect(await keptIn(world)).toEqual(sessions(40));
  });
});
