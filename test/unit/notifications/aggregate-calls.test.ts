import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCallRecord } from '../../../src/domain/call-record.js';
import { aggregateCalls } from '../../../src/notifications/aggregate-calls.js';
import { type CallFacts, callFacts } from '../../../src/notifications/call-facts.js';
import { percentile } from '../../../src/notifications/call-tally.js';
import { GROUP_KEYS } from '../../../src/notifications/group-key.js';
import { dayText, hourOfDay, localHours, weekdayOf } from '../../../src/notifications/local-hours.js';

interface Facts {
  /** UTC, as the platform writes it. */
  readonly start: string;
  readonly ring?: number | undefined;
  readonly talk?: number | undefined;
  readonly x?: string;
  readonly release?: number;
  readonly more?: Record<string, unknown>;
}

const later = (start: string, seconds: number): string =>
  start === ''
    ? ''
    : new Date(Date.parse(`${start.replace(' ', 'T')}Z`) + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

function call({ start, ring, talk, x, release, more }: Facts): CallFacts {
  const answered = talk === undefined ? {} : { fwdAnswerTime: later(start, ring ?? 0) };
  const fee = {
    sessionId: 'session',
    bindNum: x ?? '+8617000000001',
    callInTime: start,
    serviceType: '004',
    ...(ring === undefined ? {} : { fwdAlertingTime: start }),
    ...answered,
    callEndTime: later(start, (ring ?? 0) + (talk ?? 0)),
    ulFailReason: release ?? 0,
    ...more,
  };
  return callFacts(parseCallRecord(fee));
}

const CALLS: readonly CallFacts[] = [
  // Friday 2026-11-20 23:30 in Beijing.
  call({ start: '2026-11-20 15:30:00', ring: 5, talk: 61 }),
  // Saturday 00:30 in Beijing, still Friday in UTC.
  call({ start: '2026-11-20 16:30:00', ring: 10, talk: 60, x: '+8617000000002' }),
  call({ start: '2026-11-21 01:00:00', ring: 30, release: 8101 }),
  call({ start: '2026-11-22 01:00:00', release: 8102, x: '+8617000000002' }),
];

describe('aggregateCalls', () => {
  it('counts all calls', async () => {
    const { total, firstAt, lastAt } = await aggregateCalls(CALLS, { by: ['day'], zone: 'Asia/Shanghai' });
    expect(total).toEqual({
      calls: 4,
      answered: 2,
      answerRate: 0.5,
      talkSeconds: 121,
      talkMinutes: 2.02,
      billedMinutes: 3,
      ringSecondsMedian: 10,
      ringSecondsP95: 30,
      talkSecondsMedian: 60,
      talkSecondsP95: 61,
    });
    expect([firstAt, lastAt]).toEqual([new Date('2026-11-20T15:30:00Z'), new Date('2026-11-22T01:00:00Z')]);
  });

  it.each([
    ['Asia/Shanghai', ['2026-11-20', 1], ['2026-11-21', 2], ['2026-11-22', 1]],
    ['UTC', ['2026-11-20', 2], ['2026-11-21', 1], ['2026-11-22', 1]],
    ['America/New_York', ['2026-11-20', 3], ['2026-11-21', 1]],
  ])('takes days of %s', async (zone, ...expected) => {
    const { rows, days } = await aggregateCalls(CALLS, { by: ['day'], zone });
    expect(rows.map(({ day, calls }) => [day, calls])).toEqual(expected);
    expect(days.map(({ day, calls }) => [day, calls])).toEqual(expected);
  });

  it('puts groups by time in order of time, others by their calls', async () => {
    const byHour = await aggregateCalls(CALLS, { by: ['weekday', 'hour'], zone: 'Asia/Shanghai' });
    expect(byHour.rows.map(({ weekday, hour, calls }) => [weekday, hour, calls])).toEqual([
      [5, 23, 1],
      [6, 0, 1],
      [6, 9, 1],
      [7, 9, 1],
    ]);
    expect(byHour.week[5]?.[9]).toBe(1);
    const byCause = await aggregateCalls(CALLS, { by: ['outcome', 'cause'], zone: 'UTC' });
    expect(byCause.rows.map(({ outcome, cause, calls }) => [outcome, cause?.code, cause?.zh, calls])).toEqual([
      ['answered', '0', '接通后主动挂机', 2],
      ['busy', '8102', '被叫用户正忙', 1],
      ['no-answer', '8101', '被叫无应答', 1],
    ]);
  });

  it('keeps calls that lack the value in a group without it, last', async () => {
    const more = [...CALLS, call({ start: '', more: { areaCode: '0755' } })];
    const byArea = await aggregateCalls(more, { by: ['area'], zone: 'UTC' });
    expect(byArea.rows.map(({ area, calls }) => [area, calls])).toEqual([
      [undefined, 4],
      ['0755', 1],
    ]);
    const byDay = await aggregateCalls(more, { by: ['day'], zone: 'UTC' });
    expect(byDay.rows.at(-1)).toMatchObject({ day: undefined, calls: 1 });
  });

  it('fills days without calls in', async () => {
    const two = [CALLS[0]!, call({ start: '2026-11-23 01:00:00' })];
    const { days, rows } = await aggregateCalls(two, { by: ['day'], zone: 'UTC' });
    expect(days.map(({ calls }) => calls)).toEqual([1, 0, 0, 1]);
    expect(rows).toHaveLength(2);
  });

  it('has empty figures for no calls', async () => {
    const nothing = await aggregateCalls([], { by: ['day'], zone: 'UTC' });
    expect(nothing).toMatchObject({ rows: [], days: [], total: { calls: 0, answerRate: undefined, talkSeconds: 0 } });
  });

  it('has groups that add up to the total, whatever it is grouped by', async () => {
    const facts = fc.record({
      minutes: fc.integer({ min: 0, max: 20_000 }),
      ring: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      talk: fc.option(fc.integer({ min: 0, max: 3600 }), { nil: undefined }),
      x: fc.constantFrom('+8617000000001', '+8617000000002'),
      release: fc.constantFrom(0, 8101, 8102, 999_999),
    });
    const keys = fc.uniqueArray(fc.constantFrom(...GROUP_KEYS), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(facts, { maxLength: 40 }), keys, async (all, by) => {
        const calls = all.map(({ minutes, ...rest }) =>
          call({ start: later('2026-11-01 00:00:00', minutes * 60), ...rest }),
        );
        const { rows, total, days, week } = await aggregateCalls(calls, { by, zone: 'America/New_York' });
        const sum = (values: readonly number[]): number => values.reduce((left, right) => left + right, 0);
        expect(sum(rows.map((row) => row.calls))).toBe(all.length);
        expect(sum(rows.map((row) => row.talkSeconds))).toBe(total.talkSeconds);
        expect(sum(rows.map((row) => row.billedMinutes))).toBe(total.billedMinutes);
        expect(sum(days.map((day) => day.answered))).toBe(total.answered);
        expect(sum(week.flat())).toBe(all.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('percentile', () => {
  it('is the value at the nearest rank', () => {
    const counts = new Map([
      [4, 1],
      [1, 1],
      [3, 1],
      [2, 1],
    ]);
    expect([50, 75, 95, 100].map((percent) => percentile(counts, percent))).toEqual([2, 3, 4, 4]);
    expect(percentile(new Map(), 50)).toBeUndefined();
  });

  it('is what sorting gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (values, percent) => {
          const counts = new Map<number, number>();
          for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
          const sorted = [...values].sort((one, other) => one - other);
          expect(percentile(counts, percent)).toBe(sorted[Math.ceil((values.length * percent) / 100) - 1]);
        },
      ),
    );
  });
});

describe('localHours', () => {
  it('follows the clocks of a zone through the change of hour', () => {
    const clock = localHours('America/New_York');
    const at = (text: string): number => clock(Date.parse(text));
    expect(hourOfDay(at('2026-11-01T05:59:00Z'))).toBe(1);
    expect(hourOfDay(at('2026-11-01T06:00:00Z'))).toBe(1);
    expect(hourOfDay(at('2026-11-01T07:00:00Z'))).toBe(2);
  });

  it('names days and weekdays, before 1970 too', () => {
    expect([dayText(0), weekdayOf(0)]).toEqual(['1970-01-01', 4]);
    expect([dayText(-1), weekdayOf(-1)]).toEqual(['1969-12-31', 3]);
    const beijing = localHours('Asia/Shanghai');
    expect(hourOfDay(beijing(Date.parse('1969-12-31T15:30:00Z')))).toBe(23);
  });
});
