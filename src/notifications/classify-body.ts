import { isFields, textField } from '../domain/field.js';

/** What a parsed JSON value is, with the objects that each give one record. */
export type Body =
  | { readonly kind: 'fee'; readonly entries: readonly unknown[] }
  | { readonly kind: 'number-status'; readonly entries: readonly unknown[] }
  | { readonly kind: 'event'; readonly body: Record<string, unknown> }
  | { readonly kind: 'sms'; readonly body: Record<string, unknown> };

/** Fields that only a CDR has; one of them, beside a session or a record ID, makes an object a CDR. */
const FEE_FIELDS = [
  'callInTime',
  'fwdDstNum',
  'fwdStartTime',
  'callEndTime',
  'ulFailReason',
  'bindNum',
  'recordFlag',
] as const;

/**
 * Tells a push by its shape: with and without `eventType`, a bare `feeLst`, a single CDR. Only own fields count, so nothing can be
 * smuggled in by a prototype.
 * @returns `undefined` for a value that is no notification.
 */
export function classifyBody(value: unknown): Body | undefined {
  if (Array.isArray(value)) return value.length > 0 && value.every(isFee) ? { kind: 'fee', entries: value } : undefined;
  if (!isFields(value)) return undefined;
  const entries = (name: string): readonly unknown[] | undefined => {
    const list = Object.hasOwn(value, name) ? value[name] : undefined;
    return Array.isArray(list) ? list : undefined;
  };
  const feeList = entries('feeLst');
  if (feeList) return { kind: 'fee', entries: feeList };
  const numbers = entries('numInfo');
  if (numbers) return { kind: 'number-status', entries: numbers };
  if (holdsObject(value, 'smsEvent')) return { kind: 'sms', body: value };
  if (textField(value, 'eventType') !== undefined)
    return holdsObject(value, 'statusInfo') ? { kind: 'event', body: value } : undefined;
  return isFee(value) ? { kind: 'fee', entries: [value] } : undefined;
}

function isFee(value: unknown): boolean {
  if (!isFields(value) || (textField(value, 'sessionId') ?? textField(value, 'icid')) === undefined) return false;
  return FEE_FIELDS.some((name) => Object.hasOwn(value, name));
}

function holdsObject(value: Record<string, unknown>, name: string): boolean {
  return Object.hasOwn(value, name) && isFields(value[name]);
}
