import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommand } from '../../../src/commands/split-command.js';

describe('splitCommand', () => {
  it.each([
    ['upload --to s3', ['upload', '--to', 's3']],
    ['  a\t b\n', ['a', 'b']],
    [`sh -c 'echo "$HOME" | wc'`, ['sh', '-c', 'echo "$HOME" | wc']],
    [`sh -c "echo \\"x\\" \\\\ \\n"`, ['sh', '-c', 'echo "x" \\ \\n']],
    ['a\\ b c', ['a b', 'c']],
    [`a'b'"c"d`, ['abcd']],
    [`a '' ""`, ['a', '', '']],
    ['a | b > c * ~ $X', ['a', '|', 'b', '>', 'c', '*', '~', '$X']],
    ['', undefined],
    ['   ', undefined],
    [`''`, undefined],
    [`a 'b`, undefined],
    ['a "b', undefined],
    ['a\\', undefined],
  ])('%j', (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it('gives back any words that were quoted', () => {
    const word = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        const single = words.map((text) => `'${text.replaceAll("'", `'\\''`)}'`).join(' ');
        const double = words.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join('\t');
        expect(splitCommand(single)).toEqual(words);
        expect(splitCommand(double)).toEqual(words);
      }),
    );
  });
});
