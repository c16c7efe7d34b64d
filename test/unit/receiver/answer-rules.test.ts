import { describe, expect, it } from 'vitest';
import { decideAnswer } from '../../../src/receiver/answer-rules.js';
import type { BlockQuestion } from '../../../src/receiver/block-question.js';
import { LocatedError, parseLocatedJson } from '../../../src/domain/located-json.js';
import { parseRules } from '../../../src/receiver/parse-rules.js';

const X = '+8617000000001';
const CALLER = '+8613800000001';

/** 2026-11-22, at this time of the day in Beijing. */
const beijing = (time: string): Date => new Date(`2026-11-22T${time}:00+08:00`);

function call(more: Partial<BlockQuestion> = {}): BlockQuestion {
  return { kind: 'call', x: X, caller: CALLER, content: undefined, at: beijing('12:00'), ...more };
}

function sms(more: Partial<BlockQuestion> = {}): BlockQuestion {
  return { ...call(more), kind: 'sms' };
}

const nameOf = (rules: string, question: BlockQuestion): string | undefined =>
  decideAnswer(parseRules(rules, 'rules.json'), question).rule?.name;

const answerTo = (rules: unknown, question: BlockQuestion): unknown =>
  JSON.parse(decideAnswer(parseRules(JSON.stringify(rules), 'rules.json'), question).body);

