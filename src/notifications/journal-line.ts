import { isUtf8 } from 'node:buffer';
import { isFields, textField } from '../domain/field.js';
import { parsePlatformTime } from '../domain/instant.js';

/** A push as a line of the journal keeps it. */
export interface JournalLine {
  readonly receivedAt: Date | undefined;
  /** The body, parsed; `undefined` for a line that only counts a repeated push. */
  readonly body?: unknown;
  readonly duplicate: boolean;
  /** The body is no JSON. */
  readonly unreadable: boolean;
  /** Bytes of the body, which was read, are no UTF-8. */
  readonly garbled?: boolean;
}

/**
 * Takes a line of the journal apart: `{"v":1,"seq":…,"at":…,"kind":…,"body"|"text"|"b64":…}`.
 * @returns `undefined` when the value is no such line.
 */
export function parseJournalLine(value: unknown): JournalLine | undefined {
  if (!isFields(value) || typeof value.v !== 'number' || typeof value.seq !== 'number') return undefined;
  const kind = textField(value, 'kind');
  if (kind === undefined) return undefined;
  const receivedAt = parsePlatformTime(value.at);
  if (kind === 'dup') return { receivedAt, duplicate: true, unreadable: false };
  if (Object.hasOwn(value, 'body')) return { receivedAt, body: value.body, duplicate: false, unreadable: false };
  const bytes = typeof value.b64 === 'string' ? Buffer.from(value.b64, 'base64') : undefined;
  const text = bytes === undefined ? value.text : bytes.toString('utf8');
  if (typeof text !== 'string') return undefined;
  const garbled = bytes !== undefined && !isUtf8(bytes);
  try {
    return { receivedAt, body: JSON.parse(text.replace(/^\uFEFF/, '')), duplicate: false, unreadable: false, garbled };
  } catch {
    return { receivedAt, duplicate: false, unreadable: true };
  }
}
