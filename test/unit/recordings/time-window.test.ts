import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimeWindow, windowOpensInMs } from '../../../src/recordings/time-window.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

describe('parseTimeWindow', () => {
  it.each([
    ['01:00-06:00', { fromMinute: 60, toMinute: 360 }],
    ['1:00 - 6:30', { fromMinute: 60, toMinute: 390 }],
    ['22:00-06:00', { fromMinute: 1320, toMinute: 360 }],
    ['00:00-24:00', { fromMinute: 0, toMinute: 1440 }],
    ['06:00-06:00', undefined],
    ['24:00-06:00', undefined],
    ['01:60-06:00', undefined],
    ['01:00-24:01', undefined],
    ['01:00', undefined],
    ['1-6', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(parseTimeWindow(text)).toEqual(expected);
  });
});

describe('windowOpensInMs', () => {
  /** An instant by the clocks of Beijing. */
  const at = (time: string): Date => new Date(`2026-11-22T${time}+08:00`);
  const night = { fromMinute: 60, toMinute: 360 };
  const overMidnight = { fromMinute: 1320, toMinute: 360 };

  it.each([
    [night, '00:59:59.999', 1],
    [night, '01:00:00.000', 0],
    [night, '05:59:59.999', 0],
    [night, '06:00:00.000', 19 * 60 * MINUTE],
    [night, '23:00:00.000', 120 * MINUTE],
    [overMidnight, '21:00:00.000', 60 * MINUTE],
    [overMidnight, '22:00:00.000', 0],
    [overMidnight, '00:00:00.000', 0],
    [overMidnight, '05:59:00.000', 0],
    [overMidnight, '06:00:00.000', 16 * 60 * MINUTE],
    [{ fromMinute: 0, toMinute: 1440 }, '23:59:59.999', 0],
  ] as const)('%o at %s: %i ms', (window, time, expected) => {
    expect(windowOpensInMs(window, at(time))).toBe(expected);
  });

  it('is open when the wait is over, and a moment before it is not', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const instant = fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2090, 0) });
    fc.assert(
      fc.property(minute, minute, instant, (fromMinute, toMinute, time) => {
        fc.pre(fromMinute !== toMinute);
        const window = { fromMinute, toMinute };
        const wait = windowOpensInMs(window, new Date(time));
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThan(DAY);
        expect(windowOpensInMs(window, new Date(time + wait))).toBe(0);
        if (wait > 0) expect(windowOpensInMs(window, new Date(time + wait - 1))).toBe(1);
      }),
    );
  });
});
