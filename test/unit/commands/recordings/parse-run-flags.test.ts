import { describe, expect, it } from 'vitest';
import { parseMaxErrors, parseRate, parseWindow } from '../../../../src/commands/recordings/parse-run-flags.js';
import { AppError } from '../../../../src/errors.js';

describe('flags of a run', () => {
  it.each([
    ['500', 500],
    ['800K', 819_200],
    ['2M', 2_097_152],
    ['1.5m', 1_572_864],
    ['1G', 1_073_741_824],
    ['2MiB/s', 2_097_152],
  ])('--bwlimit %s', (text, rate) => {
    expect(parseRate(text)).toBe(rate);
  });

  it.each(['0', '0.5', '-1', '2T', 'fast', '', 'M'])('refuses --bwlimit %j', (text) => {
    expect(() => parseRate(text)).toThrow(AppError);
  });

  it.each([
    ['5', 1000, 5],
    ['5%', 1000, 50],
    ['0.1%', 1000, 1],
    ['2%', 30, 1],
    ['10％', 25, 3],
    ['100%', 0, 1],
  ])('--max-errors %s of %i', (text, total, allowed) => {
    expect(parseMaxErrors(text, total)).toBe(allowed);
  });

  it.each(['0', '-1', '0%', '101%', 'x', '%'])('refuses --max-errors %j', (text) => {
    expect(() => parseMaxErrors(text, 10)).toThrow(AppError);
  });

  it('--window', () => {
    expect(parseWindow('22:00-06:00')).toEqual({ fromMinute: 1320, toMinute: 360 });
    expect(() => parseWindow('night')).toThrow(AppError);
  });
});
