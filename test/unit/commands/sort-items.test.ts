import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../helpers/held-bytes.js';
import { parseSort, sortItems } from '../../../src/commands/sort-items.js';

async function sorted(values: readonly unknown[], descending = false, limit = Number.POSITIVE_INFINITY) {
  const items = async function* () {
    await Promise.resolve();
    for (const [index, value] of values.entries()) yield { index, inner: { value } };
  };
  const found: unknown[] = [];
  const order = { field: 'inner.value', descending };
  for await (const { inner } of sortItems(items(), order, { columns: [], limit })) found.push(inner.value);
  return found;
}

describe('sortItems', () => {
  it('sorts numbers by size, missing ones last in both directions', async () => {
    expect(await sorted([10, undefined, 9, null, 100])).toEqual([9, 10, 100, undefined, null]);
    expect(await sorted([10, undefined, 9, null, 100], true)).toEqual([100, 10, 9, undefined, null]);
  });

  it('sorts instants by time and texts as people do', async () => {
    const [early, late] = [new Date('2026-11-22T08:00:00Z'), new Date('2026-11-22T10:00:00Z')];
    expect(await sorted([late, early])).toEqual([early, late]);
    expect(await sorted(['8014', '16', '0', '8102'])).toEqual(['0', '16', '8014', '8102']);
    expect(await sorted(['b10', 'b9', 'a'])).toEqual(['a', 'b9', 'b10']);
  });

  it('gives the first of the order, not of the input', async () => {
    expect(await sorted([1, 5, 3], true, 2)).toEqual([5, 3]);
  });

  it('gives the same with a limit as without one, equal rows in the order of the input', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      index,
      key: index % 7 === 6 ? undefined : (index * 37) % 101,
    }));
    const order = { field: 'key', descending: true };
    const first = async (limit: number): Promise<number[]> => {
      const items = async function* () {
        await Promise.resolve();
        yield* rows;
      };
      const found: number[] = [];
      for await (const { index } of sortItems(items(), order, { columns: [], limit })) found.push(index);
      return found;
    };
    const all = await first(Number.POSITIVE_INFINITY);
    expect(all).toHaveLength(5000);
    for (const limit of [1, 10, 700, 4500, 5000]) expect(await first(limit), `${limit}`).toEqual(all.slice(0, limit));
  });

  it('lets go of rows that have no place among those asked for', async () => {
    const rows: WeakRef<object>[] = [];
    let held = 0;
    const items = async function* () {
      await Promise.resolve();
      for (let key = 0; key < 5000; key += 1) {
        const row = { key };
        rows.push(new WeakRef(row));
        yield row;
      }
      // Who makes a weak reference holds what it leads to for the rest of this turn.
      await setImmediate();
      collectGarbage();
      held = rows.filter((row) => row.deref() !== undefined).length;
    };
    const found: number[] = [];
    for await (const { key } of sortItems(items(), { field: 'key', descending: true }, { columns: [], limit: 3 }))
      found.push(key);
    expect(found).toEqual([4999, 4998, 4997]);
    expect(held).toBeGreaterThanOrEqual(3);
    expect(held).toBeLessThan(1500);
  });

  it('takes the value of a column where the field has none of its own', async () => {
    const items = async function* () {
      await Promise.resolve();
      yield* [{ a: 1 }, { a: 2 }];
    };
    const columns = [{ field: 'b', title: { zh: 'b', en: 'b' }, value: ({ a }: { a: number }) => -a }];
    const found: unknown[] = [];
    const order = { field: 'b', descending: false };
    for await (const { a } of sortItems(items(), order, { columns, limit: 9 })) found.push(a);
    expect(found).toEqual([2, 1]);
  });
});

describe('parseSort', () => {
  it('reads field and direction', () => {
    expect(parseSort('at', ['at'])).toEqual({ field: 'at', descending: false });
    expect(parseSort('at:desc', ['at'])).toEqual({ field: 'at', descending: true });
    expect(parseSort('raw.callInTime:asc', [])).toEqual({ field: 'raw.callInTime', descending: false });
  });

  it.each(['at:down', 'other', '', 'at:desc:asc'])('refuses %j', (text) => {
    expect(() => parseSort(text, ['at'])).toThrow(expect.objectContaining({ code: 'flag-invalid' }));
  });
});
