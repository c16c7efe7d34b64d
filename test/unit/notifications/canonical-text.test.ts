import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/notifications/canonical-text.js';

describe('canonicalText', () => {
  it('has one form', () => {
    expect(canonicalText({ b: [1, null, 'x'], a: 'yz' })).toBe('{1:a="2:yz,1:b=[1,null,"1:x,],}');
  });

  it('is equal for equal values, and only for these', () => {
    const value = fc.jsonValue({ maxDepth: 2 }).map((one) => JSON.parse(JSON.stringify(one)) as unknown);
    fc.assert(
      fc.property(value, value, (left, right) => {
        expect(canonicalText(left) === canonicalText(right)).toBe(isDeepStrictEqual(left, right));
        expect(canonicalText(structuredClone(left))).toBe(canonicalText(left));
      }),
    );
    expect(canonicalText(['a,1:b'])).not.toBe(canonicalText(['a', 'b']));
    expect(canonicalText({ 'a=1': 2 })).not.toBe(canonicalText({ a: '1=2' }));
    expect(canonicalText('1')).not.toBe(canonicalText(1));
  });

  it('does not fail on depth', () => {
    expect(canonicalText(JSON.parse('['.repeat(5000) + ']'.repeat(5000)))).toContain('…');
  });
});
