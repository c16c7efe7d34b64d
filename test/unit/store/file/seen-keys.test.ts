import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenKeys } from '../../../../src/store/file/seen-keys.js';

const AT = new Date('2026-11-22T08:00:00Z');
const shaOf = (text: string): string => createHash('sha256').update(text).digest('hex');

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
      fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(3)), { minLength: 500, maxLength: 3000 }), (pushes) => {
        const seen = new SeenKeys();
        const model = new Map<string, Set<string>>();
        for (const [key, content] of pushes) {
          const name = `key ${key}`;
          const sha = shaOf(String(content));
          const known = model.get(name);
          const expected = known === undefined ? 'new' : known.has(sha) ? 'duplicate' : 'conflict';
          expect(seen.lookup(name, sha)).toBe(expected);
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
    for (let n = 0; n < 700; n += 1) seen.add(`old ${n}`, shaOf('a'), AT);
    for (let n = 0; n < 700; n += 1) seen.add(`young ${n}`, shaOf('a'), later);
    expect(seen.size).toBe(700);
    expect(seen.lookup('old 1', shaOf('a'))).toBe('new');
    for (let n = 0; n < 700; n += 1) expect(seen.lookup(`young ${n}`, shaOf('a'))).toBe('duplicate');
  });
});
