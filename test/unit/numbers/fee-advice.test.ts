import { describe, expect, it } from 'vitest';
import { feeAdvice } from '../../../src/numbers/fee-advice.js';

describe('feeAdvice', () => {
  it.each([
    ['2026-11-22T00:00:00Z', 'cancelled by 25 November (3 days left) a number costs nothing from 1 December'],
    ['2026-11-25T15:59:59Z', 'cancelled by 25 November (today is the last day)'],
    // 26 November in Beijing.
    ['2026-11-25T16:00:00Z', 'cancelled now a number still costs the fee of December; from 1 to 25 December'],
    ['2026-12-31T16:00:00Z', 'cancelled by 25 January (24 days left) a number costs nothing from 1 February'],
    ['2026-12-31T15:59:59Z', 'the fee of January; from 1 to 25 January it can be cancelled free of that of February'],
  ])('at %s', (now, words) => {
    expect(feeAdvice(new Date(now))).toContain(words);
    expect(feeAdvice(new Date(now))).toContain('cannot be got back');
  });
});