const complaint = (text: string): string => {
  try {
    parseRules(text, 'rules.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('parseRules', () => {
  it('connects as documented, in the order of the table', () => {
    const connect = {
      calleeNum: '13800000002',
      displayCalleeNum: X,
      maxDuration: 60,
      waitVoice: 'wait.wav',
      recordFlag: true,
      recordHintTone: 'hint.wav',
      lastMinVoice: 'last.wav',
      userData: 'flag001',
    };
    const connectInfo = { ...connect, calleeNum: '+8613800000002', recordFlag: 'true' };
    expect(answerTo({ calls: [{ connect }] }, call())).toEqual({ operation: 'connect', connectInfo });
    expect(answerTo({ callForm: 'array', calls: [{ connect }] }, call())).toEqual({
      operation: 'connect',
      connectInfo: [connectInfo],
    });
  });

  it('closes as documented', () => {
    const close = { closeHintTone: 'bye.wav', userData: 'u' };
    expect(answerTo({ calls: [{ close }] }, call())).toEqual({ operation: 'close', closeInfo: close });
    expect(answerTo({ calls: [{ close: true }] }, call())).toEqual({ operation: 'close', closeInfo: {} });
  });

  it('forwards an SMS with its sender, or discards it', () => {
    const rules = { sms: [{ content: ['订单', 'order'], forward: { called: '+8613800000002' } }, { discard: true }] };
    const message = { called: '+8613800000002', calling: CALLER };
    expect(answerTo(rules, sms({ content: '您的订单' }))).toEqual({
      actions: [{ operation: 'vNumberRoute', message }],
    });
    expect(answerTo(rules, sms({ content: 'hello' }))).toEqual({ actions: [{ operation: 'DiscardMessage' }] });
    expect(answerTo({ ...rules, smsForm: 'object' }, sms())).toEqual({ actions: { operation: 'DiscardMessage' } });
  });

  it('has a default: the call is closed, the SMS discarded', () => {
    expect(answerTo({}, call())).toEqual({ operation: 'close', closeInfo: {} });
    expect(answerTo({}, sms())).toEqual({ actions: [{ operation: 'DiscardMessage' }] });
  });

  it('takes the first rule whose conditions all hold', () => {
    const rules = JSON.stringify({
      calls: [
        { name: 'other X', x: '+8617000000002', close: {} },
        { name: 'mobile at night', caller: ['+86138*', '*0009'], time: '22:00-06:00', close: {} },
        { name: 'office', x: '17000000001', time: ['09:00-12:00', '13:00-18:00'], close: {} },
        { name: 'rest', close: {} },
      ],
    });
    expect(nameOf(rules, call({ x: '+8617000000002' }))).toBe('other X');
    expect(nameOf(rules, call({ at: beijing('22:00') }))).toBe('mobile at night');
    expect(nameOf(rules, call({ at: beijing('05:59') }))).toBe('mobile at night');
    expect(nameOf(rules, call({ at: beijing('05:59'), caller: '+861340009' }))).toBe('mobile at night');
    expect(nameOf(rules, call({ at: beijing('05:59'), caller: '+8613900000001' }))).toBe('rest');
    expect(nameOf(rules, call({ at: beijing('06:00') }))).toBe('rest');
    expect(nameOf(rules, call({ at: beijing('11:59') }))).toBe('office');
    expect(nameOf(rules, call({ at: beijing('12:00') }))).toBe('rest');
    expect(nameOf(rules, call({ at: beijing('13:00') }))).toBe('office');
    expect(nameOf(rules, call({ x: undefined }))).toBe('rest');
  });

  it.each([
    ['138****0001', '+86138****0001', true],
    ['+86138****0001', '+86138****0001', true],
    ['138*', '+86138****0001', true],
    ['*0001', '+86138****0001', true],
    ['139*', '+86138****0001', false],
    ['138****0002', '+86138****0001', false],
    // Four digits are hidden: the whole number may be another one.
    ['13800000001', '+86138****0001', false],
    ['138*', '+8613800000001', true],
    ['86138*', '+8613800000001', true],
    ['+138*', '+8613800000001', false],
  ])('a rule for %s and the caller %s of a call event: %j', (typed, caller, fits) => {
    const rules = JSON.stringify({ calls: [{ name: 'it', caller: typed, close: true }] });
    expect(nameOf(rules, call({ caller })) === 'it').toBe(fits);
  });

  it.each([
    ['{\n "calls": [\n  {"x": "+8617000000001"}\n ]\n}', 'rules.json:3: calls[0] needs either connect or close'],
    ['{\n "calls": [{"close": {}},\n  {"connect": {}}]}', 'rules.json:3: calleeNum is missing'],
    [
      '{"calls": [{"connect":\n {"calleeNum": "+8613800000002",\n "maxDuration": 7200}}]}',
      /^rules.json:3: maxDuration/,
    ],
    [
      '{"calls": [{"connect":\n {"calleeNum": "+8613800000002",\n "recordFlag": true}}]}',
      /^rules.json:2: .*recordHintTone/,
    ],
    [
      '{"calls": [{"connect":\n {"calleeNum": "+8613800000002",\n "lastMinVoice": "a"}}]}',
      /^rules.json:3: lastMinVoice/,
    ],
    ['{"calls": [{"close": {"userData": "a{b"}}]}', /^rules.json:1: userData/],
    ['{"calls": [{"close": {"userData": "用户"}}]}', /^rules.json:1: userData/],
    ['{"calls": [\n{"time": "8-20",\n "close": {}}]}', /^rules.json:2: time "8-20"/],
    ['{"calls": [{"caler": "1", "close": {}}]}', /^rules.json:1: "caler" is no field of calls\[0\]; known are name/],
    ['{"calls": [{"content": "a", "close": {}}]}', /^rules.json:1: "content" is no field/],
    ['{"calls": [{"close": false}]}', 'rules.json:1: close must be an object or true'],
    ['{"smsForm": "list"}', 'rules.json:1: smsForm must be array or object'],
    ['{"sms": [{"discard": false}]}', 'rules.json:1: discard must be true'],
    ['{"callForm": "list"}', 'rules.json:1: callForm must be object or array'],
    ['{\n"calls": {}}', 'rules.json:2: calls must be a list of rules'],
    ['[]', 'rules.json:1: the file must be an object'],
    ['{\n"calls": [\n}', 'rules.json:3: "}" stands where a value is expected'],
    ['{\n"calls": []\n"sms": []}', 'rules.json:3: "\\"" stands where a comma or } is expected'],
    ['{"calls": [],\n"calls": []}', 'rules.json:2: "calls" stands here twice'],
    ['{"calls": [', 'rules.json:1: the file ends where a value is expected'],
    ['', 'rules.json:1: the file ends where a value is expected'],
  ])('refuses %j with the line', (text, expected) => {
    if (typeof expected === 'string') expect(complaint(text)).toBe(expected);
    else expect(complaint(text)).toMatch(expected);
  });

  it('shows no number in full', () => {
    expect(complaint('{"calls": [{"caller": "+86138x0000001", "close": {}}]}')).not.toContain('0000001');
  });
});

describe('parseLocatedJson', () => {
  const plain = (text: string): unknown => {
    const strip = ({ value }: { value: unknown }): unknown => {
      if (Array.isArray(value)) return value.map(strip);
      if (value instanceof Map) return Object.fromEntries([...value].map(([name, one]) => [name, strip(one as never)]));
      return value;
    };
    return strip(parseLocatedJson(text));
  };

  it.each(['{}', '[]', ' [1, -2.5e3, "a\\n\\u4e2d\\"", true, false, null, {"a": {"b": []}}] ', '"x"', '0'])(
    'reads %s as JSON.parse does',
    (text) => {
      expect(plain(text)).toEqual(JSON.parse(text));
    },
  );

  it.each(['{a: 1}', "['a']", '[1,]', '{"a":1,}', '01', '"a\nb"', '"\\x"', '[1 2]', 'nul', '1 2', '[', '"'])(
    'refuses %j as JSON.parse does',
    (text) => {
      expect(() => JSON.parse(text) as unknown).toThrow();
      expect(() => parseLocatedJson(text)).toThrow(LocatedError);
    },
  );

  it('knows the line of each value, after CRLF too, and refuses what is too deep', () => {
    const list = parseLocatedJson('\uFEFF[\r\n1,\r\n\r\n2]').value as readonly { line: number }[];
    expect(list.map(({ line }) => line)).toEqual([2, 4]);
    expect(() => parseLocatedJson('['.repeat(100_000))).toThrow('nested too deeply');
  });
});
