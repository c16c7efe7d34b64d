import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/domain/duration.js';
import {
  formatDay,
  formatInstant,
  formatLocal,
  formatPlatformTime,
  instantOfLocal,
  isZone,
  parsePlatformTime,
  zoneOffsetMinutes,
} from '../../../src/domain/instant.js';

/** What a time of the usual form means, by the language's own parser. */
function reference(text: string): string | undefined {
  const found = /^([1-9]\d{3}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  const date = new Date(`${found?.[1] ?? ''}T${found?.[2] ?? ''}Z`);
  // It takes 30 February for 2 March, and 24:00:00 for the next day.
  return !Number.isNaN(date.getTime()) && formatPlatformTime(date) === text ? date.toISOString() : undefined;
}

describe('parsePlatformTime of the usual form', () => {
  const digits = (most: number): fc.Arbitrary<string> => fc.nat(most).map((value) => String(value).padStart(2, '0'));
  const years = fc.oneof(fc.integer({ min: 1000, max: 9999 }), fc.constantFrom(1900, 1970, 2000, 2024, 2100));
  const usual = fc
    .tuple(years, digits(13), digits(32), digits(25), digits(61), digits(61))
    .map(([year, month, day, ...time]) => `${year}-${month}-${day} ${time.join(':')}`);

  it('agrees with the parser of the language, on dates that exist and on others', () => {
    fc.assert(
      fc.property(usual, (text) => {
        expect(parsePlatformTime(text)?.toISOString()).toBe(reference(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('knows every day of four hundred years', () => {
    for (let at = Date.UTC(1900, 0, 1); at < Date.UTC(2300, 0, 1); at += 86_400_000) {
      const text = formatPlatformTime(new Date(at));
      if (parsePlatformTime(text)?.getTime() !== at) expect(text).toBe('read as itself');
    }
    expect(parsePlatformTime('1900-02-29 00:00:00')).toBeUndefined();
    expect(parsePlatformTime('2000-02-29 23:59:59')?.toISOString()).toBe('2000-02-29T23:59:59.000Z');
  });

  it('takes no character for a digit that is none', () => {
    const text = '2019-01-23 09:15:14';
    for (let at = 0; at < text.length; at++) {
      for (const other of ['/', ':', 'a', '\u0661', '.'].filter(
        (char) => char !== text[at] && !(at === 10 && char === 'T'),
      )) {
        expect(parsePlatformTime(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
      }
    }
  });
});

describe('parsePlatformTime', () => {
  it.each<[unknown, string | undefined]>([
    ['2019-01-23 09:15:14', '2019-01-23T09:15:14.000Z'],
    [' 2019-1-3  9:15:14.25 ', '2019-01-03T09:15:14.250Z'],
    ['2020-12-23T09:06:16.450Z', '2020-12-23T09:06:16.450Z'],
    ['2020-12-23T09:06:16+08:00', '2020-12-23T01:06:16.000Z'],
    ['2020-12-23T09:06:16-0530', '2020-12-23T14:36:16.000Z'],
    ['2019-02-29 00:00:00', undefined],
    ['2019-01-23 24:00:00', undefined],
    ['2019-01-23 09:60:00', undefined],
    ['0019-01-23 09:15:14', undefined],
    ['2019-01-23', undefined],
    ['', undefined],
    [null, undefined],
    [1548234914, undefined],
  ])('%j', (value, expected) => {
    expect(parsePlatformTime(value)?.toISOString()).toBe(expected);
  });

  it('reads back what is written', () => {
    const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (instant) => {
        expect(parsePlatformTime(instant.toISOString())).toEqual(instant);
        expect(parsePlatformTime(formatPlatformTime(instant))?.getTime()).toBe(
          Math.floor(instant.getTime() / 1000) * 1000,
        );
        for (const zone of ['Asia/Shanghai', 'America/New_York', 'Asia/Kolkata']) {
          expect(parsePlatformTime(formatInstant(instant, zone))).toEqual(instant);
        }
      }),
    );
  });
});

describe('zones', () => {
  const at = new Date('2019-01-23T17:15:14.005Z');
  it('are shown with their offset', () => {
    expect(formatInstant(at, 'Asia/Shanghai')).toBe('2019-01-24T01:15:14.005+08:00');
    expect(formatInstant(at, 'UTC')).toBe('2019-01-23T17:15:14.005Z');
    expect(formatLocal(at, 'America/New_York')).toBe('2019-01-23 12:15:14');
    expect(formatDay(at, 'Asia/Shanghai')).toBe('2019-01-24');
    expect(zoneOffsetMinutes(at, 'Asia/Kolkata')).toBe(330);
    // Beijing had summer time until 1991.
    expect(zoneOffsetMinutes(new Date('1990-07-01T00:00:00Z'), 'Asia/Shanghai')).toBe(540);
    expect([isZone('Asia/Shanghai'), isZone('Asia/Nowhere')]).toEqual([true, false]);
  });

  it.each([
    [
      'noon of the day on which clocks go forward',
      { year: 2026, month: 3, day: 8, hour: 12 },
      '2026-03-08T16:00:00.000Z',
    ],
    [
      'the skipped hour: the instant after the gap',
      { year: 2026, month: 3, day: 8, hour: 2, minute: 30 },
      '2026-03-08T07:30:00.000Z',
    ],
    [
      'the repeated hour: the earlier one',
      { year: 2026, month: 11, day: 1, hour: 1, minute: 30 },
      '2026-11-01T05:30:00.000Z',
    ],
    ['after the repeated hour', { year: 2026, month: 11, day: 1, hour: 2 }, '2026-11-01T07:00:00.000Z'],
  ])('in New York: %s', (_name, wall, expected) => {
    expect(instantOfLocal(wall, 'America/New_York').toISOString()).toBe(expected);
  });

  it('start a day that has no midnight where it does start', () => {
    expect(instantOfLocal({ year: 2018, month: 11, day: 4 }, 'America/Sao_Paulo').toISOString()).toBe(
      '2018-11-04T03:00:00.000Z',
    );
  });
});

describe('durations', () => {
  it.each([
    ['7200', 7200],
    ['90s', 90],
    ['1h30m', 5400],
    ['7d', 604_800],
    ['250ms', 0.25],
    ['1.5h', 5400],
    ['', undefined],
    ['1x', undefined],
    ['-1s', undefined],
  ])('reads %j', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    [0, '0s'],
    [59.6, '1m00s'],
    [65, '1m05s'],
    [3900, '1h05m'],
    [183_600, '2d03h'],
  ])('writes %d', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});
