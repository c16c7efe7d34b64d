import { describe, expect, it } from 'vitest';
import { FIELD_LISTS, FIELD_NAMES } from '../../../src/commands/field-lists.js';
import { fieldNames } from '../../../src/commands/field-names.js';

describe('fieldNames', () => {
  it.each([
    ['Check: check, ok, detail, hint', ['check', 'ok', 'detail', 'hint']],
    ['The binding after the change. Binding: a, b; pushes: kind, state', ['a', 'b']],
    ['Finding: severity (error, warning; info), meaning {zh, en}', ['severity', 'meaning.zh', 'meaning.en']],
    ['Recording: file, record {CallRecord}', ['file', 'record']],
    ['Callee: id or x, to', ['id', 'x', 'to']],
    ['Sms: at, x\nEvent: at, type', ['at', 'x', 'type']],
    ['The body of the answer, unchanged.', []],
  ])('of %j', (output, expected) => {
    expect(fieldNames(output)).toEqual(expected);
  });

  it.each(Object.keys(FIELD_NAMES) as (keyof typeof FIELD_NAMES)[])('reads what help says of a %s', (kind) => {
    expect(fieldNames(FIELD_LISTS[kind])).toEqual(FIELD_NAMES[kind]);
  });
});
