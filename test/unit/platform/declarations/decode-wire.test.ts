import { describe, expect, it } from 'vitest';
import { axBind } from '../../../../src/platform/declarations/ax.js';
import { axbBind, axbQuery } from '../../../../src/platform/declarations/axb.js';
import { axeBind, axeQuery, axeUpdate } from '../../../../src/platform/declarations/axe.js';
import { axybQuery } from '../../../../src/platform/declarations/axyb.js';
import { callStop } from '../../../../src/platform/declarations/common-interfaces.js';
import { decodeAnswer, decodeWire } from '../../../../src/platform/declarations/decode-wire.js';

describe('decodeWire', () => {
  it('reads booleans and integers in either form, and takes null and the empty text for absent', () => {
    const body = {
      callerNum: '+8613800000001',
      calleeNum: '',
      relationNum: null,
      callDirection: '1',
      duration: '60',
      recordFlag: true,
      privateSms: 'FALSE',
      maxDuration: 5,
    };
    const { values, problems } = decodeWire(axbBind, { query: [], body });
    expect(problems).toEqual([]);
    expect(values).toEqual({
      a: '+8613800000001',
      direction: 'a-to-b',
      ttl: 60,
      record: true,
      sms: false,
      maxCall: 5,
    });
  });

  it('keeps what it does not know aside, also inside objects', () => {
    const body: unknown = JSON.parse(
      '{"preVoice":{"callerHintTone":"a.wav","more":1},"extra":[2],"__proto__":{"relationNum":"x"}}',
    );
    const decoded = decodeWire(axbBind, { query: [['debug', '1']], body });
    expect(Object.entries(decoded.unknown)).toEqual([
      ['debug', '1'],
      ['preVoice.more', 1],
      ['extra', [2]],
      ['__proto__', { relationNum: 'x' }],
    ]);
    expect(decoded.values).toEqual({ callerTone: 'a.wav' });
  });

  it('tells what cannot be read, by its name on the wire', () => {
    const { values, problems } = decodeWire(axbBind, {
      query: [],
      body: { callDirection: 7, duration: 'soon', recordFlag: 'maybe', callerNum: ['x'], preVoice: 'x' },
    });
    expect(values).toEqual({});
    expect(problems.map((problem) => problem.wire).sort()).toEqual([
      'callDirection',
      'callerNum',
      'duration',
      'recordFlag',
    ]);
    expect(problems[0]?.message).toBe('callerNum is neither text, number nor boolean');
  });

  it('refuses a body that is no object, and takes a missing one for empty', () => {
    expect(decodeWire(axbBind, { query: [], body: [1] }).problems).toEqual([
      { wire: '', name: undefined, message: 'the body is not a JSON object' },
    ]);
    expect(decodeWire(axbQuery, { query: [['pageIndex', '2']], body: undefined })).toEqual({
      values: { page: 2 },
      problems: [],
      unknown: {},
    });
  });

  it('asks for fixed fields where they belong', () => {
    const wires = (body: unknown, declaration = axBind): string[] =>
      decodeWire(declaration, { query: [], body }).problems.map((problem) => problem.message);
    expect(wires({ areaCode: '0755' })).toEqual(['privateNumType is missing']);
    expect(wires({ privateNum: '+8613800000001' })).toEqual([]);
    expect(wires({ areaCode: '0755', privateNumType: 'other' })).toEqual(['privateNumType must be mobile-virtual']);
    expect(wires({ sessionid: 's' }, callStop)).toEqual(['signal is missing']);
  });

  it('reads expiry times by their unit, hours without one', () => {
    const ttl = (body: unknown, declaration = axeBind): unknown =>
      decodeWire(declaration, { query: [], body }).values.ttl;
    expect(ttl({ bindExpiredTime: 24 })).toBe(86_400);
    expect(ttl({ bindExpiredTime: '90', timeUnit: 1 })).toBe(5400);
    expect(ttl({ bindExpiredTime: 2, timeUnit: '0' }, axeUpdate)).toBe(7200);
  });
});

describe('decodeAnswer', () => {
  it('reads an AXE binding by its unit and leaves out what cannot be read', () => {
    const answer = {
      subscriptionId: 'i1',
      virtualNum: '+8613800000001',
      extendNum: '0012',
      bindNum: '+8613800000002',
      displayNumMode: '1',
      recordFlag: 'perhaps',
      timeUnit: '1',
      bindExpiredTime: 30,
      callbackExpiredTime: 0,
    };
    expect(decodeAnswer(axeQuery.answer, answer)).toEqual({
      subscriptionId: 'i1',
      x: '+8613800000001',
      extension: '0012',
      a: '+8613800000002',
      showCaller: true,
      ttl: 1800,
      callbackTtl: 0,
    });
  });

  it('reads the durations of AXYB, which come as text', () => {
    expect(
      decodeAnswer(axybQuery.answer, { bindId: 'i1', duration: '7200', ybDuration: '0', callDirection: 2 }),
    ).toEqual({
      subscriptionId: 'i1',
      ttl: 7200,
      ybTtl: 0,
      direction: 'b-to-a',
    });
  });
});
