import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordKey } from '../../../src/domain/notification-record.js';
import { identifyPush } from '../../../src/notifications/identify-push.js';
import { feeOf, feePush } from './notification-text.js';

const identityOf = (bytes: Uint8Array): unknown => {
  const { kind, key } = identifyPush(bytes);
  return { kind, key };
};
const identify = (value: unknown): unknown => identityOf(Buffer.from(JSON.stringify(value)));
const unknown = { kind: 'unknown', key: undefined };

describe('identifyPush', () => {
  it.each<[string, unknown, unknown]>([
    ['an event', { eventType: 'answer', statusInfo: { sessionId: 's1' } }, { kind: 'event', key: 'event:s1:answer' }],
    ['an event without session', { eventType: 'answer', statusInfo: {} }, { kind: 'event', key: undefined }],
    ['a CDR', feePush('i1'), { kind: 'fee', key: 'fee:i1' }],
    ['a bare list of CDRs', [feeOf('i1'), feeOf('i2')], { kind: 'fee', key: 'fee:i1,i2' }],
    ['a single CDR', feeOf('i1'), { kind: 'fee', key: 'fee:i1' }],
    ['a list without eventType', { feeLst: [feeOf('i1')] }, { kind: 'fee', key: 'fee:i1' }],
    [
      'a CDR without icid',
      feePush('', { sessionId: 's1', direction: 1 }),
      { kind: 'fee', key: 'fee:s1|1|2026-11-22 00:00:00' },
    ],
    [
      'CDRs of which one has no key',
      { eventType: 'fee', feeLst: [feeOf('i1'), { ulFailReason: 0 }] },
      { kind: 'fee', key: undefined },
    ],
    ['CDRs of which one is no object', { eventType: 'fee', feeLst: [feeOf('i1'), 7] }, { kind: 'fee', key: undefined }],
    ['no CDRs', { eventType: 'fee', feeLst: [] }, { kind: 'fee', key: undefined }],
    [
      'an SMS',
      { appKey: 'k', smsEvent: { smsIdentifier: 'm1', notificationMode: 'Block' } },
      { kind: 'sms', key: 'sms:m1:Block' },
    ],
    [
      'a number status, which may come back',
      { eventType: 'numStatus', numInfo: [{ number: '+8613800000022', status: '5' }] },
      { kind: 'number-status', key: undefined },
    ],
    ['an answer', { resultcode: '0', resultdesc: 'Success' }, unknown],
    ['an unknown event', { eventType: 'other' }, unknown],
    ['a number', 5, unknown],
    ['nothing', null, unknown],
    ['an empty array', [], unknown],
  ])('knows %s', (_name, value, expected) => {
    expect(identify(value)).toEqual(expected);
  });

  it('shortens the keys of many CDRs to their hash', () => {
    const ids = Array.from({ length: 50 }, (_none, index) => `record-${index}`);
    const hash = createHash('sha256').update(ids.join(',')).digest('hex');
    expect(identify({ eventType: 'fee', feeLst: ids.map((id) => feeOf(id)) })).toEqual({
      kind: 'fee',
      key: `fee:sha256:${hash}`,
    });
  });

  it.each<[string, Uint8Array]>([
    ['no bytes', new Uint8Array()],
    ['no JSON', Buffer.from('eventType=fee')],
    ['a deep array', Buffer.from('['.repeat(200_000) + ']'.repeat(200_000))],
    [
      'invalid UTF-8',
      Buffer.from([...Buffer.from('{"eventType":"answer","statusInfo":{"sessionId":"'), 0xff, ...Buffer.from('"}}')]),
    ],
    ['a prototype', Buffer.from('{"__proto__":{"eventType":"answer","statusInfo":{"sessionId":"s"}}}')],
  ])('takes %s for unknown', (_name, bytes) => {
    expect(identityOf(bytes)).toEqual(unknown);
    expect(({} as Record<string, unknown>).eventType).toBeUndefined();
  });

  it('reads a body with a byte-order mark', () => {
    expect(identifyPush(Buffer.from(`\uFEFF${JSON.stringify(feePush('i1'))}`)).key).toBe('fee:i1');
  });

  it.each<[string, Uint8Array, boolean]>([
    ['a CDR', Buffer.from(JSON.stringify(feePush('i1'))), true],
    ['something else in JSON', Buffer.from('7'), true],
    ['a byte-order mark before it', Buffer.from('\uFEFF{}'), false],
    ['no JSON', Buffer.from('eventType=fee'), false],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), false],
  ])('says whether the bytes are JSON and nothing else: %s', (_name, bytes, isJson) => {
    expect(identifyPush(bytes).isJson).toBe(isJson);
  });

  it('finds the key that the records, read in full, would have', () => {
    const text = fc.oneof(fc.string(), fc.constant(''), fc.integer(), fc.boolean(), fc.constant(null), fc.jsonValue());
    const fields = { icid: text, sessionId: text, direction: text, callInTime: text };
    const fee = fc.record(fields, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(fee, { minLength: 1, maxLength: 3 }), (feeLst) => {
        const { key, records } = identifyPush(Buffer.from(JSON.stringify({ feeLst })));
        const keys = records.map((record) => recordKey(record)?.slice('fee:'.length));
        const joined = keys.includes(undefined) ? undefined : keys.join(',');
        fc.pre(joined === undefined || joined.length <= 200);
        expect(key).toBe(joined === undefined ? undefined : `fee:${joined}`);
      }),
    );
  });

  it('gives the records of a push', () => {
    const { records } = identifyPush(Buffer.from(JSON.stringify({ feeLst: [feeOf('i1'), feeOf('i2')] })));
    expect(records).toMatchObject([
      { kind: 'CallRecord', icid: 'i1' },
      { kind: 'CallRecord', icid: 'i2' },
    ]);
  });

  it('never throws, and its keys are bounded', () => {
    const anything = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record(
          {
            eventType: fc.jsonValue(),
            statusInfo: fc.jsonValue(),
            feeLst: fc.jsonValue(),
            smsEvent: fc.jsonValue(),
            numInfo: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((body) => Buffer.from(JSON.stringify(body))),
      fc
        .string({ minLength: 500, maxLength: 900 })
        .map((sessionId) => Buffer.from(JSON.stringify({ eventType: 'answer', statusInfo: { sessionId } }))),
    );
    fc.assert(fc.property(anything, (bytes) => (identifyPush(bytes).key ?? '').length <= 520));
  });
});
