import { parseJsonBytes } from '../domain/parse-json.js';

/** The longest body whose calls are looked up. */
export const MAX_KEYED_BYTES = 1_048_576;

/**
 * Calls and SMS that a push is about: `sessionId` of an event or of each fee, `smsIdentifier` of an SMS notice.
 * @returns an empty list for a number status, and for anything that is no push.
 */
export function sessionKeysOf(bytes: Uint8Array): string[] {
  return bytes.length > MAX_KEYED_BYTES ? [] : sessionKeysOfValue(parseJsonBytes(bytes));
}

/** The same for a body that is parsed already. */
export function sessionKeysOfValue(value: unknown): string[] {
  const body = fieldsOf(value);
  const fees = Array.isArray(body.feeLst) ? body.feeLst : [];
  const keys = [
    fieldsOf(body.statusInfo).sessionId,
    fieldsOf(body.smsEvent).smsIdentifier,
    ...fees.map((fee) => fieldsOf(fee).sessionId),
  ];
  return [...new Set(keys.filter((key) => typeof key === 'string' && key !== ''))] as string[];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
