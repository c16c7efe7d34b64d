import { describe, expect, it } from 'vitest';
import { parseCallEvent } from '../../../src/domain/call-event.js';
import { parseCallRecord } from '../../../src/domain/call-record.js';
import type { NotificationRecord } from '../../../src/domain/notification-record.js';
import { parseNumberStatus } from '../../../src/domain/number-status.js';
import { parseSms } from '../../../src/domain/sms.js';
import { buildRecordFilter, type RecordCriteria } from '../../../src/notifications/filter-records.js';
import { recordTime } from '../../../src/notifications/record-time.js';
import { feeOf } from './notification-text.js';

const records: Readonly<Record<string, NotificationRecord>> = {
  busy: parseCallRecord(feeOf('busy')),
  talked: parseCallRecord(
    feeOf('talked', {
      direction: 1,
      callerNum: '+8613800000001',
      fwdDstNum: '+8613800000003',
      callInTime: '2026-11-22 10:00:00',
      fwdAnswerTime: '2026-11-22 10:00:10',
      callEndTime: '2026-11-22 10:01:15',
      ulFailReason: 0,
      recordFlag: 1,
      serviceType: '003',
    }),
  ),
  landline: parseCallRecord(
    feeOf('landline', {
      direction: 2,
      callerNum: '+8675528000001',
      callInTime: '',
      callEndTime: '',
      ulFailReason: 8014,
    }),
  ),
  sms: parseSms({
    smsEvent: {
      smsIdentifier: 'm1',
      notificationMode: 'Notify',
      calling: '+8613800000001',
      called: '+8613800000002',
      virtualNumber: '+8613800000022',
      timeStamp: '2026-11-22T09:00:00.000Z',
      sendResult: 2,
      extInfo: { extParas: [{ key: 'direction', value: '1' }] },
    },
  }),
  callin: parseCallEvent({
    eventType: 'callin',
    statusInfo: {
      sessionId: 'session-busy',
      timestamp: '2026-11-22 00:00:00',
      caller: '+8613800000002',
      called: '+8613800000022',
    },
  }),
  hangup: parseCallEvent({
    eventType: 'disconnect',
    statusInfo: {
      sessionId: 'session-busy',
      timestamp: '2026-11-22 00:00:30',
      subscriptionId: 'binding-1',
      stateCode: 8102,
      called: '+8613800000022',
    },
  }),
  state: parseNumberStatus({ number: '+8613800000022', status: '10', cause: '2' }, new Date('2026-11-22T11:00:00Z')),
};

describe('buildRecordFilter', () => {
  it.each<[RecordCriteria, string[]]>([
    [{}, Object.keys(records)],
    [{ since: new Date('2026-11-22T09:00:00Z') }, ['talked', 'sms', 'state']],
    [{ until: new Date('2026-11-22T09:00:00Z') }, ['busy', 'callin', 'hangup']],
    [{ kind: 'Sms' }, ['sms']],
    [{ x: '13800000022' }, ['busy', 'talked', 'landline', 'sms', 'callin', 'state']],
    [{ x: '+8613800000022', mode: 'ax' }, ['talked']],
    [{ x: '0002' }, []],
    [{ a: '+8613800000001' }, ['busy', 'talked', 'landline', 'sms']],
    [{ a: '13800000002' }, []],
    [{ b: '0002' }, ['busy', 'sms']],
    [{ b: '138 0000 0003' }, ['talked']],
    [{ number: '13800000002' }, ['busy', 'sms', 'callin']],
    [{ number: '0755-28000001' }, ['landline']],
    [{ number: '+86138' }, []],
    [{ number: '00868613' }, []],
    [{ session: 'session-busy' }, ['busy', 'callin', 'hangup']],
    [{ subscription: 'binding-1' }, ['busy', 'talked', 'landline', 'hangup']],
    [{ mode: 'axb' }, ['busy', 'landline']],
    [{ direction: 'a-to-b' }, ['talked', 'sms']],
    [{ outcome: 'busy' }, ['busy']],
    [{ outcome: ['busy', 'answered'] }, ['busy', 'talked']],
    [{ failed: true }, ['busy', 'landline', 'sms', 'hangup']],
    [{ failed: false }, ['talked']],
    [{ code: '8102' }, ['busy', 'hangup']],
    [{ code: '2' }, ['sms', 'state']],
    [{ minDurationSeconds: 65 }, ['talked']],
    [{ minDurationSeconds: 66 }, []],
    [{ maxDurationSeconds: 64 }, ['busy']],
    [{ recorded: true }, ['talked']],
    [{ recorded: false }, ['busy', 'landline']],
    [{ outcome: 'busy', session: 'session-talked' }, []],
  ])('%j', (criteria, expected) => {
    const filter = buildRecordFilter(criteria);
    expect(Object.keys(records).filter((name) => filter(records[name]!))).toEqual(expected);
  });

  it('takes the instant of arrival for a record without a time', () => {
    const filter = buildRecordFilter({ since: new Date('2026-11-22T00:00:00Z') });
    expect(filter(records.landline!, new Date('2026-11-23T00:00:00Z'))).toBe(true);
    expect(filter(records.landline!, new Date('2026-11-21T00:00:00Z'))).toBe(false);
    expect(recordTime(records.busy!, new Date(0))).toEqual(new Date('2026-11-22T00:00:00Z'));
  });

  it.each(['', '+', 'abc', '***'])('refuses the number %j', (x) => {
    expect(() => buildRecordFilter({ x })).toThrow(expect.objectContaining({ code: 'flag-invalid' }));
  });
});
