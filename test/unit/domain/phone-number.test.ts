import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDialled,
  isChinaMobile,
  isGlobalNumber,
  isXNumber,
  maskPhoneNumber,
  maskTyped,
  maskText,
  parsePhoneNumber,
  PhoneNumberError,
} from '../../../src/domain/phone-number.js';

const digits = fc.string({
  unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
  minLength: 8,
  maxLength: 8,
});

describe('parsePhoneNumber', () => {
  it.each([
    ['13800000001', '+8613800000001'],
    ['+86 138 0000 0001', '+8613800000001'],
    ['86-138-0000-0001', '+8613800000001'],
    ['008613800000001', '+8613800000001'],
    ['１３８ ００００ ０００１', '+8613800000001'],
    ['0755-28000001', '+8675528000001'],
    ['(010) 28000001', '+861028000001'],
    ['+86 0755 28000001', '+8675528000001'],
    ['+85228000001', '+85228000001'],
  ])('reads %j', (text, number) => {
    expect(parsePhoneNumber(text)).toBe(number);
  });

  it.each(['', ' ', '400', '95588', '1.38E+10', '1380000000', '+861380000000', '+8612345678901', 'abc', '+', '+0138'])(
    'refuses %j',
    (text) => {
      expect(() => parsePhoneNumber(text)).toThrow(PhoneNumberError);
    },
  );

  it('reads every mobile number back from how people dial it', () => {
    fc.assert(
      fc.property(digits, (tail) => {
        const number = `+86138${tail}`;
        expect(parsePhoneNumber(formatDialled(number))).toBe(number);
        expect([isGlobalNumber(number), isXNumber(number), isChinaMobile(number)]).toEqual([true, true, true]);
      }),
    );
  });
});

describe('maskPhoneNumber', () => {
  it.each([
    ['+8613800000001', '+86138****0001'],
    ['13800000001', '138****0001'],
    ['+8675528000001', '+86755****0001'],
    ['+85228000001', '+85****0001'],
    ['0001', '****'],
    ['1', '****'],
    ['', '****'],
    ['+86138****0001', '+86138****0001'],
    ['13800000001*', '138****001*'],
  ])('%j', (number, masked) => {
    expect(maskPhoneNumber(number)).toBe(masked);
  });
});

describe('maskText', () => {
  it.each([
    ['call from +8613800000001 to 13800000002.', 'call from +86138****0001 to 138****0002.'],
    [
      'session 1200_1029_4294967295_20190123091514@callenabler246.huaweicaas.com',
      'session 1200_1029_4294967295_20190123091514@callenabler246.huaweicaas.com',
    ],
    [
      'session +8613800000001_+8613800000002_4_627e5c1f_963036',
      'session +86138****0001_+86138****0002_4_627e5c1f_963036',
    ],
    ['1200_366_0_20161228102743.wav', '1200_366_0_20161228102743.wav'],
    ['/x?num=13800000001&b=%2B8613800000002', '/x?num=138****0001&b=%2B86138****0002'],
    // 1795305600000 is 2026-11-22T00:00:00Z.
    ['push 2026-11-22/vm-21830-1795305600458:14 failed', 'push 2026-11-22/vm-21830-1795305600458:14 failed'],
    [
      '/d/journal/2026-11-22/a.b-1-1795305600458.ndjson:3: cut',
      '/d/journal/2026-11-22/a.b-1-1795305600458.ndjson:3: cut',
    ],
    ['2026-11-22/13800000001-7-1795305600458:1', '2026-11-22/138****0001-7-1795305600458:1'],
    ['2026-11-22/vm-1-1795305600458:1, +8613800000001', '2026-11-22/vm-1-1795305600458:1, +86138****0001'],
    // The form alone is not enough: the time must be of that day.
    ['2026-11-22/vm-1-8613800000001:1', '2026-11-22/vm-1-****0001:1'],
    ['2026-11-10/vm-1-1795305600458:1', '2026-11-10/vm-1-179****0458:1'],
    ['2026-99-99/vm-1-1795305600458:1', '2026-99-99/vm-1-179****0458:1'],
    ['binding 9fa05583-0000-4000-8000-138000000012 is', 'binding 9fa05583-0000-4000-8000-138000000012 is'],
    ['9fa05583-0000-4000-8000-13800000001', '9fa05583-0000-4000-8000-138****0001'],
    ['19fa05583-0000-4000-8000-138000000012', '19fa05583-0000-4000-8000-138****0012'],
    ['at 2026-11-22 08:00:00 in 1234 ms', 'at 2026-11-22 08:00:00 in 1234 ms'],
  ])('%j', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it('leaves no number whole', () => {
    fc.assert(
      fc.property(
        digits,
        fc.constantFrom('', '+86', '86'),
        fc.constantFrom(' ', ',', '"', ':', '(', '/'),
        (tail, prefix, mark) => {
          expect(maskText(`a${mark}${prefix}138${tail}${mark}b`)).not.toContain(`138${tail}`);
        },
      ),
    );
  });
});

describe('maskTyped', () => {
  it.each([
    ['138 0000 00019', '138****19'],
    ['1380000000A', '138****00'],
    ['１３８００００００１', '138****01'],
    ['12345', '12345'],
    ['', ''],
  ])('%s → %s', (typed, shown) => {
    expect(maskTyped(typed)).toBe(shown);
  });
});
