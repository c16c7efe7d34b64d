import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonPiece, JsonSplitter } from '../../../src/notifications/json-splitter.js';
import { MAX_DEPTH } from '../../../src/notifications/json-scanner.js';
import { feePush } from './notification-text.js';

const MAX_VALUE_CHARS = 20_000;
/** Behind this a line is not short any more, and depth counts. */
const LONG = ' '.repeat(5000);

/** Lines up to here have always been taken the quick way. */
const SHORT = 4096;

/** All pieces of a text; lines longer than `quickLineChars` are taken the slow way. */
function split(text: string, quickLineChars?: number): JsonPiece[] {
  const splitter = new JsonSplitter(MAX_VALUE_CHARS, quickLineChars);
  const found: JsonPiece[] = [];
  for (const line of text.split('\n')) splitter.push({ text: line, first: true, last: true }, found);
  splitter.end(found);
  return found;
}

describe('JsonSplitter', () => {
  const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

  it('finds the same values and problems at the same lines the quick way and the slow way, in damaged texts too', () => {
    const push = fc
      .tuple(fc.nat(999), fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('', LONG))
      .map(([id, more, pad]) => JSON.stringify(feePush(`i${id}`, { more })) + pad);
    const line = fc.oneof(
      { weight: 5, arbitrary: push },
      fc.constantFrom(
        '',
        '{',
        '}',
        '[',
        ']',
        '2026-11-22 INFO got',
        'HTTP/1.1 200 OK',
        '{main} started',
        '\ufeff{}',
        '{}\r',
      ),
      fc.json().map((text) => `${text},`),
      fc.jsonValue().map((value) => JSON.stringify({ value }, null, 1)),
      fc.integer({ min: 90, max: 110 }).map((levels) => nested(levels) + LONG),
    );
    const damage = fc.record({
      at: fc.nat(),
      cut: fc.nat(40),
      put: fc.constantFrom('', '"', '}', '{', '\n', ',', '\\'),
    });
    const texts = fc
      .tuple(fc.array(line, { maxLength: 8 }), fc.array(damage, { maxLength: 2 }))
      .map(([lines, damages]) => {
        let text = lines.join('\n');
        for (const { at, cut, put } of damages) {
          const from = at % (text.length + 1);
          text = text.slice(0, from) + put + text.slice(from + cut);
        }
        return text;
      });
    fc.assert(
      fc.property(texts, (text) => {
        expect(split(text)).toEqual(split(text, SHORT));
        // Short lines are taken whatever their depth.
        if (!text.includes(nested(90).slice(0, 90 * 5))) expect(split(text)).toEqual(split(text, 0));
      }),
      { numRuns: 1000 },
    );
  });

  it('reports a long line that is nested too deeply, and takes one that is not', () => {
    const [deep, fit] = [nested(MAX_DEPTH + 1) + LONG, nested(MAX_DEPTH) + LONG];
    expect(split(`${deep}\n${fit}`)).toEqual([
      { line: 1, problem: 'nested too deeply' },
      { line: 2, value: JSON.parse(fit) as unknown },
    ]);
    // Brackets enough, but side by side.
    const wide = `{"list":[${Array.from({ length: 2000 }, () => '{}').join(',')}]}`;
    expect(split(wide)).toEqual([{ line: 1, value: JSON.parse(wide) as unknown }]);
  });

  it('reports a long line that is larger than a value may be', () => {
    expect(split(`{"a":"${'x'.repeat(MAX_VALUE_CHARS)}"}\n{}`)).toEqual([
      { line: 1, problem: 'larger than 20000 characters' },
      { line: 2, value: {} },
    ]);
  });
});
