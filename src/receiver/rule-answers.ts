import type { AnswerRule } from './answer-rules.js';
import { LocatedError, type LocatedValue } from '../domain/located-json.js';
import { fieldsOf, globalNumber, textOf } from './rule-values.js';

const CONNECT_FIELDS = [
  'calleeNum',
  'displayCalleeNum',
  'maxDuration',
  'waitVoice',
  'recordFlag',
  'recordHintTone',
  'lastMinVoice',
  'userData',
] as const;
const CLOSE_FIELDS = ['closeHintTone', 'userData'] as const;
const FORWARD_FIELDS = ['called', 'userData'] as const;
const LONGEST_TONE = 128;
const LONGEST_USER_DATA = 256;
const LONGEST_CALL_MINUTES = 1440;
/** `{`, `}` and Chinese characters are forbidden. */
const BAD_USER_DATA = /[{}]|\p{Script=Han}|[\u3000-\u303f\uff00-\uffef]/u;

type Fields = Readonly<Record<string, string | number>>;

/**
 * The answer to the `callin` of an X-mode call, checked as far as the platform documents it.
 * @param asArray wraps `connectInfo` and `closeInfo` into an array of one: the tables say object, the Java sample sends an array.
 * @throws {LocatedError} for what the platform would refuse with 8014.
 * Source: privatenumber_02_0006_2, ApiConnectInfo and ApiCloseInfo (read 2026-07).
 */
export function callAnswer(
  { connect, close }: { readonly connect: LocatedValue | undefined; readonly close: LocatedValue | undefined },
  asArray: boolean,
): AnswerRule['answer'] {
  const operation = connect === undefined ? 'close' : 'connect';
  const info = connect === undefined ? closeInfo(close) : connectInfo(connect);
  const body = JSON.stringify({ operation, [`${operation}Info`]: asArray ? [info] : info });
  return () => body;
}

/**
 * The answer to an SMS that waits: forwarded to `called`, with its sender as the documented `calling`; or discarded.
 * @param asArray `actions` as an array, as documented; else as a plain object, as one sample has it.
 * @throws {LocatedError} for a value that cannot be used.
 * Source: privatenumber_02_0008, SMSActionType (read 2026-07).
 */
export function smsAnswer(forward: LocatedValue | undefined, asArray: boolean): AnswerRule['answer'] {
  const bodyOf = (action: object): string => JSON.stringify({ actions: asArray ? [action] : action });
  if (forward === undefined) {
    const body = bodyOf({ operation: 'DiscardMessage' });
    return () => body;
  }
  const fields = fieldsOf(forward, 'forward', FORWARD_FIELDS);
  const called = numberOf(fields, 'called', forward.line);
  const userData = userDataOf(fields);
  return ({ caller }) => bodyOf({ operation: 'vNumberRoute', message: { called, calling: caller ?? '' }, ...userData });
}

function connectInfo(connect: LocatedValue): Fields {
  const fields = fieldsOf(connect, 'connect', CONNECT_FIELDS);
  const calleeNum = numberOf(fields, 'calleeNum', connect.line);
  const display = fields.has('displayCalleeNum')
    ? { displayCalleeNum: numberOf(fields, 'displayCalleeNum', connect.line) }
    : {};
  const record = recordFlag(fields.get('recordFlag'));
  if (record.recordFlag === 'true' && !fields.has('recordHintTone'))
    throw new LocatedError(connect.line, {
      zh: 'connect：录音需要 recordHintTone，否则运营商会拦截呼叫',
      en: 'connect: recording needs recordHintTone, else carriers intercept the call',
    });
  const maxDuration = durationOf(fields.get('maxDuration'));
  const lastMinute = fields.get('lastMinVoice');
  if (lastMinute !== undefined && (maxDuration.maxDuration ?? 0) === 0)
    throw new LocatedError(lastMinute.line, {
      zh: 'lastMinVoice 要求 maxDuration 至少为 1 分钟',
      en: 'lastMinVoice needs a maxDuration of at least 1 minute',
    });
  return {
    ...display,
    calleeNum,
    ...maxDuration,
    ...toneOf(fields, 'waitVoice'),
    ...record,
    ...toneOf(fields, 'recordHintTone'),
    ...toneOf(fields, 'lastMinVoice'),
    ...userDataOf(fields),
  };
}

function closeInfo(close: LocatedValue | undefined): Fields {
  if (close === undefined || close.value === true) return {};
  if (!(close.value instanceof Map))
    throw new LocatedError(close.line, { zh: 'close 必须是对象或 true', en: 'close must be an object or true' });
  const fields = fieldsOf(close, 'close', CLOSE_FIELDS);
  return { ...toneOf(fields, 'closeHintTone'), ...userDataOf(fields) };
}

function numberOf(fields: ReadonlyMap<string, LocatedValue>, name: string, line: number): string {
  const field = fields.get(name);
  if (field === undefined) throw new LocatedError(line, { zh: `缺少 ${name}`, en: `${name} is missing` });
  const number = globalNumber({ text: textOf(field, name, 64), line: field.line }, name);
  if (number.length < 4 || number.length > 31)
    throw new LocatedError(field.line, {
      zh: `${name} 必须为 4 到 31 个字符`,
      en: `${name} must have 4 to 31 characters`,
    });
  return number;
}

function recordFlag(field: LocatedValue | undefined): { readonly recordFlag?: 'true' | 'false' } {
  if (field === undefined) return {};
  if (field.value === true || field.value === 'true') return { recordFlag: 'true' };
  if (field.value === false || field.value === 'false') return { recordFlag: 'false' };
  throw new LocatedError(field.line, { zh: 'recordFlag 必须是 true 或 false', en: 'recordFlag must be true or false' });
}

function durationOf(field: LocatedValue | undefined): { readonly maxDuration?: number } {
  if (field === undefined) return {};
  const { value, line } = field;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > LONGEST_CALL_MINUTES)
    throw new LocatedError(line, {
      zh: `maxDuration 必须是 0 到 ${LONGEST_CALL_MINUTES} 分钟`,
      en: `maxDuration must be minutes from 0 to ${LONGEST_CALL_MINUTES}`,
    });
  return { maxDuration: value };
}

function toneOf(fields: ReadonlyMap<string, LocatedValue>, name: string): Fields {
  const field = fields.get(name);
  return field === undefined ? {} : { [name]: textOf(field, name, LONGEST_TONE) };
}

function userDataOf(fields: ReadonlyMap<string, LocatedValue>): Fields {
  const field = fields.get('userData');
  if (field === undefined) return {};
  const userData = textOf(field, 'userData', LONGEST_USER_DATA);
  if (BAD_USER_DATA.test(userData))
    throw new LocatedError(field.line, {
      zh: 'userData 不能含 { } 或中文',
      en: 'userData must not hold { } or Chinese characters',
    });
  return { userData };
}
