import type { NotificationRecord } from '../domain/notification-record.js';

/**
 * The instant by which a record is sorted and chosen: the start of a call (else the first instant known of it), the time of an event
 * or SMS, the arrival of a number state.
 * @param receivedAt instant of arrival, which stands in for a missing time.
 * @returns `undefined` when nothing is known.
 */
export function recordTime(record: NotificationRecord, receivedAt?: Date): Date | undefined {
  if (record.kind !== 'CallRecord') return record.at ?? receivedAt;
  return record.startedAt ?? record.ringingAt ?? record.answeredAt ?? record.endedAt ?? receivedAt;
}
