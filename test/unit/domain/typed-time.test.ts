import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLocal } from '../../../src/domain/instant.js';
import { endOfTypedTime, parseTypedTime } from '../../../src/domain/typed-time.js';

const now = new Date('2026-11-22T17:30:00Z');
const beijing = { zone: 'Asia/Shanghai', now };
const newYork = { zone: 'America/New_York', now };

describe('parseTypedTime', () => {
  it.each([
    ['2026-11-22', '2026-11-21T16:00:00.000Z'],
    [' 2026-1-2 ', '2026-01-01T16:00:00.000Z'],
    ['2026-11-22 08:00', '2026-11-22T00:00:00.000Z'],
    ['2026-11-22 8:00:05', '2026-11-22T00:00:05.000Z'],
    ['2026-11-22T08:00:05', '2026-11-22T00:00:05.000Z'],
    ['2026-11-22T08:00:05Z', '2026-11-22T08:00:05.000Z'],
    ['2026-11-22T08:00Z', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22t08:00:05.25+08:00', '2026-11-22T00:00:05.250Z'],
    ['2026-11-22 08:00 -0500', '2026-11-22T13:00:00.000Z'],
    ['24h', '2026-11-21T17:30:00.000Z'],
    ['7d', '2026-11-15T17:30:00.000Z'],
    ['1h30m', '2026-11-22T16:00:00.000Z'],
    ['now', '2026-11-22T17:30:00.000Z'],
    ['today', '2026-11-22T16:00:00.000Z'],
    ['Yesterday', '2026-11-21T16:00:00.000Z'],
  ])('reads %j in Beijing', (text, expected) => {
    expect(parseTypedTime(text, beijing)?.toISOString()).toBe(expected);
  });

  it.each([
    ['2026-11-22', '2026-11-22T05:00:00.000Z'],
    ['2026-07-01 00:00', '2026-07-01T04:00:00.000Z'],
    ['today', '2026-11-22T05:00:00.000Z'],
    ['yesterday', '2026-11-21T05:00:00.000Z'],
  ])('reads %j in New York', (text, expected) => {
    expect(parseTypedTime(text, newYork)?.toISOString()).toBe(expected);
  });

  it.each([
    '',
    '2026',
    '2026-02-30',
    '2026-13-01',
    '2026-11-22 24:00',
    '2026-11-22 08:60',
    '2026-11-22T25:00:00Z',
    '22.11.2026',
    'soon',
    '-1h',
    '7',
    '9999999999999999d',
    'constructor',
  ])('refuses %j', (text) => {
    expect(parseTypedTime(text, beijing)).toBeUndefined();
    expect(endOfTypedTime(text, beijing)).toBeUndefined();
  });

  it('never fails, and reads every wall time back', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = parseTypedTime(text, beijing);
        expect(read === undefined || !Number.isNaN(read.getTime())).toBe(true);
      }),
    );
    const date = fc.date({ min: new Date('1995-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (instant) => {
        const whole = Math.floor(instant.getTime() / 1000) * 1000;
        expect(parseTypedTime(formatLocal(new Date(whole), beijing.zone), beijing)?.getTime()).toBe(whole);
      }),
    );
  });
});

describe('endOfTypedTime', () => {
  it.each([
    ['2026-11-22', beijing, '2026-11-22T16:00:00.000Z'],
    ['2026-12-31', beijing, '2026-12-31T16:00:00.000Z'],
    ['today', beijing, '2026-11-23T16:00:00.000Z'],
    ['yesterday', beijing, '2026-11-22T16:00:00.000Z'],
    ['2026-11-22 08:00', beijing, '2026-11-22T00:00:00.000Z'],
    ['now', beijing, '2026-11-22T17:30:00.000Z'],
    // The day on which clocks go back has 25 hours.
    ['2026-11-01', newYork, '2026-11-02T05:00:00.000Z'],
  ])('%j', (text, options, expected) => {
    expect(endOfTypedTime(text, options)?.toISOString()).toBe(expected);
  });
});
