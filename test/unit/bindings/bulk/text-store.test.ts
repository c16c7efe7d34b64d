import { describe, expect, it } from 'vitest';
import { TextStore } from '../../../../src/bindings/bulk/text-store.js';

describe('TextStore', () => {
  it('gives every text back, also those of many bytes a character and those longer than a chunk', () => {
    const store = new TextStore();
    const textOf = (n: number): string => (n % 5000 === 7 ? `${n} ${'长'.repeat(700_000)}` : `${n} 订单 “${n * n}”`);
    const places = Array.from({ length: 20_000 }, (_, n) => store.keep(textOf(n)));
    expect(new Set(places).size).toBe(places.length);
    expect(places.filter((place, n) => store.at(place) !== textOf(n))).toEqual([]);
    expect(store.at(store.keep(''))).toBe('');
  });
});
