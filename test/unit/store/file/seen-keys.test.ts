import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenKeys } from '../../../../src/store/file/seen-keys.js';

const AT = new Date('2026-11-22T08:00:00Z');
const tenKeys = (key: number, content: number): [string, number][] =>
  Array.from({ length: 10 }, (_, n) => [`key ${key} ${n}`, content]);
const shaOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const SHAS = ['0', '1', '2', '3'].map(shaOf);

describe('SeenKeys', () => {
  it('tells new, duplicate and conflict apart', () => {
    const seen = new SeenKeys();
    expect(seen.lookup('fee:1', shaOf('a'))).toBe('new');
    seen.add('fee:1', shaOf('a'), AT);
    expect(seen.lookup('fee:1', shaOf('a'))).toBe('duplicate');
    expect(seen.lookup('fee:1', shaOf('b'))).toBe('conflict');
    seen.add('fee:1', shaOf('b'), AT);
    expect(seen.lookup('fee:1', shaOf('b'))).toBe('duplicate');
    expect(seen.lookup('fee:2', shaOf('a'))).toBe('new');
  });

  it('never takes a push without a key for a duplicate', () => {
    const seen = new SeenKeys();
    seen.add(undefined, shaOf('a'), AT);
    expect(seen.lookup(undefined, shaOf('a'))).toBe('new');
    expect(seen.size).toBe(0);
  });

  it('agrees with a plain map while it grows', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(3)), { minLength: 500, maxLength: 2000 }), (pushes) => {
        const seen = new SeenKeys();
        const model = new Map<string, Set<string>>();
        // Ten keys of each, so that every part of the table grows.
        for (const [name, content] of pushes.flatMap(([key, content]) => tenKeys(key, content))) {
          const sha = SHAS[content] ?? '';
          const known = model.get(name);
          const expected = known === undefined ? 'new' : known.has(sha) ? 'duplicate' : 'conflict';
          if (seen.lookup(name, sha) !== expected) expect.fail(`${name} is ${expected}`);
          if (expected === 'duplicate') continue;
          seen.add(name, sha, AT);
          model.set(name, (known ?? new Set<string>()).add(sha));
        }
      }),
      { numRuns: 10 },
    );
  });

  it('forgets what is older than its time, and only that, when it runs full', () => {
    const seen = new SeenKeys(3600);
    const later = new Date(AT.getTime() + 2 * 3_600_000);
    const young = Array.from({ length: 30_000 }, (_, n) => `young ${n}`);
    for (let n = 0; n < 10_000; n += 1) seen.add(`old ${n}`, shaOf('a'), AT);
    for (const key of young) seen.add(key, shaOf('a'), later);
    expect(seen.size).toBe(young.length);
    expect(seen.lookup('old 1', shaOf('a'))).toBe('new');
    expect(young.filter((key) => seen.lookup(key, shaOf('a')) !== 'duplicate')).toEqual([]);
  });
});
