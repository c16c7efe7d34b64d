import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeJson, safeLine, safeMessage, safeText } from '../../../src/output/safe-text.js';

const ESC = '\u001b';
const BEL = '\u0007';
/** Text in which what a terminal obeys is frequent. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(ESC, `${ESC}[`, `${ESC}]`, BEL, '\u009b', '\r', '\n', '\t', '\u202e', '\u200b', '\ufeff', '1;2m'),
    ),
  )
  .map((parts) => parts.join(''));

describe('safeText', () => {
  it.each([
    ['clears the screen', `a${ESC}[2Jb`, 'ab'],
    ['moves the cursor', `a${ESC}[10;20Hb`, 'ab'],
    ['colours', `${ESC}[31mred${ESC}[0m`, 'red'],
    ['OSC 0 sets the title', `a${ESC}]0;owned${BEL}b`, 'ab'],
    ['OSC 8 is a link', `${ESC}]8;;http://example.com${ESC}\\text${ESC}]8;;${ESC}\\`, 'text'],
    ['OSC 52 writes the clipboard', `a${ESC}]52;c;cm0gLXJm${BEL}b`, 'ab'],
    ['C1 control sequence introducer', 'a\u009b2Jb', 'a2Jb'],
    ['carriage return overwrites', 'good\rbad', 'goodbad'],
    ['bell', `a${BEL}b`, 'ab'],
    ['backspace', 'abc\b\b\bxyz', 'abcxyz'],
    ['delete', 'a\u007fb', 'ab'],
    ['lone escape', `a${ESC}`, 'a'],
    ['right-to-left override is shown', 'wav.\u202eexe', 'wav.\\u202eexe'],
    ['zero-width space is shown', '138\u200b0000', '138\\u200b0000'],
    ['byte-order mark is shown', '\ufeffa', '\\ufeffa'],
    ['tag characters are shown', '\u{e0041}', '\\ue0041'],
    ['Chinese, tabs and line breaks stay', '隐私号\t保护\n通话', '隐私号\t保护\n通话'],
  ])('%s', (_, text, expected) => {
    expect(safeText(text)).toBe(expected);
  });

  it('leaves no control byte but line break and tab, whatever comes', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(safeText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe('safeMessage', () => {
  it('shows line breaks and tabs of a name, and keeps those before what is listed', () => {
    expect(safeMessage(`a\nb\r\n${ESC}[31mc\td: two\n  row 1\n  row 2`)).toBe(
      'a\\nb\\r\\nc\\td: two\n  row 1\n  row 2',
    );
  });
});

describe('safeLine', () => {
  it('gives one line', () => {
    expect(safeLine('one\r\ntwo\tthree\nfour\rfive')).toBe('one two three four five');
  });

  it('leaves no control byte at all, whatever comes', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(safeLine(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe('safeJson', () => {
  it('escapes what JSON.stringify leaves', () => {
    expect(safeJson(JSON.stringify('\u007f\u009b\u202e\u200b'))).toBe('"\\u007f\\u009b\\u202e\\u200b"');
  });

  it('changes nothing for a reader, and shows no control byte', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = safeJson(JSON.stringify(text));
        expect(JSON.parse(json)).toBe(text);
        expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });
});
