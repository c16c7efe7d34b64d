import { describe, expect, it } from 'vitest';
import { parseAllowList } from '../../../src/commands/parse-allow-list.js';

describe('parseAllowList', () => {
  it('is no test at all without addresses', () => {
    expect(parseAllowList(undefined)).toBeUndefined();
    expect(parseAllowList([])).toBeUndefined();
  });

  it.each([
    [['203.0.113.7'], '203.0.113.7', true],
    [['203.0.113.7'], '203.0.113.8', false],
    [['203.0.113.0/24'], '203.0.113.255', true],
    [['203.0.113.0/24'], '203.0.114.0', false],
    [['203.0.113.0/24, 198.51.100.1'], '198.51.100.1', true],
    [['203.0.113.7', '198.51.100.1'], '198.51.100.1', true],
    [['203.0.113.7'], '::ffff:203.0.113.7', true],
    [['2001:db8::/32'], '2001:db8::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['203.0.113.0/24'], '2001:db8::1', false],
    [['203.0.113.7/32'], '203.0.113.7', true],
    [['0.0.0.0/0'], '198.51.100.1', true],
    [['203.0.113.7'], '', false],
  ])('%j and %s: %s', (texts, address, allowed) => {
    expect(parseAllowList(texts)?.(address)).toBe(allowed);
  });

  it.each(['', 'example.com', '203.0.113', '203.0.113.0/33', '203.0.113.0/', '203.0.113.0/24/8', '203.0.113.0/-1'])(
    'refuses %j',
    (text) => {
      expect(() => parseAllowList([text])).toThrow(
        expect.objectContaining({ code: 'flag-invalid', message: expect.stringContaining('--allow-ip') as string }),
      );
    },
  );
});
