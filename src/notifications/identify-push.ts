import { createHash } from 'node:crypto';
import { TextDecoder } from 'node:util';
import { type NotificationRecord, recordKey } from '../domain/notification-record.js';
import type { PushKind } from '../domain/push-kind.js';
import { classifyBody, type Body } from './classify-body.js';
import { parseBody, type ParsedPush } from './parse-push.js';

/** What a push is, and what makes it the same when it comes again. */
export interface PushIdentity {
  readonly kind: PushKind;
  /** `undefined`: never to be taken for a duplicate. */
  readonly key: string | undefined;
}

/** Longer keys are replaced by their hash. An event's key may hold a session of 256 characters. */
const MAX_FEE_KEY_CHARS = 200;
const MAX_KEY_CHARS = 512;

/** A push that was looked through. */
export interface IdentifiedPush extends PushIdentity {
  /** The body; `undefined` when it is no JSON in UTF-8. */
  readonly value: unknown;
  /** Whether the bytes are one JSON value in UTF-8 and nothing else, a byte-order mark for one. */
  readonly isJson: boolean;
  /** What it holds; empty where it is no notification. */
  readonly records: readonly NotificationRecord[];
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const FIRST_OF_MARK = 0xef;
const UNKNOWN = { kind: 'unknown', key: undefined, records: [] } as const;

/**
 * Tells kind and key of a push from its bytes: `event:<sessionId>:<eventType>`, `fee:<key>` (of several CDRs all keys joined, or
 * `fee:sha256:<hex>` where that is too long), `sms:<id>:<mode>`. A number status has no key, for a state may come back; neither has
 * a push of CDRs of which one has none. Bytes that are no JSON, no UTF-8 or no notification are `unknown`. Never throws.
 * @param receivedAt instant of arrival, which number states have no other.
 */
export function identifyPush(bytes: Uint8Array, receivedAt?: Date): IdentifiedPush {
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    return { ...UNKNOWN, value: undefined, isJson: false };
  }
  const isJson = bytes[0] !== FIRST_OF_MARK;
  try {
    const body = classifyBody(value);
    if (body === undefined) return { ...UNKNOWN, value, isJson };
    const push = parseBody(body, receivedAt);
    return { kind: body.kind, key: keyOf(body, push), value, isJson, records: push.records };
  } catch {
    return { ...UNKNOWN, value, isJson };
  }
}

function keyOf(body: Body, { records, badEntries }: ParsedPush): string | undefined {
  if (body.kind === 'number-status' || badEntries > 0 || records.length === 0) return undefined;
  const keys = records.map((record) => recordKey(record)?.slice(body.kind.length + 1));
  if (keys.includes(undefined)) return undefined;
  const joined = keys.join(',');
  const longest = body.kind === 'fee' ? MAX_FEE_KEY_CHARS : MAX_KEY_CHARS;
  return `${body.kind}:${joined.length > longest ? `sha256:${createHash('sha256').update(joined).digest('hex')}` : joined}`;
}
