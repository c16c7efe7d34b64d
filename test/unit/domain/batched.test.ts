import { describe, expect, it } from 'vitest';
import { Batched, batchesOf, firstOf } from '../../../src/domain/batched.js';

async function* made(): AsyncGenerator<readonly number[]> {
  yield await Promise.resolve([1, 2]);
  yield [3];
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('Batched', () => {
  it('is read one by one or by batches', async () => {
    expect(await all(new Batched(made()))).toEqual([1, 2, 3]);
    expect(await all(batchesOf(new Batched(made())))).toEqual([[1, 2], [3]]);
  });

  it('ends its source when the reader stops', async () => {
    const ended: string[] = [];
    const source = async function* () {
      try {
        yield await Promise.resolve([1, 2]);
        yield [3];
      } finally {
        ended.push('ended');
      }
    };
    for await (const item of new Batched(source())) if (item === 1) break;
    expect(ended).toEqual(['ended']);
  });

  it('takes anything else item by item', async () => {
    expect(await all(batchesOf([1, 2]))).toEqual([[1], [2]]);
    expect(await all(batchesOf([]))).toEqual([]);
  });
});

describe('firstOf', () => {
  it.each([
    [1, [[1]]],
    [2, [[1, 2]]],
    [9, [[1, 2], [3]]],
  ])('gives %i at most, and reads nothing behind the last of them', async (limit, expected) => {
    const read: number[] = [];
    const source = async function* () {
      for await (const batch of made()) {
        read.push(...batch);
        yield batch;
      }
    };
    expect(await all(batchesOf(firstOf(new Batched(source()), limit)))).toEqual(expected);
    expect(read).toEqual(limit <= 2 ? [1, 2] : [1, 2, 3]);
  });
});
