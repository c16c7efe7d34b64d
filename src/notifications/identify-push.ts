import { createHash } from 'node:crypto';
import { TextDecoder } from 'node:util';
import { recordKey } from '../domain/notification-record.js';
import type { PushKind } from '../domain/push-kind.js';
import { classifyBody, type Body } from './classify-body.js';
import { parsePush } from './parse-push.js';

/** What a push is, and what makes it the same when it comes again. */
export interface PushIdentity {
  readonly kind: PushKind;
  /** `undefined`: never to be taken for a duplicate. */
  readonly key: string | undefined;
}

/** Longer keys are replaced by their hash. An event's key may hold a session of 256 characters. */
const MAX_FEE_KEY_CHARS = 200;
const MAX_KEY_CHARS = 512;

const UNKNOWN: PushIdentity = { kind: 'unknown', key: undefined };

/**
 * Tells kind and key of a push from its bytes: `event:<sessionId>:<eventType>`, `fee:<key>` (of several CDRs all keys joined, or
 * `fee:sha256:<hex>` where that is too long), `sms:<id>:<mode>`. A number status has no key, for a state may come back; neither has
 * a push of CDRs of which one has none. Bytes that are no JSON, no UTF-8 or no notification are `unknown`. Never throws.
 */
export function identifyPush(bytes: Uint8Array): PushIdentity {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const body = classifyBody(value);
    return body === undefined ? UNKNOWN : { kind: body.kind, key: keyOf(body, value) };
  } catch {
    return UNKNOWN;
  }
}

function keyOf(body: Body, value: unknown): string | undefined {
  if (body.kind === 'number-status') return undefined;
  const push = parsePush(value);
  if (push === undefined || push.badEntries > 0 || push.records.length === 0) return undefined;
  const keys = push.records.map((record) => recordKey(record)?.slice(body.kind.length + 1));
  if (keys.includes(undefined)) return undefined;
  const joined = keys.join(',');
  const longest = body.kind === 'fee' ? MAX_FEE_KEY_CHARS : MAX_KEY_CHARS;
  return `${body.kind}:${joined.length > longest ? `sha256:${createHash('sha256').update(joined).digest('hex')}` : joined}`;
}
