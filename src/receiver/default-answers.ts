import type { IncomingPush } from '../store/store.js';

/** What a push that waits for an instruction is about. */
export type BlockKind = 'call' | 'sms';

/**
 * Answers to pushes that wait for an instruction, where nobody has decided: the call is ended, the message discarded. Nothing is put
 * through to a real number without a decision.
 * Source: privatenumber_02_0006_2 (answer of X mode), privatenumber_02_0008 (answer to SMS control) (read 2026-07).
 */
export const DEFAULT_ANSWERS: Readonly<Record<BlockKind, string>> = {
  call: '{"operation":"close","closeInfo":{}}',
  sms: '{"actions":[{"operation":"DiscardMessage"}]}',
};

/**
 * Whether the platform waits for an instruction: a `callin` with `notifyMode` `Block`, an SMS with `notificationMode` `Block`.
 * @returns `undefined` for a mere notice, and for anything that cannot be read.
 * Source: privatenumber_02_0006_2, privatenumber_02_0008 (read 2026-07).
 */
export function blockKindOf(push: Pick<IncomingPush, 'kind' | 'bytes'>): BlockKind | undefined {
  if (push.kind === 'event') {
    const body = fieldsOf(parse(push.bytes));
    const waits = body.eventType === 'callin' && fieldsOf(body.statusInfo).notifyMode === 'Block';
    return waits ? 'call' : undefined;
  }
  if (push.kind === 'sms') {
    return fieldsOf(fieldsOf(parse(push.bytes)).smsEvent).notificationMode === 'Block' ? 'sms' : undefined;
  }
  return undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
