import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFieldChange, setField, TimeShift } from '../../../src/replay/edit-body.js';
import { fieldSpans, findSpans } from '../../../src/replay/json-spans.js';
import { pushItem } from './items.js';

function changed(body: string, ...typed: readonly string[]): string {
  const changes = typed.map((one) => parseFieldChange('--set', one));
  const item = pushItem('f:1', { bytes: Buffer.from(body) });
  return Buffer.from(changes.reduce(setField, item).bytes).toString();
}

describe('fieldSpans', () => {
  it('goes through so many values that a call could not take them as arguments', () => {
    const text = `[${'{"n":1},'.repeat(200_000)}{"n":2}]`;
    expect([...fieldSpans(text)]).toHaveLength(200_001);
  });
});

describe('setField', () => {
  const BODY = '{ "a" : "x", "n":12345678901234567890,\n"隐":[{"k":null}, {"k":"\\"}"}], "a":"last" }';

  it.each([
    ['a=y', '{ "a" : "x", "n":12345678901234567890,\n"隐":[{"k":null}, {"k":"\\"}"}], "a":"y" }'],
    ['a=7', '{ "a" : "x", "n":12345678901234567890,\n"隐":[{"k":null}, {"k":"\\"}"}], "a":"7" }'],
    ['n=7', '{ "a" : "x", "n":7,\n"隐":[{"k":null}, {"k":"\\"}"}], "a":"last" }'],
    ['n=seven "私"', '{ "a" : "x", "n":"seven \\"私\\"",\n"隐":[{"k":null}, {"k":"\\"}"}], "a":"last" }'],
    ['隐[*].k=c=d', '{ "a" : "x", "n":12345678901234567890,\n"隐":[{"k":"c=d"}, {"k":"c=d"}], "a":"last" }'],
    ['隐.1=[1,2]', '{ "a" : "x", "n":12345678901234567890,\n"隐":[{"k":null}, [1,2]], "a":"last" }'],
  ])('%s changes nothing else', (typed, expected) => {
    expect(changed(BODY, typed)).toBe(expected);
  });

  it.each(['b=1', 'a.b=1', '隐[2]=1', '隐[0].q=1', 'n[0]=1'])('refuses %s, which is not there', (typed) => {
    expect(() => changed(BODY, typed)).toThrow(/^--set .*: f:1 has no such field$/);
  });

  it('refuses a body that is no JSON, and what is no change', () => {
    expect(() => changed('text', 'a=1')).toThrow('has no such field');
    for (const typed of ['a', '=1', 'a[=1']) expect(() => parseFieldChange('--set', typed)).toThrow('path=value');
  });

  it('finds in any JSON what a parser finds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(3), (value, indent) => {
        const text = Buffer.from(JSON.stringify(value, null, indent)).toString('latin1');
        const parse = (start: number, end: number): unknown =>
          JSON.parse(Buffer.from(text.slice(start, end), 'latin1').toString());
        const walk = (inner: unknown, path: (string | number)[]): void => {
          const [span] = findSpans(text, path);
          expect(parse(span!.start, span!.end)).toEqual(JSON.parse(JSON.stringify(inner)));
          if (Array.isArray(inner)) for (const [index, one] of inner.entries()) walk(one, [...path, index]);
          else if (typeof inner === 'object' && inner !== null)
            for (const [name, one] of Object.entries(inner)) if (name !== '*') walk(one, [...path, name]);
        };
        walk(value, []);
        for (const { span } of fieldSpans(text)) parse(span.start, span.end);
      }),
      { numRuns: 200 },
    );
  });
});

describe('TimeShift', () => {
  const shift = (bodies: readonly string[], to = '2026-11-22T00:00:00Z'): string[] => {
    const shifting = new TimeShift(new Date(to));
    return bodies.map((body) =>
      Buffer.from(shifting.apply(pushItem('1', { bytes: Buffer.from(body) })).bytes).toString(),
    );
  };

  it('moves every time by the same, each in its own form', () => {
    expect(
      shift([
        '{"numInfo":[]}',
        '{"feeLst":[{"callInTime":"2019-01-24 02:30:03","callEndTime":"2019-01-24 02:30:22","failTime":"","n":1}]}',
        '{"smsEvent":{"timeStamp":"2019-01-24T02:30:23.450Z","smsContent":"2019-01-24 02:30:03"}}',
        '{"statusInfo":{"timestamp":"2019-01-25 02:30:22"}}',
      ]),
    ).toEqual([
      '{"numInfo":[]}',
      '{"feeLst":[{"callInTime":"2026-11-21 23:59:41","callEndTime":"2026-11-22 00:00:00","failTime":"","n":1}]}',
      '{"smsEvent":{"timeStamp":"2026-11-22T00:00:01.450Z","smsContent":"2019-01-24 02:30:03"}}',
      '{"statusInfo":{"timestamp":"2026-11-23 00:00:00"}}',
    ]);
  });

  it('leaves alone what is no JSON', () => {
    expect(shift(['"callInTime":"2019-01-24 02:30:03"'])).toEqual(['"callInTime":"2019-01-24 02:30:03"']);
  });
});
