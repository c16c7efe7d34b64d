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
    expect(feeAdvice(new Date(now)).en).toContain(words);
    expect(feeAdvice(new Date(now)).en).toContain('cannot be got back');
  });

  it.each([
    ['2026-11-22T00:00:00Z', '11 月 25 日前（还剩 3 天）退订的号码，从 12 月 1 日起不再收费；退订的号码无法找回'],
    [
      '2026-11-26T00:00:00Z',
      '现在退订的号码仍收 12 月的月租；12 月 1 日至 25 日退订，则不收 1 月的月租；退订的号码无法找回',
    ],
  ])('says it in Chinese at %s', (now, words) => {
    expect(feeAdvice(new Date(now)).zh).toBe(words);
  });
});
