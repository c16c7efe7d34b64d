import { hash } from 'node:crypto';
import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { callEventKey, parseCallEvent } from '../domain/call-event.js';
import { feeKey } from '../domain/call-record.js';
import { isFields } from '../domain/field.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import type { PushKind } from '../domain/push-kind.js';
import { parseSms, smsKey } from '../domain/sms.js';
import { classifyBody, type Body } from './classify-body.js';
import { parseBody } from './parse-push.js';

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
  /** What it holds, read anew whenever it is asked for; empty where it is no notification. */
  readonly records: readonly NotificationRecord[];
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const FIRST_OF_MARK = 0xef;

/**
 * Tells kind and key of a push from its bytes: `event:<sessionId>:<eventType>`, `fee:<key>` (of several CDRs all keys joined, or
 * `fee:sha256:<hex>` where that is too long), `sms:<id>:<mode>`. A number status has no key, for a state may come back; neither has
 * a push of CDRs of which one has none. Bytes that are no JSON, no UTF-8 or no notification are `unknown`. Never throws.
 * @param receivedAt instant of arrival, which number states have no other.
 */
export function identifyPush(bytes: Uint8Array, receivedAt?: Date): IdentifiedPush {
  let value: unknown;
  try {
    value = JSON.parse(textOf(bytes));
  } catch {
    return new LookedThrough({ value: undefined, isJson: false, body: undefined, key: undefined }, receivedAt);
  }
  const isJson = bytes[0] !== FIRST_OF_MARK;
  try {
    const body = classifyBody(value);
    return new LookedThrough({ value, isJson, body, key: body && keyOf(body) }, receivedAt);
  } catch {
    return new LookedThrough({ value, isJson, body: undefined, key: undefined }, receivedAt);
  }
}

/** Its records are not read before somebody wants them: a key needs a field or two. */
class LookedThrough implements IdentifiedPush {
  readonly kind: PushKind;
  readonly key: string | undefined;
  readonly value: unknown;
  readonly isJson: boolean;
  readonly #body: Body | undefined;
  readonly #receivedAt: Date | undefined;

  constructor(
    found: {
      readonly value: unknown;
      readonly isJson: boolean;
      readonly body: Body | undefined;
      readonly key: string | undefined;
    },
    receivedAt: Date | undefined,
  ) {
    this.kind = found.body?.kind ?? 'unknown';
    this.key = found.key;
    this.value = found.value;
    this.isJson = found.isJson;
    this.#body = found.body;
    this.#receivedAt = receivedAt;
  }

  get records(): readonly NotificationRecord[] {
    return this.#body === undefined ? [] : parseBody(this.#body, this.#receivedAt).records;
  }
}

/** ASCII, as nearly every push is, needs no decoder. @throws {TypeError} when the bytes are no UTF-8. */
function textOf(bytes: Uint8Array): string {
  if (!isAscii(bytes)) return UTF8.decode(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function keyOf(body: Body): string | undefined {
  const joined = joinedKeys(body);
  if (joined === undefined) return undefined;
  const longest = body.kind === 'fee' ? MAX_FEE_KEY_CHARS : MAX_KEY_CHARS;
  return `${body.kind}:${joined.length > longest ? `sha256:${hash('sha256', joined)}` : joined}`;
}

function joinedKeys(body: Body): string | undefined {
  if (body.kind === 'number-status') return undefined;
  if (body.kind === 'event') return callEventKey(parseCallEvent(body.body));
  if (body.kind === 'sms') return smsKey(parseSms(body.body));
  let joined: string | undefined;
  for (const entry of body.entries) {
    const key = isFields(entry) ? feeKey(entry) : undefined;
    if (key === undefined) return undefined;
    joined = joined === undefined ? key : `${joined},${key}`;
  }
  return joined;
}
