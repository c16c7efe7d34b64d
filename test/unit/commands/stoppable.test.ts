import { describe, expect, it } from 'vitest';
import { stoppable } from '../../../src/commands/stoppable.js';
import { Batched, inBatches } from '../../../src/domain/batched.js';

const MANY = 1_000_000;

/** Items that are there without any waiting, as those of a file in memory. */
async function* plain(): AsyncGenerator<number> {
  for (let n = 0; n < MANY; n += 1) yield await Promise.resolve(n);
}

async function* batches(): AsyncGenerator<readonly number[]> {
  for (const batch of inBatches(Array.from({ length: MANY }, (_, n) => n))) yield await Promise.resolve(batch);
}

describe('stoppable', () => {
  it.each([
    ['one by one', plain],
    ['in batches', () => new Batched(batches())],
  ])('lets a signal in while items are read that nobody waits for, %s', async (_, source) => {
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort(new Error('stopped'));
    }, 0);
    let read = 0;
    const reading = async (): Promise<void> => {
      for await (const _item of stoppable(source(), stop.signal)) read += 1;
    };
    await expect(reading()).rejects.toThrow('stopped');
    expect(read).toBeLessThan(MANY);
  });

  it('gives all items where nothing stops it', async () => {
    const found: number[] = [];
    for await (const item of stoppable([1, 2, 3], new AbortController().signal)) found.push(item);
    expect(found).toEqual([1, 2, 3]);
  });
});
