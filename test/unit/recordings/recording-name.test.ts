import fc from 'fast-check';
import { resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { DEFAULT_NAME, parseNameTemplate, recordingName } from '../../../src/recordings/recording-name.js';
import { safeSegment } from '../../../src/recordings/safe-segment.js';
import type { CallRecord } from '../../../src/domain/call-record.js';

const RECORD: CallRecord = {
  kind: 'CallRecord',
  outcome: 'answered',
  sessionId: '1200_1029_4294967295_20190123091514@callenabler246.huaweicaas.com',
  icid: 'ba17.1',
  direction: 'b-to-a',
  caller: '+8613800000002',
  callee: '+8613800000001',
  x: '+8617000000101',
  startedAt: new Date('2019-01-23T17:15:14Z'),
  recording: { fileName: '1200_366.wav', domain: 'ostor.huawei.com' },
  raw: {},
};

function name(template: string, record: CallRecord = RECORD, showNumbers = false): string {
  return recordingName(parseNameTemplate(template), record, { zone: 'Asia/Shanghai', showNumbers });
}

describe('recordingName', () => {
  it('names a recording by day, X and session, numbers masked', () => {
    expect(name(DEFAULT_NAME)).toBe(
      '2019-01-24/+86170xxxx0101/1200_1029_4294967295_20190123091514@callenabler246.huaweicaas.com.wav',
    );
  });

  it.each([
    ['{date}_{time}.wav', '2019-01-24_011514.wav'],
    ['{a}-{b}.wav', '+86138xxxx0001-+86138xxxx0002.wav'],
    ['{caller}-{callee}.wav', '+86138xxxx0002-+86138xxxx0001.wav'],
    ['{direction}/{icid}/{file}', 'b-to-a/ba17.1/1200_366.wav'],
    ['./a//b.wav', 'a/b.wav'],
    ['/abs/b.wav', 'abs/b.wav'],
    ['a\\b.wav', 'a_b.wav'],
  ])('writes %s as %s', (template, expected) => {
    expect(name(template)).toBe(expected);
  });

  it('shows numbers when told', () => {
    expect(name('{x}/{a}.wav', RECORD, true)).toBe('+8617000000101/+8613800000001.wav');
  });

  it('masks the numbers that newer session IDs hold', () => {
    const record = { ...RECORD, sessionId: '+8613800000001_+8613800000002_4_627e5c1f_963036_669_1_0' };
    expect(name('{session}.wav', record)).toBe('+86138xxxx0001_+86138xxxx0002_4_627e5c1f_963036_669_1_0.wav');
  });

  it('knows no A and B of an abnormal call', () => {
    expect(name('{a}.wav', { ...RECORD, direction: 'abnormal' })).toBe('unknown.wav');
  });

  it.each([
    [{ ...RECORD, sessionId: undefined }, 'ba17.1.wav'],
    [{ ...RECORD, sessionId: undefined, icid: undefined }, '1200_366.wav'],
    [{ kind: 'CallRecord', outcome: 'unknown', raw: {} } as const, '44136fa355b3678a.wav'],
  ])('finds another name where the session is missing', (record, expected) => {
    expect(name('{session}.wav', record)).toBe(expected);
  });

  it.each(['{nope}.wav', '{date.wav', 'date}.wav', '../x.wav', 'a/../b.wav', 'a/', '', ' '])(
    'refuses the template %j',
    (template) => {
      expect(() => parseNameTemplate(template)).toThrow(AppError);
    },
  );

  it('stays below the folder whatever the record holds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('../../etc/passwd', '/abs', '..\\..\\x', '..', '.', '', '\0', 'a\nb'),
    );
    fc.assert(
      fc.property(text, text, (sessionId, x) => {
        const path = name(DEFAULT_NAME, { ...RECORD, sessionId, x, startedAt: undefined }, true);
        const root = resolve('/recordings');
        expect(resolve(root, path).startsWith(`${root}${sep}`)).toBe(true);
        expect(path.split('/')).toHaveLength(3);
      }),
    );
  });
});

describe('safeSegment', () => {
  it.each([
    ['plain.wav', 'plain.wav'],
    ['录音 文件.wav', '录音 文件.wav'],
    ['🎧.wav', '🎧.wav'],
    ['', '_'],
    ['.', '_'],
    ['..', '_'],
    ['../../etc/passwd', '_.._.._etc_passwd'],
    ['..\\..\\x', '_.._.._x'],
    ['a\0b\nc', 'abc'],
    ['-rf.wav', '_-rf.wav'],
    ['con.wav', '_con.wav'],
    ['NUL', '_NUL'],
    ['com1.x.wav', '_com1.x.wav'],
    ['console.wav', 'console.wav'],
    ['a:b', 'a_b'],
    ['name. . ', 'name'],
    [' name', 'name'],
    ['a\u202Egnp.wav', 'agnp.wav'],
    ['a\u200Bb', 'ab'],
    ['\uD800x', 'x'],
    ['e\u0301', '\u00E9'],
    ['e\u200B\u0301', '\u00E9'],
    ['con .wav', '_con .wav'],
    ['.hidden', '_.hidden'],
  ])('makes %j safe', (text, expected) => {
    expect(safeSegment(text)).toBe(expected);
  });

  it('cuts a long name, keeps its extension and tells names apart that start alike', () => {
    const long = safeSegment(`${'录'.repeat(100)}1.wav`);
    expect(long).toMatch(/^录{51}~[0-9a-f]{8}\.wav$/);
    expect(Buffer.byteLength(long)).toBe(166);
    expect(safeSegment(`${'录'.repeat(100)}2.wav`)).not.toBe(long);
  });

  it('holds its promise for any text, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const safe = safeSegment(text);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(166);
        expect(safe).toMatch(/^[^.\-~ /\\<>:"|?*\p{Cc}][^/\\<>:"|?*\p{Cc}]*$/u);
        expect(safe).not.toMatch(/[. ]$/);
        expect(safe).toBe(safe.normalize('NFC'));
        expect(safeSegment(safe)).toBe(safe);
      }),
      { numRuns: 500 },
    );
  });
});
