import { callDirection, type CallDirection } from './call-record.js';
import { smsResult } from './cause-lookup.js';
import type { Cause } from './cause.js';
import { isFields, objectField, textField } from './field.js';
import { parsePlatformTime } from './instant.js';
import type { Mode } from './mode.js';

/** One SMS notice. Source: SMSEventInfoType, privatenumber_02_0008 / 0008_2 / 0008_3. */
export interface Sms {
  readonly kind: 'Sms';
  readonly smsId?: string | undefined;
  readonly mode?: Mode | undefined;
  /** `Notify` informs; `Block` waits for a decision. */
  readonly notificationMode?: string | undefined;
  readonly caller?: string | undefined;
  readonly x?: string | undefined;
  readonly callee?: string | undefined;
  readonly subscriptionId?: string | undefined;
  readonly at?: Date | undefined;
  /** Only where support has switched it on. */
  readonly content?: string | undefined;
  /** What became of it; absent in a Block. */
  readonly result?: Cause | undefined;
  readonly userData?: string | undefined;
  /** The whole body as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * Reads the body of an SMS push. The body does not tell the mode. Text of the SMS is kept as it is, blanks and all.
 * Source: privatenumber_02_0008 / 0008_2 / 0008_3 (read 2026-07).
 */
export function parseSms(body: Record<string, unknown>): Sms {
  const event = objectField(body, 'smsEvent');
  const notificationMode = textField(event, 'notificationMode');
  const result = textField(event, 'sendResult');
  const content = event.smsContent;
  return {
    kind: 'Sms',
    smsId: textField(event, 'smsIdentifier'),
    notificationMode,
    caller: textField(event, 'calling'),
    x: textField(event, 'virtualNumber'),
    callee: textField(event, 'called'),
    subscriptionId: textField(event, 'subscriptionId'),
    at: parsePlatformTime(event.timeStamp),
    content: typeof content === 'string' && content !== '' ? content : undefined,
    result: result === undefined || isBlock(notificationMode) ? undefined : smsResult(result),
    userData: textField(event, 'userData'),
    raw: body,
  };
}

/** A Block carries a result of 0 although nothing has been sent yet. */
function isBlock(notificationMode: string | undefined): boolean {
  return notificationMode?.toLowerCase() === 'block';
}

/**
 * What makes an SMS push the same when it comes again: its ID and whether it is a Notify or a Block, `<id>:<mode>`.
 * @returns `undefined` without an ID.
 */
export function smsKey(sms: Sms): string | undefined {
  return sms.smsId === undefined ? undefined : `${sms.smsId}:${sms.notificationMode ?? ''}`;
}

/**
 * Who wrote to whom, from `extInfo` of the body.
 * @returns `undefined` where the platform does not say.
 */
export function smsDirection(sms: Sms): CallDirection | undefined {
  const parameters = objectField(objectField(sms.raw, 'smsEvent'), 'extInfo').extParas;
  if (!Array.isArray(parameters)) return undefined;
  const found = parameters.filter(isFields).find((parameter) => parameter.key === 'direction');
  return found && callDirection(textField(found, 'value'));
}
