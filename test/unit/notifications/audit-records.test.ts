import { describe, expect, it } from 'vitest';
import { parseCallEvent } from '../../../src/domain/call-event.js';
import { parseCallRecord } from '../../../src/domain/call-record.js';
import { RecordAudit } from '../../../src/notifications/audit-records.js';
import { findHoles } from '../../../src/notifications/find-holes.js';
import { buildRecordFilter, type RecordCriteria } from '../../../src/notifications/filter-records.js';
import { CHECKS, FINDINGS } from '../../../src/notifications/finding.js';

const NOW = new Date('2026-11-22T00:00:00Z');

function openAudit(criteria: RecordCriteria = {}, untilNow = false): RecordAudit {
  return new RecordAudit({ zone: 'Asia/Shanghai', now: NOW, wanted: buildRecordFilter(criteria), untilNow });
}

const cdr = (sessionId: string, more: Record<string, unknown> = {}) => ({
  record: parseCallRecord({
    sessionId,
    icid: `icid-${sessionId}`,
    bindNum: '+8617000000001',
    serviceType: '004',
    subscriptionId: 'binding',
    callInTime: '2026-11-21 01:00:00',
    ...more,
  }),
});
const event = (sessionId: string, timestamp: string, eventType = 'callin') => ({
  record: parseCallEvent({ eventType, statusInfo: { sessionId, timestamp, called: '+8617000000001' } }),
});

const codes = (audit: RecordAudit): unknown[] =>
  audit.findings().map(({ code, count, subject, examples }) => [code, count, subject, examples]);

describe('RecordAudit', () => {
  it('finds nothing wrong with calls that are whole', () => {
    const audit = openAudit();
    for (const one of [event('a', '2026-11-20 01:00:00'), cdr('a'), cdr('b'), event('b', '2026-11-20 01:00:00')]) {
      audit.add(one);
    }
    expect(audit.findings()).toEqual([]);
    expect(audit.count).toBe(4);
  });

  it('tells repeated records from such that differ', () => {
    const audit = openAudit();
    expect([audit.add(cdr('a')), audit.add(cdr('a')), audit.add(cdr('a', { userData: 'other' }))]).toEqual([
      true,
      false,
      true,
    ]);
    audit.addRepeatedPush(NOW, 'segment:1');
    expect(codes(audit)).toEqual([
      ['push-repeated', 1, undefined, ['segment:1']],
      ['record-repeated', 1, undefined, ['a']],
      ['record-conflicting', 1, undefined, ['a']],
    ]);
  });

  it('misses a CDR only when the retries of the platform are over, 623 minutes after the last event', () => {
    const audit = openAudit();
    audit.add(event('late', '2026-11-21 13:37:00'));
    audit.add(event('late', '2026-11-21 13:37:01', 'disconnect'));
    audit.add(event('lost', '2026-11-21 13:30:00'));
    audit.add(event('lost', '2026-11-21 13:37:00', 'disconnect'));
    expect(codes(audit)).toEqual([['cdr-missing', 1, undefined, ['lost']]]);
    expect(audit.findings()[0]?.at).toEqual(new Date('2026-11-21T13:37:00Z'));
  });

  it('takes a CDR outside of the range for that of its call', () => {
    const audit = openAudit({ until: new Date('2026-11-20T00:00:00Z') });
    audit.add(event('a', '2026-11-19 23:59:00'));
    audit.add(cdr('a', { callInTime: '2026-11-20 00:01:00', subscriptionId: '' }));
    expect(audit.findings()).toEqual([]);
  });

  it('counts calls without a binding for each X, not those of X mode', () => {
    const audit = openAudit();
    audit.add(cdr('a', { subscriptionId: '', ulFailReason: 8014 }));
    audit.add(cdr('b', { subscriptionId: '' }));
    audit.add(cdr('c', { subscriptionId: '', bindNum: '+8617000000002' }));
    audit.add(cdr('d', { subscriptionId: '', notifyMode: 'Block' }));
    expect(codes(audit)).toEqual([
      ['binding-missing', 2, '+8617000000001', ['a', 'b']],
      ['binding-missing', 1, '+8617000000002', ['c']],
    ]);
  });

  it('gives possible holes as instants of the zone', () => {
    const audit = openAudit();
    // Monday 2026-11-02 to Friday 2026-11-06, 9 to 12 o'clock in Beijing; Thursday is silent from 10.
    for (let day = 2; day <= 6; day += 1) {
      for (const hour of day === 5 ? [1] : [1, 2, 3, 4]) {
        audit.add(cdr(`${day}-${hour}`, { callInTime: `2026-11-0${day} 0${hour}:30:00` }));
      }
    }
    const [hole, ...rest] = audit.findings();
    expect(rest).toEqual([]);
    expect(hole).toMatchObject({
      code: 'hole-possible',
      count: 23,
      at: new Date('2026-11-05T02:00:00Z'),
      until: new Date('2026-11-06T01:00:00Z'),
    });
  });
});

describe('findHoles', () => {
  /** Hours 9 to 17 of so many days from Thursday 1970-01-01. */
  const office = (days: number, open: (day: number, hour: number) => boolean): Set<number> => {
    const hours = new Set<number>();
    for (let day = 0; day < days; day += 1) {
      for (let hour = 9; hour < 17; hour += 1) if (open(day, hour)) hours.add(day * 24 + hour);
    }
    return hours;
  };
  const weekday = (day: number): boolean => ![2, 3].includes(day % 7);

  it('takes nights and weekends for no holes', () => {
    expect(findHoles(office(21, weekday))).toEqual([]);
    expect(findHoles(new Set())).toEqual([]);
  });

  it('finds two usual hours without calls, not one', () => {
    const silent = (from: number, to: number) => (day: number, hour: number) =>
      weekday(day) && !(day === 8 && hour >= from && hour < to);
    expect(findHoles(office(21, silent(11, 12)))).toEqual([]);
    expect(findHoles(office(21, silent(11, 13)))).toEqual([{ from: 8 * 24 + 11, to: 8 * 24 + 13 }]);
  });

  it('counts the silence up to the end', () => {
    const hours = office(21, weekday);
    expect(findHoles(hours, 21 * 24 + 10)).toEqual([]);
    expect(findHoles(hours, 21 * 24 + 12)).toEqual([{ from: 20 * 24 + 17, to: 21 * 24 + 12 }]);
  });

  it('does not take forever over a wild date', () => {
    expect(findHoles(new Set([0, 100_000_000]))).toEqual([]);
  });
});

describe('FINDINGS', () => {
  it('has words in both languages for every check', () => {
    const all = Object.values(FINDINGS);
    expect(new Set(all.map(({ check }) => check))).toEqual(new Set(CHECKS));
    for (const { meaning, remedy } of all) {
      expect([meaning.zh, remedy.zh].every((text) => /\p{Script=Han}/u.test(text))).toBe(true);
      expect([meaning.en, remedy.en].every((text) => text.length > 10)).toBe(true);
    }
  });
});
