import { describe, expect, it } from 'vitest';
import { bindingDeclarations, DECLARATIONS } from '../../../../src/platform/declarations/all.js';
import { axBind, axCallee } from '../../../../src/platform/declarations/ax.js';
import { axbBind, axbUnbind, axbUpdate } from '../../../../src/platform/declarations/axb.js';
import { axeBind, axeUnbind } from '../../../../src/platform/declarations/axe.js';
import { axybBind } from '../../../../src/platform/declarations/axyb.js';
import { checkValues } from '../../../../src/platform/declarations/check-values.js';
import type { InterfaceDeclaration, Values } from '../../../../src/platform/declarations/declaration.js';
import { callStop } from '../../../../src/platform/declarations/common-interfaces.js';

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8613800000003';

const problemCases: [string, InterfaceDeclaration, Values, string[]][] = [
  ['a good AXB bind', axbBind, { a: A, b: B }, []],
  ['what is missing', axbBind, { a: A }, ['-b is missing (B number)']],
  ['a name of another mode', axeBind, { a: A, x: X, sms: true }, ['--sms cannot be used for bind in AXE']],
  ['the flag of an extension', axbBind, { a: A, b: B, extension: '1' }, ['--ext cannot be used for bind in AXB']],
  ['a fixed field', callStop, { sessionId: 's', signal: 'x' }, ['--signal cannot be used for hangup']],
  ['neither of several', axBind, { a: A }, ['one of -x, --area is needed']],
  ['one without the other', axeUnbind, { x: X }, ['-x needs --ext']],
  [
    'two that exclude each other',
    axeBind,
    { a: A, x: X, callbackTone: 't.wav', callbackNumber: B },
    ['--callback-tone, --callback-number exclude each other'],
  ],
  [
    'a time shorter than the other',
    axeBind,
    { a: A, x: X, ttl: 3600, callbackTtl: 7200 },
    ['--ttl must be at least --callback-ttl'],
  ],
  ['one number as A and B', axbBind, { a: A, b: A }, ['-a and -b hold the same number: A and B are two people']],
  [
    'one number as the new A and the new B',
    axbUpdate,
    { id: 'i', a: A, b: A },
    ['-a and -b hold the same number: A and B are two people'],
  ],
  ['a new A without a new B', axbUpdate, { id: 'i', a: A }, []],
  ['an X that is A too, of which nothing is documented', axbBind, { a: A, b: B, x: A }, []],
  ['a time without end', axeBind, { a: A, x: X, ttl: 0, callbackTtl: 7200 }, []],
  ['a range', axbBind, { a: A, b: B, ttl: 7_776_001 }, ['--ttl: must be from 0 to 7776000 seconds']],
  ['0 beside a range', axybBind, { a: A, area: '010', ttl: 0 }, []],
  ['a range with 0', axybBind, { a: A, area: '010', ttl: 59 }, ['--ttl: must be 0 or from 60 to 7776000 seconds']],
  ['parts of a minute', axeBind, { a: A, x: X, ttl: 90 }, ['--ttl: only whole minutes are possible']],
  ['a type', axbBind, { a: A, b: B, record: 'yes' }, ['--record: must be true or false']],
  ['a number for a text', axbBind, { a: A, b: B, recordTone: 1 }, ['--record-tone: a number is no value for it']],
  ['a choice', axbBind, { a: A, b: B, direction: '0' }, ['--direction: must be one of both, a-to-b, b-to-a']],
  [
    'a length',
    axbBind,
    { a: A, b: B, userData: 'x'.repeat(257) },
    ['--user-data: has 257 characters, at most 256 are allowed'],
  ],
  ['an empty text', axbUnbind, { id: '' }, ['--id: is empty']],
  [
    'braces',
    axbBind,
    { a: A, b: B, userData: '{x}' },
    ['--user-data: the platform allows no { and } in it; send it as Base64'],
  ],
  [
    'Chinese',
    axbBind,
    { a: A, b: B, userData: '订单' },
    ['--user-data: the platform allows no Chinese in it; send it as Base64: 6K6i5Y2V'],
  ],
  [
    'a city code without its 0',
    axBind,
    { a: A, area: '755' },
    ['--area: not a city code; write it with its leading 0: 0755, 010'],
  ],
  ['a landline as X', axBind, { a: A, x: '+8675528000001' }, []],
  ['a foreign X', axBind, { a: A, x: '+12025550100' }, ['-x: must have +86 and 11 digits']],
  ['a 400 number as callee', axCallee, { id: 'i', to: '4008000001' }, []],
  [
    'a 400 number as A',
    axbBind,
    { a: '4008000001', b: B },
    ['-a: not a number in global format: +86 and the number, a landline without the 0 of its area code'],
  ],
];

describe('checkValues', () => {
  it.each(problemCases)('judges %s', (_, declaration, values, messages) => {
    expect(checkValues(declaration, values).problems.map(({ words }) => words.en)).toEqual(messages);
  });

  it('tells everything at once, with its kind', () => {
    const { problems } = checkValues(axeBind, {
      sms: true,
      ttl: -1,
      extension: '12345',
      callbackTone: 'a',
      callbackNumber: B,
    });
    expect(problems.map(({ name, kind }) => [name, kind])).toEqual([
      ['sms', 'invalid'],
      ['ttl', 'invalid'],
      ['extension', 'invalid'],
      ['a', 'missing'],
      ['x', 'missing'],
      ['callbackNumber', 'conflict'],
    ]);
  });

  it('warns of what carriers intercept and of numbers abroad', () => {
    const { problems, warnings } = checkValues(axBind, {
      a: '+85290000001',
      x: X,
      record: true,
      showCaller: true,
      callerTone: 'my tone.wav',
    });
    expect(problems).toEqual([]);
    expect(warnings.map(({ en }) => en)).toEqual([
      '-a: calls to numbers outside mainland China usually fail',
      '--caller-tone: names of tone files have letters, digits, ".", "_", "@" and "-" only',
      '--record without --record-tone: carriers intercept recorded calls that do not announce the recording',
      '--show-caller: carriers intercept calls that show the real caller',
    ]);
    expect(checkValues(axBind, { a: A, x: X, record: false, showCaller: false }).warnings).toEqual([]);
  });
});

describe('DECLARATIONS', () => {
  it('names each interface, each parameter and each wire field of it once', () => {
    expect(new Set(DECLARATIONS.map((one) => one.id)).size).toBe(DECLARATIONS.length);
    for (const { parameters } of DECLARATIONS) {
      expect(new Set(parameters.map((one) => one.name)).size).toBe(parameters.length);
      expect(new Set(parameters.map((one) => one.wire)).size).toBe(parameters.length);
    }
  });

  it('has rules about declared parameters only', () => {
    for (const { parameters, rules } of DECLARATIONS) {
      const names = parameters.map((one) => one.name);
      for (const rule of rules) {
        const used = 'names' in rule ? rule.names : 'other' in rule ? [rule.name, rule.other] : [rule.name];
        for (const name of used) expect(names).toContain(name);
      }
    }
  });

  it('gives the interfaces of a mode', () => {
    expect(Object.values(bindingDeclarations('axe')).map((one: InterfaceDeclaration) => one.id)).toEqual([
      'axe.bind',
      'axe.unbind',
      'axe.update',
      'axe.query',
    ]);
    expect(bindingDeclarations('axyb').update).toBeUndefined();
  });
});
