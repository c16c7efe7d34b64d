import { wordsOfError } from '../domain/text-error.js';
import { AppError } from '../errors.js';
import type { AnswerRule } from './answer-rules.js';
import type { BlockKind } from './block-question.js';
import { LocatedError, type LocatedValue, parseLocatedJson } from '../domain/located-json.js';
import { callAnswer, smsAnswer } from './rule-answers.js';
import { fieldsOf, numberTest, oneOf, textOf, textsOf, timeSpan } from './rule-values.js';

const FILE_FIELDS = ['callForm', 'smsForm', 'calls', 'sms'] as const;
const CALL_FIELDS = ['name', 'x', 'caller', 'time', 'connect', 'close'] as const;
const SMS_FIELDS = ['name', 'x', 'caller', 'time', 'content', 'forward', 'discard'] as const;

/**
 * Reads a file of rules that answer pushes for which the platform waits (Block):
 * `{"callForm":"object","smsForm":"array","calls":[…],"sms":[…]}`. A rule of `calls` has `connect` or `close`, one of `sms` `forward` or
 * `discard`; its conditions `x`, `caller`, `time` (`22:00-06:00`, Beijing) and `content` must all hold, and the first rule that fits answers.
 * The fields of `connect` and `close` are the platform's own.
 * @param file how errors name it.
 * @throws {AppError} `input-invalid` naming file and line.
 * Source: privatenumber_02_0006_2, privatenumber_02_0008 (read 2026-07).
 */
export function parseRules(text: string, file: string): readonly AnswerRule[] {
  try {
    const fields = fieldsOf(parseLocatedJson(text), 'the file', FILE_FIELDS);
    const asArray = {
      call: oneOf(fields.get('callForm'), 'callForm', ['object', 'array']) === 'array',
      sms: oneOf(fields.get('smsForm'), 'smsForm', ['array', 'object']) === 'array',
    };
    return [
      ...rulesOf(fields.get('calls'), 'calls', (value, name) => callRule(value, name, asArray.call)),
      ...rulesOf(fields.get('sms'), 'sms', (value, name) => smsRule(value, name, asArray.sms)),
    ];
  } catch (error) {
    if (!(error instanceof LocatedError)) throw error;
    throw new AppError(
      'input-invalid',
      { zh: `${file}:${error.line}：${wordsOfError(error).zh}`, en: `${file}:${error.line}: ${error.message}` },
      {
        hint: {
          zh: 'privacy-call answers test --help 说明规则文件的内容。',
          en: 'privacy-call answers test --help tells what a file of rules holds.',
        },
      },
    );
  }
}

function rulesOf(
  list: LocatedValue | undefined,
  name: string,
  read: (value: LocatedValue, name: string) => AnswerRule,
): readonly AnswerRule[] {
  if (list === undefined) return [];
  if (!Array.isArray(list.value))
    throw new LocatedError(list.line, { zh: `${name} 必须是规则列表`, en: `${name} must be a list of rules` });
  return (list.value as readonly LocatedValue[]).map((value, index) => read(value, `${name}[${index}]`));
}

function callRule(value: LocatedValue, place: string, asArray: boolean): AnswerRule {
  const fields = fieldsOf(value, place, CALL_FIELDS);
  const connect = fields.get('connect');
  const close = fields.get('close');
  if ((connect === undefined) === (close === undefined))
    throw new LocatedError(value.line, {
      zh: `${place} 必须有 connect 或 close 之一`,
      en: `${place} needs either connect or close`,
    });
  return { ...conditionsOf('call', value.line, fields, place), answer: callAnswer({ connect, close }, asArray) };
}

function smsRule(value: LocatedValue, place: string, asArray: boolean): AnswerRule {
  const fields = fieldsOf(value, place, SMS_FIELDS);
  const forward = fields.get('forward');
  const discard = fields.get('discard');
  if ((forward === undefined) === (discard === undefined))
    throw new LocatedError(value.line, {
      zh: `${place} 必须有 forward 或 discard 之一`,
      en: `${place} needs either forward or discard`,
    });
  if (discard !== undefined && discard.value !== true)
    throw new LocatedError(discard.line, { zh: 'discard 必须是 true', en: 'discard must be true' });
  return { ...conditionsOf('sms', value.line, fields, place), answer: smsAnswer(forward, asArray) };
}

function conditionsOf(
  kind: BlockKind,
  line: number,
  fields: ReadonlyMap<string, LocatedValue>,
  place: string,
): Omit<AnswerRule, 'answer'> {
  const name = fields.get('name');
  const x = fields.get('x');
  const caller = fields.get('caller');
  const content = fields.get('content');
  const time = fields.get('time');
  return {
    kind,
    line,
    name: name === undefined ? place : textOf(name, 'name', 128),
    x: x === undefined ? undefined : numberTest(x, 'x'),
    caller: caller === undefined ? undefined : numberTest(caller, 'caller'),
    content: content === undefined ? undefined : textsOf(content, 'content').map(({ text }) => text),
    times: time === undefined ? undefined : textsOf(time, 'time').map(timeSpan),
  };
}
