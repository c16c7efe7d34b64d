import { hangupCause } from './cause-lookup.js';
import type { Cause } from './cause.js';
import { objectField, textField } from './field.js';
import { parsePlatformTime } from './instant.js';

/** One push during a call. Numbers in it are not the real ones; the CDR has those. Source: privatenumber_02_0006. */
export interface CallEvent {
  readonly kind: 'CallEvent';
  /** `callin`, `collectInfo`, `callout`, `alerting`, `answer`, `disconnect`, or what a later platform sends. */
  readonly type: string;
  readonly sessionId?: string | undefined;
  readonly at?: Date | undefined;
  readonly caller?: string | undefined;
  readonly callee?: string | undefined;
  readonly subscriptionId?: string | undefined;
  /** Digits keyed in, `collectInfo` of AXE. */
  readonly digits?: string | undefined;
  /** `Block` where the platform waits for an instruction, X mode. */
  readonly notifyMode?: string | undefined;
  /** Only with `disconnect`. */
  readonly cause?: Cause | undefined;
  readonly userData?: string | undefined;
  /** The whole body as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * Reads the body of a call event. A body without `eventType` gets the type `unknown`; a code of a hang-up in no table has only its
 * code. Source: CallStatusInfo, privatenumber_02_0006 / 0006_1 / 0006_2 / 0006_3 (read 2026-07).
 */
export function parseCallEvent(body: Record<string, unknown>): CallEvent {
  const status = objectField(body, 'statusInfo');
  const stateCode = textField(status, 'stateCode');
  return {
    kind: 'CallEvent',
    type: textField(body, 'eventType') ?? 'unknown',
    sessionId: textField(status, 'sessionId'),
    at: parsePlatformTime(status.timestamp),
    caller: textField(status, 'caller'),
    callee: textField(status, 'called'),
    subscriptionId: textField(status, 'subscriptionId'),
    digits: textField(status, 'digitInfo'),
    notifyMode: textField(status, 'notifyMode'),
    cause: stateCode === undefined ? undefined : hangupCause(stateCode),
    userData: textField(status, 'userData'),
    raw: body,
  };
}

/**
 * What makes an event the same when it comes again: `<sessionId>:<eventType>`.
 * @returns `undefined` without a session.
 */
export function callEventKey(event: CallEvent): string | undefined {
  return event.sessionId === undefined ? undefined : `${event.sessionId}:${event.type}`;
}
