import { describe, expect, it } from 'vitest';
import { Pace } from '../../../../src/bindings/bulk/pace.js';

/** A clock that moves only by sleeping. */
function bench(ratePerSecond: number) {
  let now = 1000;
  const sleep = (ms: number): Promise<void> => {
    now += ms;
    return Promise.resolve();
  };
  const pace = new Pace({ ratePerSecond, sleep, elapsedMs: () => now });
  const { signal } = new AbortController();
  const turns = async (count: number): Promise<number[]> => {
    const at: number[] = [];
    for (let turn = 0; turn < count; turn += 1) {
      await pace.turn(signal);
      at.push(now - 1000);
    }
    return at;
  };
  return { pace, turns };
}

describe('Pace', () => {
  it('keeps the rate', async () => {
    expect(await bench(5).turns(4)).toEqual([0, 200, 400, 600]);
    expect(await bench(Number.POSITIVE_INFINITY).turns(3)).toEqual([0, 0, 0]);
  });

  it('holds all for flow control, halves the rate once, and doubles it after 20 good requests', async () => {
    const { pace, turns } = bench(4);
    await turns(1);
    pace.slowDown(60_000);
    pace.slowDown(60_000);
    expect(pace.ratePerSecond).toBe(2);
    expect(await turns(2)).toEqual([60_000, 60_500]);
    for (let good = 0; good < 20; good += 1) pace.well();
    expect(pace.ratePerSecond).toBe(4);
  });

  it('never falls below an eighth of the rate', async () => {
    const { pace, turns } = bench(8);
    for (let time = 0; time < 6; time += 1) {
      pace.slowDown(10);
      await turns(1);
    }
    expect(pace.ratePerSecond).toBe(1);
  });

  it('ends with its signal', async () => {
    const stop = new AbortController();
    const pace = new Pace({ ratePerSecond: 1, sleep: () => Promise.resolve(), elapsedMs: () => 0 });
    stop.abort(new Error('stopped'));
    await expect(pace.turn(stop.signal)).rejects.toThrow('stopped');
  });
});
