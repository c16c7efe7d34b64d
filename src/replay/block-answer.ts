import { isFields } from '../domain/field.js';

/** A push that waits for an instruction: what it is about, and what of it the answer must name again. */
export interface BlockQuestion {
  readonly about: 'call' | 'sms';
  /** X of a call, sender of an SMS. */
  readonly subject: unknown;
}

/**
 * What the platform waits for, by the body of a push.
 * @returns `undefined` for a mere notice, and for anything that cannot be read.
 * Source: privatenumber_02_0006_2 (callin with `notifyMode` Block), privatenumber_02_0008 (`notificationMode` Block) (read 2026-07).
 */
export function blockQuestionOf(bytes: Uint8Array): BlockQuestion | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Most pushes are notices: they are not parsed a second time.
  if (!buffer.includes('"Block"')) return undefined;
  const body = parse(buffer.toString('utf8'));
  if (!isFields(body)) return undefined;
  const { statusInfo, smsEvent } = body;
  if (body.eventType === 'callin' && isFields(statusInfo) && statusInfo.notifyMode === 'Block')
    return { about: 'call', subject: statusInfo.called };
  if (isFields(smsEvent) && smsEvent.notificationMode === 'Block') return { about: 'sms', subject: smsEvent.calling };
  return undefined;
}

/**
 * Checks an answer against the documented form.
 * @returns what is wrong, without any number of it; `undefined` when the platform can do what it says.
 * Source: privatenumber_02_0006_2 (operation, connectInfo, closeInfo), privatenumber_02_0008 (actions) (read 2026-07).
 */
export function blockAnswerFault(question: BlockQuestion, bodyText: string): string | undefined {
  if (bodyText.trim() === '') return 'no instruction: the body is empty';
  const answer = parse(bodyText);
  if (!isFields(answer)) return 'the instruction is no JSON object';
  return question.about === 'call' ? callFault(answer, question.subject) : smsFault(answer, question.subject);
}

type Fields = Readonly<Record<string, unknown>>;

function callFault(answer: Fields, x: unknown): string | undefined {
  const { operation } = answer;
  if (operation === 'connect') return connectFault(only(answer.connectInfo), x);
  if (operation !== 'close') return 'operation must be connect or close';
  const closeInfo = only(answer.closeInfo);
  if (closeInfo === undefined) return 'closeInfo is missing';
  return textFault(closeInfo, 'closeInfo', { closeHintTone: 128 }) ?? userDataFault(closeInfo.userData, 'closeInfo');
}

function connectFault(info: Fields | undefined, x: unknown): string | undefined {
  if (info === undefined) return 'connectInfo is missing';
  const { calleeNum, displayCalleeNum, maxDuration, recordFlag } = info;
  if (!isNumber(calleeNum)) return 'connectInfo.calleeNum must be a number in global format, 4 to 31 characters';
  if (displayCalleeNum !== undefined && displayCalleeNum !== x)
    return 'connectInfo.displayCalleeNum must be the X of the call';
  const minutes = Number(maxDuration);
  if (maxDuration !== undefined && !(Number.isInteger(maxDuration) && minutes >= 0 && minutes <= 1440))
    return 'connectInfo.maxDuration must be an integer from 0 to 1440';
  if (recordFlag !== undefined && recordFlag !== 'true' && recordFlag !== 'false')
    return 'connectInfo.recordFlag must be "true" or "false"';
  if (recordFlag === 'true' && (info.recordHintTone ?? '') === '')
    return 'connectInfo.recordHintTone is needed with recordFlag "true"';
  return (
    textFault(info, 'connectInfo', { waitVoice: 128, recordHintTone: 128, lastMinVoice: 128 }) ??
    userDataFault(info.userData, 'connectInfo')
  );
}

function smsFault({ actions }: Fields, sender: unknown): string | undefined {
  if (!Array.isArray(actions) || actions.length === 0) return 'actions must be a list';
  for (const action of actions as readonly unknown[]) {
    if (!isFields(action)) return 'an entry of actions is no object';
    const { operation, message } = action;
    if (operation === 'DiscardMessage') continue;
    if (operation !== 'vNumberRoute') return 'actions[].operation must be vNumberRoute or DiscardMessage';
    if (!isFields(message)) return 'actions[].message is missing';
    if (!isText(message.called, 64)) return 'actions[].message.called must be a number of 1 to 64 characters';
    if (message.calling !== sender) return 'actions[].message.calling must be the sender of the SMS';
  }
  return undefined;
}

/** The tables have an object, a sample of the vendor a list of one. */
function only(value: unknown): Fields | undefined {
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isFields(one) ? one : undefined;
}

function textFault(info: Fields, where: string, limits: Readonly<Record<string, number>>): string | undefined {
  for (const [name, most] of Object.entries(limits)) {
    const value = info[name];
    if (value !== undefined && (typeof value !== 'string' || value.length > most))
      return `${where}.${name} must be text of at most ${most} characters`;
  }
  return undefined;
}

function userDataFault(value: unknown, where: string): string | undefined {
  if (value === undefined) return undefined;
  const fits = typeof value === 'string' && value.length <= 256 && !/[{}\p{Script=Han}]/u.test(value);
  return fits ? undefined : `${where}.userData must be text of at most 256 characters without { } and Chinese`;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'string' && /^\+\d{3,30}$/.test(value);
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= most;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
