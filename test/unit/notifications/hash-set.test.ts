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

  it('answers as a set of 60 bits does', () => {
    const lane = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(lane, fc.constantFrom(0, 16, -16)), lane), { maxLength: 300 }), (all) => {
        const set = new HashSet();
        const model = new Set<string>();
        for (const [high, low] of all) {
          const bits = `${high >>> 4}:${low >>> 0}`;
          // 0 marks a free slot: of each part the hash whose stored bits are all 0 is kept as 1.
          const stored = ((high >>> 4) & 0xffff) === 0 && low === 0 ? `${high >>> 4}:1` : bits;
          expect(set.add(high, low)).toBe(!model.has(stored));
          model.add(stored);
        }
      }),
    );
  });

  it('keeps a hundred thousand in one part, which grows as it must', () => {
    const set = new HashSet();
    const scattered = (index: number): number => Math.imul(index, 0x9e3779b1);
    for (let index = 0; index < 100_000; index++) expect(set.add(index & 0xffff, scattered(index))).toBe(true);
    for (let index = 0; index < 100_000; index += 97) expect(set.add(index & 0xffff, scattered(index))).toBe(false);
  });
});
