import { describe, expect, it } from 'vitest';
import { feeCode } from '../../../src/domain/fee-code.js';

describe('feeCode', () => {
  it.each([
    [8014, '8014'],
    ['8014', '8014'],
    ['08014', '8014'],
    ['8014.0', '8014'],
    [0, '0'],
    ['00', '0'],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads %j as %j', (value, code) => {
    expect(feeCode({ ulFailReason: value }, 'ulFailReason')).toBe(code);
  });
});
