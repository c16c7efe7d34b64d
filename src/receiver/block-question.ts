import { parseJsonBytes } from '../domain/parse-json.js';
import type { IncomingPush } from '../store/journal.js';

/** What a push that waits for an instruction is about. */
export type BlockKind = 'call' | 'sms';

/** A push for whose answer the platform waits. */
export interface BlockQuestion {
  readonly kind: BlockKind;
  /** X as the platform says it, `+8617000000001`. */
  readonly x: string | undefined;
  /** Who calls or texts. */
  readonly caller: string | undefined;
  /** Text of the SMS, where support has switched it on. */
  readonly content: string | undefined;
  /** When it is asked. */
  readonly at: Date;
}

/**
 * Whether the platform waits for an instruction: a `callin` with `notifyMode` `Block`, an SMS with `notificationMode` `Block`.
 * @returns `undefined` for a mere notice, and for anything that cannot be read.
 * Source: privatenumber_02_0006_2, privatenumber_02_0008 (read 2026-07).
 */
export function blockQuestionOf(push: Pick<IncomingPush, 'kind' | 'bytes' | 'at'>): BlockQuestion | undefined {
  if (push.kind !== 'event' && push.kind !== 'sms') return undefined;
  return questionOfBody(parseJsonBytes(push.bytes), push.at);
}

/** The same for a body that is parsed already. */
export function questionOfBody(value: unknown, at: Date): BlockQuestion | undefined {
  const body = fieldsOf(value);
  const status = fieldsOf(body.statusInfo);
  if (body.eventType === 'callin' && isBlock(status.notifyMode)) {
    return { kind: 'call', x: textOf(status.called), caller: textOf(status.caller), content: undefined, at };
  }
  const sms = fieldsOf(body.smsEvent);
  if (!isBlock(sms.notificationMode)) return undefined;
  const content = textOf(sms.smsContent);
  return { kind: 'sms', x: textOf(sms.virtualNumber), caller: textOf(sms.calling), content, at };
}

function isBlock(mode: unknown): boolean {
  return typeof mode === 'string' && mode.toLowerCase() === 'block';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
