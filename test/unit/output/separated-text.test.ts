import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, csvLine, tsvLine } from '../../../src/output/separated-text.js';

describe('csvCell', () => {
  it.each([
    ['=1+2', "'=1+2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+cmd', "'+cmd"],
    ['-2+3', "'-2+3"],
    ['\tx', "'\tx"],
    ['=HYPERLINK("http://example.com","x")', '"\'=HYPERLINK(""http://example.com"",""x"")"'],
    ['+8613800000001', '+8613800000001'],
    ['+8613800000001+1', "'+8613800000001+1"],
    ['-5', '-5'],
    ['-5.25', '-5.25'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(csvCell(text)).toBe(expected);
  });

  it('B5: never starts a cell with a formula, but for phone numbers and plain numbers', () => {
    const start = fc.constantFrom('=', '+', '-', '@', '\t', '\r');
    fc.assert(
      fc.property(start, fc.string(), (first, rest) => {
        const [[cell = ''] = []] = parse(csvLine([first + rest]));
        const number = /^\+\d{5,20}$|^-?\d+(\.\d+)?$/.test(first + rest);
        expect(cell).toBe(number ? first + rest : `'${first}${rest}`);
      }),
    );
  });
});

describe('csvLine', () => {
  it('ends each line with CR and LF', () => {
    expect(csvLine(['a', 'b,c', ''])).toBe('a,"b,c",\r\n');
  });

  it('is read back by an RFC 4180 reader', () => {
    const cell = fc.string({ unit: 'binary' }).filter((text) => !/^[=+\-@\t\r\ufeff]/.test(text));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), (cells) => {
        expect(parse(csvLine(cells), { record_delimiter: '\r\n' })).toEqual([cells]);
      }),
    );
  });
});

describe('tsvLine', () => {
  it('escapes what would break the line', () => {
    expect(tsvLine(['a\tb', 'c\nd\r', 'e\\t'])).toBe('a\\tb\tc\\nd\\r\te\\\\t\n');
  });

  it('shows what could steer a terminal', () => {
    expect(tsvLine(['a\u001b[2Jb\u0000', '\u007f\u009b'])).toBe('a\\u001b[2Jb\\u0000\t\\u007f\\u009b\n');
  });

  it('has as many cells and lines as it was given, and can be undone', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
        const line = tsvLine(cells);
        expect(line.match(/[\r\n]/g)).toEqual(['\n']);
        const plain: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
        const back = line
          .slice(0, -1)
          .split('\t')
          .map((cell) =>
            cell.replace(/\\(?:u([0-9a-f]{4})|([tnr\\]))/g, (_, code: string | undefined, letter: string) =>
              code === undefined ? (plain[letter] ?? '') : String.fromCharCode(parseInt(code, 16)),
            ),
          );
        expect(back).toEqual(cells);
      }),
    );
  });
});
