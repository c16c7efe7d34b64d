import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContentHash } from '../../../src/notifications/content-hash.js';

const json = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value)));

/** The same value with the fields of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

function hashWith(hash: ContentHash): (value: unknown) => string {
  return (value) => {
    hash.add(value);
    return `${hash.high}:${hash.low}`;
  };
}

describe('ContentHash', () => {
  it('is the same for equal values in whatever order their fields are, and for no others', () => {
    const hashOf = hashWith(new ContentHash());
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(hashOf(left) === hashOf(right)).toBe(isDeepStrictEqual(left, right));
        expect(hashOf(reversed(left))).toBe(hashOf(left));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      { a: '12', b: '3' },
      { a: '1', b: '23' },
    ],
    [{ a: '1' }, { a: 1 }],
    [{ a: 'null' }, { a: null }],
    [{ a: '' }, {}],
    [
      { a: 1, b: 2 },
      { a: 2, b: 1 },
    ],
    [{ a: '1.5' }, { a: 1.5 }],
    [['a', 'b'], ['ab']],
    [
      [['a'], 'b'],
      ['a', ['b']],
    ],
    [{ a: { b: 'c' } }, { a: { c: 'b' } }],
    ['\ud800', '\udfff'],
    ['a', 'a\u0000'],
    [{ direction: 0 }, { direction: false }],
  ])('tells %j from %j', (left, right) => {
    const hashOf = hashWith(new ContentHash());
    expect(hashOf(left)).not.toBe(hashOf(right));
  });

  it('tells texts apart that differ in one character only, however long they are', () => {
    const hashOf = hashWith(new ContentHash());
    const text = 'x'.repeat(40_001);
    for (const at of [0, 16_383, 16_384, 32_768, 40_000]) {
      expect(hashOf(`${text.slice(0, at)}y${text.slice(at + 1)}`)).not.toBe(hashOf(text));
    }
  });

  it('holds its promise when there are more orders of fields than it keeps', () => {
    const hashOf = hashWith(new ContentHash());
    const before = hashOf({ first: 1, second: 2 });
    for (let index = 0; index < 25_000; index++) hashOf({ [`name${index}`]: index });
    expect(hashOf({ second: 2, first: 1 })).toBe(before);
    expect(hashOf({ late: 1, later: 2 })).toBe(hashOf({ later: 2, late: 1 }));
    expect(hashOf({ late: 1, later: 2 })).not.toBe(hashOf({ late: 2, later: 1 }));
  });

  it('bears values nested too deeply to be walked', () => {
    const hashOf = hashWith(new ContentHash());
    const deep = (): unknown => JSON.parse('['.repeat(5000) + ']'.repeat(5000));
    expect(hashOf(deep())).toBe(hashOf(deep()));
  });
});
