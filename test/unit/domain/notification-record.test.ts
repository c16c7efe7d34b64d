import { describe, expect, it } from 'vitest';
import { parseCallEvent } from '../../../src/domain/call-event.js';
import { parseCallRecord } from '../../../src/domain/call-record.js';
import { recordKey } from '../../../src/domain/notification-record.js';
import { parseNumberStatus } from '../../../src/domain/number-status.js';
import { parseSms, smsDirection } from '../../../src/domain/sms.js';

describe('parseSms', () => {
  it('keeps the text as it is and says what became of it', () => {
    const sms = parseSms({
      smsEvent: {
        smsIdentifier: 5,
        notificationMode: 'Notify',
        smsContent: ' code 1 ',
        sendResult: '99',
        called: '',
        userData: 'u',
      },
    });
    expect(sms).toMatchObject({ smsId: '5', content: ' code 1 ', callee: undefined, userData: 'u' });
    expect(sms.result).toEqual({ source: 'sms', code: '99' });
  });

  it('takes the 0 of a Block for no result', () => {
    expect(parseSms({ smsEvent: { notificationMode: 'Block', sendResult: 0 } }).result).toBeUndefined();
    expect(parseSms({ smsEvent: { notificationMode: 'Notify', sendResult: 0 } }).result).toMatchObject({
      code: '0',
      en: 'sent',
    });
  });

  it.each([
    [
      [
        { key: 'splitNum', value: '2' },
        { key: 'direction', value: '0' },
      ],
      'b-to-a',
    ],
    [[{ key: 'direction', value: 1 }], 'a-to-b'],
    [[null, { key: 'direction', value: '2' }], 'abnormal'],
    [[], undefined],
    ['direction', undefined],
  ])('reads the direction of %j', (extParas, direction) => {
    expect(smsDirection(parseSms({ smsEvent: { extInfo: { extParas } } }))).toBe(direction);
  });

  it('reads a body without an event', () => {
    expect(parseSms({ smsEvent: null })).toMatchObject({ kind: 'Sms', smsId: undefined, raw: { smsEvent: null } });
  });
});

describe('parseCallEvent', () => {
  it('explains the hang-up cause', () => {
    const event = parseCallEvent({
      eventType: 'disconnect',
      statusInfo: { stateCode: '8102', timestamp: '2026-11-22 00:00:30' },
    });
    expect(event).toMatchObject({
      type: 'disconnect',
      at: new Date('2026-11-22T00:00:30Z'),
      cause: { source: 'hangup', code: '8102' },
    });
  });

  it('reads a body without anything', () => {
    expect(parseCallEvent({})).toMatchObject({ type: 'unknown', sessionId: undefined, cause: undefined });
  });
});

describe('recordKey', () => {
  const at = new Date('2026-11-22T00:00:00Z');
  it.each([
    [parseCallRecord({ icid: 'i1' }), 'fee:i1'],
    [parseCallRecord({}), undefined],
    [parseSms({ smsEvent: { smsIdentifier: 'm1', notificationMode: 'Notify' } }), 'sms:m1:Notify'],
    [parseSms({}), undefined],
    [parseCallEvent({ eventType: 'answer', statusInfo: { sessionId: 's1' } }), 'event:s1:answer'],
    [parseCallEvent({ eventType: 'answer' }), undefined],
    [
      parseNumberStatus({ number: '+8613800000022', status: 10, cause: '2' }, at),
      'number-status:+8613800000022:10:2:2026-11-22T00:00:00.000Z',
    ],
    [parseNumberStatus({ number: '+8613800000022', status: '5' }), undefined],
  ])('%#', (record, key) => {
    expect(recordKey(record)).toBe(key);
  });
});
