import { parseCallEvent } from '../domain/call-event.js';
import { parseCallRecord } from '../domain/call-record.js';
import { isFields } from '../domain/field.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import { parseNumberStatus } from '../domain/number-status.js';
import { parseSms } from '../domain/sms.js';
import { type Body, classifyBody } from './classify-body.js';

/** What a push holds; an entry of a list that is no object is only counted. */
export interface ParsedPush {
  readonly records: readonly NotificationRecord[];
  readonly badEntries: number;
}

/**
 * Reads the parsed body of a push, in any of the shapes in which people keep them.
 * @param receivedAt instant of arrival, which number states have no other.
 * @returns `undefined` when the value is no notification.
 */
export function parsePush(value: unknown, receivedAt?: Date): ParsedPush | undefined {
  const body = classifyBody(value);
  return body === undefined ? undefined : parseBody(body, receivedAt);
}

/** The same for a body that is told already. */
export function parseBody(body: Body, receivedAt?: Date): ParsedPush {
  if (body.kind === 'event') return { records: [parseCallEvent(body.body)], badEntries: 0 };
  if (body.kind === 'sms') return { records: [parseSms(body.body)], badEntries: 0 };
  const entries = body.entries.filter(isFields);
  const records = entries.map((entry) =>
    body.kind === 'fee' ? parseCallRecord(entry) : parseNumberStatus(entry, receivedAt),
  );
  return { records, badEntries: body.entries.length - entries.length };
}
