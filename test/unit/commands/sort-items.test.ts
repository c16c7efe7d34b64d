import { describe, expect, it } from 'vitest';
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
