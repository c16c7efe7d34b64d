import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJournalLine, encodeJournalLine, preparePush } from '../../../../src/store/file/journal-line.js';
import { LineError } from '../../../../src/store/file/sealed-line.js';
import type { AppendResult, IncomingPush } from '../../../../src/store/journal.js';
import { push } from '../samples.js';

function lineOf(incoming: IncomingPush, result: AppendResult = 'new'): Buffer {
  return encodeJournalLine(preparePush(incoming), 17, result);
}

function decode(line: Buffer): ReturnType<typeof decodeJournalLine> {
  return decodeJournalLine(line.subarray(0, -1), { bodies: true });
}

const bytesOf = (incoming: Pick<IncomingPush, 'bytes'>): string => Buffer.from(incoming.bytes).toString('hex');

describe('encodeJournalLine', () => {
  it('writes the documented line, the body as it came', () => {
    const line = lineOf(
      push('{"eventType": "fee","n":12345678901234567890}', { key: 'fee:1', headers: { host: 'a' } }),
    );
    expect(line.toString()).toBe(
      '{"v":1,"seq":17,"at":"2026-11-22T08:00:00.123Z","kind":"fee","key":"fee:1","src":"192.0.2.1","path":"/fee",' +
        '"headers":{"host":"a"},"body":{"eventType": "fee","n":12345678901234567890},' +
        '"sha":"3cb5e377abd9925b54854e8f8517239a23f67a109644f7c2ac9d326aad8ae892","crc":"e4c7593a"}\n',
    );
  });

  it('writes a duplicate as a short line', () => {
    const line = lineOf(push('{}', { key: 'fee:1' }), 'duplicate');
    expect(JSON.parse(line.toString())).toEqual({
      v: 1,
      seq: 17,
      at: '2026-11-22T08:00:00.123Z',
      kind: 'dup',
      of: 'fee',
      key: 'fee:1',
      src: '192.0.2.1',
      path: '/fee',
      sha: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
      crc: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown,
    });
  });

  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  it.each<[string, string | Uint8Array, 'body' | 'text' | 'b64']>([
    ['a CDR', '{"eventType":"fee","feeLst":[{"icid":"1"}]}', 'body'],
    ['unknown fields', '{"eventType":"fee","new":{"a":[1,2]}}', 'body'],
    ['64-bit ids', '{"id":12345678901234567890}', 'body'],
    ['duplicate keys', '{"a":1,"a":2}', 'body'],
    ['a lone surrogate, escaped', '{"a":"\\ud800"}', 'body'],
    ['prototype names', '{"__proto__":{"a":1},"constructor":{"prototype":1}}', 'body'],
    ['blanks around', ' \t{"a" : 1}  ', 'body'],
    ['line separators of Unicode', '{"a":"\u2028\u2029"}', 'body'],
    ['200,000 deep', deep, 'body'],
    ['what looks like the end of a line', '{"a":1},"sha":"', 'text'],
    ['a body with a forged field', '{"x":"},\\"body\\":1","y":{"z":1},"text":"},"}', 'body'],
    ['empty', '', 'text'],
    ['not JSON', 'eventType=fee&x=1', 'text'],
    ['two values', '{}{}', 'text'],
    ['pretty-printed', '{\n  "a": 1\n}\n', 'text'],
    ['CRLF', '{\r\n"a":1}', 'text'],
    ['a byte-order mark', '\uFEFF{"a":1}', 'text'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'b64'],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'b64'],
  ])('keeps %s byte for byte', (_name, body, form) => {
    const incoming = push(body);
    const line = lineOf(incoming);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(line.toString('latin1')).toContain(`},"${form}":`);
    expect(bytesOf(decode(line).push) === bytesOf(incoming)).toBe(true);
  });

  it('keeps any push', () => {
    const json = fc.json().map((text) => Buffer.from(text));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      json,
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    );
    // Names and values that try to look like the fields behind the headers.
    const tricky = fc.oneof(fc.string(), fc.constantFrom('body', 'text', '}', '},', '},"body":', '"', '\\'));
    // From 24 on Node misreads a name that JSON escapes, once it has read a backslash as one (nodejs/node#63785); no header has such a name.
    const isMisread = Number(process.versions.node.split('.')[0]) >= 24;
    const names = isMisread ? tricky.filter((name) => !/["\\\u0000-\u001f]/.test(name)) : tricky;
    const incoming = fc.record({
      at: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      kind: fc.constantFrom('fee', 'event', 'sms', 'number-status', 'unknown'),
      key: fc.option(tricky, { nil: undefined }),
      remote: tricky,
      path: tricky,
      headers: fc.dictionary(names, tricky, { noNullPrototype: true }),
      bytes,
    });
    fc.assert(
      fc.property(incoming, fc.constantFrom('new', 'conflict'), (one: IncomingPush, result: AppendResult) => {
        const decoded = decode(lineOf(one, result));
        expect({ ...decoded.push, bytes: bytesOf(decoded.push) }).toEqual({ ...one, bytes: bytesOf(one) });
        expect([decoded.sequence, decoded.result]).toEqual([17, result]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('decodeJournalLine', () => {
  it('refuses a line of which any byte was changed', () => {
    const line = lineOf(push('{"icid":"1"}', { key: 'fee:1' })).subarray(0, -1);
    for (let index = 0; index < line.length; index += 1) {
      const changed = Buffer.from(line);
      changed[index] = (changed[index] ?? 0) ^ 0x01;
      expect(() => decodeJournalLine(changed, { bodies: true }), `byte ${index}`).toThrow(LineError);
    }
  });

  it('refuses a line cut anywhere', () => {
    const line = lineOf(push('{"icid":"1"}')).subarray(0, -1);
    for (let length = 0; length < line.length; length += 1) {
      expect(() => decodeJournalLine(line.subarray(0, length), { bodies: true }), `${length} bytes`).toThrow(LineError);
    }
  });

  it('refuses any other text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => decodeJournalLine(Buffer.from(bytes), { bodies: true })).toThrow(LineError);
      }),
    );
  });
});
