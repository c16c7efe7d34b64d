import type { NotificationRecord } from './notification-record.js';

/** What a push is, as far as its bytes tell. */
export type PushKind = 'fee' | 'event' | 'sms' | 'number-status' | 'unknown';

/** What the pushes of a kind hold. */
export const RECORD_KINDS = {
  fee: 'CallRecord',
  event: 'CallEvent',
  sms: 'Sms',
  'number-status': 'NumberStatus',
} as const satisfies Record<Exclude<PushKind, 'unknown'>, NotificationRecord['kind']>;
