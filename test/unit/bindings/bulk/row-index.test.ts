import { describe, expect, it } from 'vitest';
import { RowIndex } from '../../../../src/bindings/bulk/row-index.js';

describe('RowIndex', () => {
  it('gives the first number of each text, among many', () => {
    const index = new RowIndex();
    const known: unknown[] = [];
    for (let n = 0; n < 50_000; n += 1) known.push(index.enter(`u +86170000002${n % 97} +86138${n}`, n));
    expect(known.filter((one) => one !== undefined)).toEqual([]);
    for (let n = 0; n < 50_000; n += 777) expect(index.enter(`u +86170000002${n % 97} +86138${n}`, -1)).toBe(n);
    expect(index.enter('', 0)).toBeUndefined();
    expect(index.enter('', 9)).toBe(0);
  });
});
