import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashSet } from '../../../src/notifications/hash-set.js';

describe('HashSet', () => {
  it('knows what it has seen, zeros and all ones too', () => {
    const set = new HashSet();
    for (const [high, low] of [
      [0, 0],
      [-1, -1],
      [0, -1],
      [-1, 0],
    ] as const) {
      expect(set.add(high, low)).toBe(true);
      expect(set.add(high, low)).toBe(false);
    }
  });

  it('answers as a set of 64 bits does, one by one and many at a time', () => {
    const lane = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(0, 1, 2, -1));
    fc.assert(
      fc.property(fc.array(fc.tuple(lane, lane), { maxLength: 300 }), (all) => {
        const set = new HashSet();
        const many = new HashSet();
        const model = new Set<string>();
        // 0 marks a free slot: it is kept as 1.
        const expected = all.map(([high, low]) => {
          const name = high === 0 && low === 0 ? '0:1' : `${high}:${low >>> 0}`;
          const isNew = !model.has(name);
          model.add(name);
          return isNew;
        });
        expect(all.map(([high, low]) => set.add(high, low))).toEqual(expected);
        many.pairs.set(all.flatMap(([high, low]) => [low, high]));
        expect(Array.from(many.addAll(all.length), (one) => one === 1)).toEqual(expected);
      }),
    );
  });

  it('loses none while it grows, in small steps too', () => {
    const set = new HashSet();
    const { mostAtOnce } = set;
    const mix = (index: number, factor: number): number => Math.imul(index ^ (index >>> 15), factor);
    const fill = (from: number): void => {
      for (let at = 0; at < mostAtOnce; at++) {
        set.pairs[at * 2] = mix(from + at, 0x9e3779b1);
        set.pairs[at * 2 + 1] = mix(from + at, 0x85ebca6b);
      }
    };
    const total = mostAtOnce * 700;
    for (const expected of [1, 0]) {
      for (let from = 0; from < total; from += mostAtOnce) {
        fill(from);
        if (!set.addAll(mostAtOnce).every((one) => one === expected))
          expect.fail(`at ${from}: not all are ${expected}`);
      }
    }
    expect(total).toBeGreaterThan(5_000_000);
  });

  it('loses none when it makes room at once, whatever was expected', () => {
    const set = new HashSet();
    const scattered = (index: number): number => Math.imul(index, 0x9e3779b1);
    let known = 0;
    for (const more of [0, 1, 20_000, 5, 300_000, 1e12]) {
      set.expect(more);
      for (let index = 0; index < 10_000; index++, known++) expect(set.add(known, scattered(known))).toBe(true);
      for (let index = 0; index < known; index += 7) expect(set.add(index, scattered(index))).toBe(false);
    }
  });

  it('keeps hashes that differ in few bits', () => {
    const set = new HashSet();
    const scattered = (index: number): number => Math.imul(index, 0x9e3779b1);
    for (let index = 0; index < 100_000; index++) expect(set.add(index & 0xffff, scattered(index))).toBe(true);
    for (let index = 0; index < 100_000; index += 97) expect(set.add(index & 0xffff, scattered(index))).toBe(false);
  });
});
