import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blockAnswerFault, blockQuestionOf, type BlockQuestion } from '../../../src/replay/block-answer.js';
import {
  buildJudge,
  type Expectations,
  parseBodyExpectation,
  parseJsonExpectation,
} from '../../../src/replay/judge-answer.js';
import { pushItem } from './items.js';

const X = '+8617000000201';
const CALL: BlockQuestion = { about: 'call', subject: X };
const SMS: BlockQuestion = { about: 'sms', subject: '+8613800000001' };

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/platform/${name}`, import.meta.url));
}

function judged(expectations: Expectations, answer: { status?: number; bodyText?: string; latencyMs?: number }) {
  return buildJudge(expectations)(pushItem('1'), { status: 200, bodyText: '', latencyMs: 5, ...answer })?.en;
}

describe('buildJudge', () => {
  const json = (typed: string): Expectations => ({ json: [parseJsonExpectation(typed)] });
  const LONG = '{"a":{"n":12345678901234567890,"t":"隐私","list":[{"k":1},{"k":1}]},"ok":true}';

  it.each<[Expectations, Parameters<typeof judged>[1], string | undefined]>([
    [{}, { status: 204 }, undefined],
    [{}, { status: 302 }, 'HTTP 302'],
    [{ status: 200 }, { status: 204 }, 'HTTP 204, not 200'],
    [{ status: 503 }, { status: 503 }, undefined],
    [{ maxLatencyMs: 100 }, { latencyMs: 100 }, undefined],
    [{ maxLatencyMs: 100 }, { latencyMs: 100.6 }, '101 ms, more than 100 ms'],
    [{ body: 'OK' }, { bodyText: ' OK\n' }, undefined],
    [{ body: '' }, { bodyText: 'OK' }, 'the body is another one'],
    [{ body: parseBodyExpectation('/o.?k/i') }, { bodyText: 'it is O K' }, undefined],
    [{ body: parseBodyExpectation('/^ok$/') }, { bodyText: 'not ok' }, 'nothing in the body is /^ok$/'],
    [json('ok=true'), { bodyText: LONG }, undefined],
    [json('ok="true"'), { bodyText: LONG }, 'ok is not "true"'],
    [json('a.t=隐私'), { bodyText: LONG }, undefined],
    [json('a.n=12345678901234567890'), { bodyText: LONG }, undefined],
    [json('a.n=12345678901234567891'), { bodyText: LONG }, 'a.n is not 12345678901234567891'],
    [json('a.list[*].k=1.0'), { bodyText: LONG }, undefined],
    [json('a.list[1]={"k":1}'), { bodyText: LONG }, undefined],
    [json('a.list[2].k=1'), { bodyText: LONG }, 'a.list[2].k is missing'],
    [json('ok=true'), { bodyText: 'ok' }, 'the body is no JSON'],
  ])('with %o finds in %o: %s', (expectations, answer, reason) => {
    expect(judged(expectations, answer)).toBe(reason);
  });

  it.each(['/(/', '/a/qq'])('refuses the pattern %s', (typed) => {
    expect(() => parseBodyExpectation(typed)).toThrow('is no pattern');
  });

  it.each(['', 'a', '=1', 'a..b=1', 'a[x]=1', '[0]=1'])('refuses the path in %j', (typed) => {
    expect(() => parseJsonExpectation(typed)).toThrow('must be path=value');
  });

  it('wants the documented form where the push waits for an instruction', () => {
    const bytes = Buffer.from(`{"eventType":"callin","statusInfo":{"called":"${X}","notifyMode":"Block"}}`);
    const judge = buildJudge({});
    const item = pushItem('1', { bytes });
    const answer = { status: 200, latencyMs: 1 };
    expect(judge(item, { ...answer, bodyText: '' })).toEqual({
      zh: '对 Block 推送的答复不对：没有指令：响应体为空',
      en: 'wrong answer to a Block push: no instruction: the body is empty',
    });
    expect(judge(item, { ...answer, bodyText: '{"operation":"close","closeInfo":{}}' })).toBeUndefined();
    expect(buildJudge({ status: 503 })(item, { ...answer, status: 503, bodyText: '' })).toBeUndefined();
  });
});

describe('blockQuestionOf', () => {
  it('knows the documented questions', () => {
    expect(blockQuestionOf(fixture('ax-sms-block-request.json'))).toMatchObject({ about: 'sms' });
    expect(blockQuestionOf(fixture('x-sms-block-request.json'))).toMatchObject({ about: 'sms' });
    expect(blockQuestionOf(fixture('inferred/x-event-callin.json'))).toMatchObject({ about: 'call' });
    expect(blockQuestionOf(fixture('axb-sms-notify.json'))).toBeUndefined();
    // The CDR of an X-mode call carries the mark too.
    expect(blockQuestionOf(Buffer.from('{"eventType":"fee","feeLst":[{"notifyMode":"Block"}]}'))).toBeUndefined();
    expect(blockQuestionOf(Buffer.from('{"Block"'))).toBeUndefined();
  });
});

describe('blockAnswerFault', () => {
  it('takes the documented answers', () => {
    for (const name of ['ax-sms-block', 'x-sms-block']) {
      const question = blockQuestionOf(fixture(`${name}-request.json`))!;
      expect(blockAnswerFault(question, fixture(`${name}-answer.json`).toString())).toBeUndefined();
    }
  });

  const connect = (more: object): string =>
    JSON.stringify({ operation: 'connect', connectInfo: { calleeNum: '+8613800000002', ...more } });

  it.each<[BlockQuestion, string, RegExp | undefined]>([
    [CALL, connect({}), undefined],
    [CALL, connect({ displayCalleeNum: X, maxDuration: 60, recordFlag: 'true', recordHintTone: 'a.wav' }), undefined],
    [CALL, '{"operation":"connect","connectInfo":[{"calleeNum":"+8613800000002"}]}', undefined],
    [CALL, '{"operation":"close","closeInfo":[{"closeHintTone":"a.wav"}]}', undefined],
    [CALL, '{"operation":"close"}', /closeInfo is missing/],
    [CALL, '{"operation":"drop"}', /connect or close/],
    [CALL, '[]', /no JSON object/],
    [CALL, '<ok/>', /no JSON object/],
    [CALL, '{"operation":"connect"}', /connectInfo is missing/],
    [CALL, connect({ calleeNum: '13800000002' }), /calleeNum/],
    [CALL, connect({ displayCalleeNum: '+8617000000202' }), /X of the call/],
    [CALL, connect({ maxDuration: 7200 }), /maxDuration/],
    [CALL, connect({ maxDuration: '60' }), /maxDuration/],
    [CALL, connect({ recordFlag: true }), /recordFlag/],
    [CALL, connect({ recordFlag: 'true' }), /recordHintTone/],
    [CALL, connect({ waitVoice: 'x'.repeat(129) }), /waitVoice/],
    [CALL, connect({ userData: '{' }), /userData/],
    [CALL, connect({ userData: '中' }), /userData/],
    [SMS, '{"actions":[{"operation":"DiscardMessage"}]}', undefined],
    [SMS, '{"actions":{"operation":"DiscardMessage"}}', /list/],
    [SMS, '{"actions":[]}', /list/],
    [SMS, '{"actions":[1]}', /no object/],
    [SMS, '{"actions":[{"operation":"drop"}]}', /vNumberRoute/],
    [SMS, '{"actions":[{"operation":"vNumberRoute"}]}', /message is missing/],
    [SMS, '{"actions":[{"operation":"vNumberRoute","message":{"calling":"+8613800000001"}}]}', /called/],
    [
      SMS,
      '{"actions":[{"operation":"vNumberRoute","message":{"calling":"+8613800000003","called":"+8613800000002"}}]}',
      /sender/,
    ],
  ])('%o %s', (question, text, fault) => {
    const found = blockAnswerFault(question, text);
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found?.en).toMatch(fault);
    for (const told of Object.values(found ?? {})) expect(told).not.toMatch(/\d{5,}/);
  });
});
