import { callEventKey, type CallEvent } from './call-event.js';
import { callRecordKey, type CallRecord } from './call-record.js';
import { numberStatusKey, type NumberStatus } from './number-status.js';
import { smsKey, type Sms } from './sms.js';

/** Whatever the platform pushes, one thing each: a push of 50 CDRs gives 50 of these. */
export type NotificationRecord = CallRecord | Sms | CallEvent | NumberStatus;

/**
 * What makes a record the same when it is met again: `fee:…`, `sms:…`, `event:…` or `number-status:…`.
 * @returns `undefined` for a record that nothing tells from others.
 */
export function recordKey(record: NotificationRecord): string | undefined {
  const [prefix, key] = prefixedKey(record);
  return key === undefined ? undefined : `${prefix}:${key}`;
}

function prefixedKey(record: NotificationRecord): readonly [string, string | undefined] {
  switch (record.kind) {
    case 'CallRecord':
      return ['fee', callRecordKey(record)];
    case 'Sms':
      return ['sms', smsKey(record)];
    case 'CallEvent':
      return ['event', callEventKey(record)];
    case 'NumberStatus':
      return ['number-status', numberStatusKey(record)];
  }
}
