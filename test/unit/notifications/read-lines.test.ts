import { TextDecoder } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../src/notifications/read-lines.js';
import { pieces } from './notification-text.js';

async function linesOf(bytes: Uint8Array, pieceBytes: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const parts of readLines(pieces(bytes, pieceBytes))) {
    for (const { text, first, last } of parts) {
      expect([first, last]).toEqual([true, true]);
      lines.push(text);
    }
  }
  return lines;
}

describe('readLines', () => {
  it('decodes as one decoder does, wherever the reads are cut: ASCII and other text in any mix, damaged or not', async () => {
    const some = fc.oneof(
      fc.constantFrom('plain\n', 'plain', '\n', '中文', 'é', '\ufeff', '😀').map((text) => Buffer.from(text)),
      fc.constantFrom([0xe4], [0xe4, 0xb8], [0xff], [0xf0, 0x9f]).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(some, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), async (parts, pieceBytes) => {
        const bytes = Buffer.concat(parts);
        // Two bytes tell UTF-16.
        fc.pre(!(bytes[0] === 0xff && bytes[1] === 0xfe));
        const expected = new TextDecoder().decode(bytes).split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(await linesOf(bytes, pieceBytes)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('marks the lines whose bytes are no UTF-8, wherever the reads are cut, and no line that holds U+FFFD itself', async () => {
    const lines = ['abc', '中\ufffd', [0x61, 0xe4, 0xb8], '中', [0xff], '', [0xed, 0xa0, 0x80], 'é', [0xf0, 0x9f]];
    const bytes = Buffer.concat(lines.flatMap((line) => [Buffer.from(line as string), Buffer.from('\n')]).slice(0, -1));
    for (let pieceBytes = 1; pieceBytes <= bytes.length; pieceBytes++) {
      const marked: number[] = [];
      let number = 0;
      for await (const parts of readLines(pieces(bytes, pieceBytes))) {
        for (const { garbled } of parts) {
          number += 1;
          if (garbled === true) marked.push(number);
        }
      }
      expect(marked).toEqual([3, 5, 7, 9]);
    }
  });

  it('keeps a byte-order mark in the middle, also where all before it was ASCII', async () => {
    expect(await linesOf(Buffer.from('abc\n\ufeffdef'), 4)).toEqual(['abc', '\ufeffdef']);
  });
});
