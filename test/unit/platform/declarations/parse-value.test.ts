import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DECLARATIONS } from '../../../../src/platform/declarations/all.js';
import type { Parameter } from '../../../../src/platform/declarations/declaration.js';
import { flagOf } from '../../../../src/platform/declarations/flag-of.js';
import { parseValue } from '../../../../src/platform/declarations/parse-value.js';
import { ValueError } from '../../../../src/platform/declarations/value-error.js';

function declared(id: string, name: string): Parameter {
  return DECLARATIONS.find((one) => one.id === id)!.parameters.find((one) => one.name === name)!;
}

const good: [string, string, string, string | number | boolean][] = [
  ['axb.bind', 'a', '138 0000 0001', '+8613800000001'],
  ['axb.bind', 'x', '13800000001', '+8613800000001'],
  ['axb.bind', 'ttl', '2h', 7200],
  ['axb.bind', 'ttl', '7200', 7200],
  ['axb.bind', 'maxCall', '60m', 60],
  ['axb.bind', 'maxCall', '1h', 60],
  ['axb.bind', 'maxCall', '5', 5],
  ['axe.bind', 'ttl', '90m', 5400],
  ['axb.bind', 'record', 'Yes', true],
  ['axb.bind', 'sms', 'off', false],
  ['axb.bind', 'direction', 'A-to-B', 'a-to-b'],
  ['axb.bind', 'direction', '2', 'b-to-a'],
  ['axe.bind', 'extension', ' 0012 ', '0012'],
  ['axb.query', 'page', '3', 3],
  ['ax.callee', 'to', '400-800-0001', '4008000001'],
  ['ax.callee', 'to', '95588', '95588'],
  ['axb.bind', 'userData', ' kept as typed ', ' kept as typed '],
];

const bad: [string, string, string, string][] = [
  [
    'axb.bind',
    'a',
    '95588',
    'not a phone number; write it as +86 and 11 digits, or a landline as +86, area code without 0, number',
  ],
  ['axb.bind', 'x', '+12025550100', 'it has +86 and 11 digits'],
  ['axb.bind', 'ttl', 'soon', 'not a length of time; write it like 90s, 65m, 2h or 7d'],
  ['axb.bind', 'ttl', '0.5s', 'not a length of time; write it like 90s, 65m, 2h or 7d'],
  ['axb.bind', 'maxCall', '90s', 'only whole minutes are possible'],
  ['axe.bind', 'ttl', '90s', 'only whole minutes are possible'],
  ['axb.bind', 'record', 'perhaps', 'write true or false'],
  ['axb.bind', 'direction', 'up', 'not one of both, a-to-b, b-to-a'],
  ['axe.bind', 'extension', '12a', 'only digits are allowed'],
  ['axb.query', 'page', '-1', 'not a whole number'],
];

describe('parseValue', () => {
  it.each(good)('%s %s: %s', (id, name, text, value) => {
    expect(parseValue(declared(id, name), text)).toBe(value);
  });

  it.each(bad)('refuses %s %s: %s', (id, name, text, message) => {
    expect(() => parseValue(declared(id, name), text)).toThrow(
      expect.objectContaining({ name: 'ValueError', message }),
    );
  });

  it('gives a value or a ValueError for any text', () => {
    const parameters = fc.constantFrom(...DECLARATIONS.flatMap((one) => one.parameters));
    fc.assert(
      fc.property(parameters, fc.string({ unit: 'binary' }), (parameter, text) => {
        try {
          expect(parseValue(parameter, text)).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      }),
    );
  });
});

describe('flagOf', () => {
  it.each([
    ['a', '-a'],
    ['recordTone', '--record-tone'],
    ['id', '--id'],
    ['callbackTtl', '--callback-ttl'],
  ])('%s is %s', (name, flag) => {
    expect(flagOf({ name })).toBe(flag);
  });

  it('knows the short name of the extension', () => {
    expect(flagOf(declared('axe.bind', 'extension'))).toBe('--ext');
  });
});
