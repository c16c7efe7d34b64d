import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { wrapText } from '../../../src/output/wrap-text.js';

describe('wrapText', () => {
  it.each([
    ['', 10, []],
    ['short', 10, ['short']],
    ['two words', 5, ['two', 'words']],
    ['one two three\nfour', 8, ['one two', 'three', 'four']],
    ['aa bbbbbbbbbbbb cc', 5, ['aa', 'bbbbbbbbbbbb', 'cc']],
    ['a-word-that-is-longer stands alone', 10, ['a-word-that-is-longer', 'stands', 'alone']],
    ['话单没有应答，推送会再来。', 10, ['话单没有应', '答，推送会', '再来。']],
    ['四个汉字，好', 8, ['四个汉', '字，好']],
    ['代码（见“说明”）。好', 6, ['代码', '（见', '“说', '明”）。', '好']],
    ['号码、会话（AXB），好', 10, ['号码、会话', '（AXB），', '好']],
    // What is copied from a hint is one command.
    ['继续：privacy-call jobs resume bind-1 即可。', 24, ['继续：', 'privacy-call jobs resume bind-1', '即可。']],
    ['用 privacy-call cdr list 查看', 24, ['用 privacy-call cdr list', '查看']],
    ['Go on with: privacy-call jobs resume bind-1', 24, ['Go on with:', 'privacy-call jobs resume bind-1']],
    ['privacy-call audit tells what each means', 24, ['privacy-call audit tells', 'what each means']],
  ])('%j in %i columns', (text, width, lines) => {
    expect(wrapText(text, width, stringWidth)).toEqual(lines);
  });

  it('may have a first line of another width', () => {
    expect(wrapText('one two three four', 9, ({ length }) => length, 4)).toEqual(['one', 'two three', 'four']);
  });

  it('loses no word', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (list, width) => {
        const lines = wrapText(list.join(' '), width, ({ length }) => length);
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.includes(' ') ? line.length : 0).toBeLessThanOrEqual(width);
      }),
    );
  });
});
