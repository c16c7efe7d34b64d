import { isFields } from '../domain/field.js';
import { parseJson } from '../domain/parse-json.js';
import type { TextPair } from '../domain/text-pair.js';

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
  const body = parseJson(buffer.toString('utf8'));
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
export function blockAnswerFault(question: BlockQuestion, bodyText: string): TextPair | undefined {
  if (bodyText.trim() === '') return { zh: '没有指令：响应体为空', en: 'no instruction: the body is empty' };
  const answer = parseJson(bodyText);
  if (!isFields(answer)) return { zh: '指令不是 JSON 对象', en: 'the instruction is no JSON object' };
  return question.about === 'call' ? callFault(answer, question.subject) : smsFault(answer, question.subject);
}

type Fields = Readonly<Record<string, unknown>>;

function callFault(answer: Fields, x: unknown): TextPair | undefined {
  const { operation } = answer;
  if (operation === 'connect') return connectFault(only(answer.connectInfo), x);
  if (operation !== 'close') return must('operation', '是 connect 或 close', 'be connect or close');
  const closeInfo = only(answer.closeInfo);
  if (closeInfo === undefined) return missing('closeInfo');
  return textFault(closeInfo, 'closeInfo', { closeHintTone: 128 }) ?? userDataFault(closeInfo.userData, 'closeInfo');
}

function connectFault(info: Fields | undefined, x: unknown): TextPair | undefined {
  if (info === undefined) return missing('connectInfo');
  const { calleeNum, displayCalleeNum, maxDuration, recordFlag } = info;
  if (!isNumber(calleeNum))
    return must(
      'connectInfo.calleeNum',
      '是全局格式的号码，4 到 31 个字符',
      'be a number in global format, 4 to 31 characters',
    );
  if (displayCalleeNum !== undefined && displayCalleeNum !== x)
    return must('connectInfo.displayCalleeNum', '是该呼叫的 X', 'be the X of the call');
  const minutes = Number(maxDuration);
  if (maxDuration !== undefined && !(Number.isInteger(maxDuration) && minutes >= 0 && minutes <= 1440))
    return must('connectInfo.maxDuration', '是 0 到 1440 的整数', 'be an integer from 0 to 1440');
  if (recordFlag !== undefined && recordFlag !== 'true' && recordFlag !== 'false')
    return must('connectInfo.recordFlag', '是 "true" 或 "false"', 'be "true" or "false"');
  if (recordFlag === 'true' && (info.recordHintTone ?? '') === '')
    return {
      zh: 'recordFlag 为 "true" 时需要 connectInfo.recordHintTone',
      en: 'connectInfo.recordHintTone is needed with recordFlag "true"',
    };
  return (
    textFault(info, 'connectInfo', { waitVoice: 128, recordHintTone: 128, lastMinVoice: 128 }) ??
    userDataFault(info.userData, 'connectInfo')
  );
}

function smsFault({ actions }: Fields, sender: unknown): TextPair | undefined {
  if (!Array.isArray(actions) || actions.length === 0) return must('actions', '是列表，且不为空', 'be a list');
  for (const action of actions as readonly unknown[]) {
    if (!isFields(action)) return { zh: 'actions 中有一项不是对象', en: 'an entry of actions is no object' };
    const { operation, message } = action;
    if (operation === 'DiscardMessage') continue;
    if (operation !== 'vNumberRoute')
      return must('actions[].operation', '是 vNumberRoute 或 DiscardMessage', 'be vNumberRoute or DiscardMessage');
    if (!isFields(message)) return missing('actions[].message');
    if (!isText(message.called, 64))
      return must('actions[].message.called', '是 1 到 64 个字符的号码', 'be a number of 1 to 64 characters');
    if (message.calling !== sender)
      return must('actions[].message.calling', '是短信的发送方', 'be the sender of the SMS');
  }
  return undefined;
}

/** A field is not there. */
export function missing(name: string): TextPair {
  return { zh: `缺少 ${name}`, en: `${name} is missing` };
}

function must(name: string, zh: string, en: string): TextPair {
  return { zh: `${name} 必须${zh}`, en: `${name} must ${en}` };
}

/** The tables have an object, a sample of the vendor a list of one. */
function only(value: unknown): Fields | undefined {
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isFields(one) ? one : undefined;
}

function textFault(info: Fields, where: string, limits: Readonly<Record<string, number>>): TextPair | undefined {
  for (const [name, most] of Object.entries(limits)) {
    const value = info[name];
    if (value !== undefined && (typeof value !== 'string' || value.length > most))
      return must(`${where}.${name}`, `是最多 ${most} 个字符的文本`, `be text of at most ${most} characters`);
  }
  return undefined;
}

function userDataFault(value: unknown, where: string): TextPair | undefined {
  if (value === undefined) return undefined;
  const fits = typeof value === 'string' && value.length <= 256 && !/[{}\p{Script=Han}]/u.test(value);
  if (fits) return undefined;
  return must(
    `${where}.userData`,
    '是最多 256 个字符的文本，不含 { } 和中文',
    'be text of at most 256 characters without { } and Chinese',
  );
}

function isNumber(value: unknown): boolean {
  return typeof value === 'string' && /^\+\d{3,30}$/.test(value);
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= most;
}
