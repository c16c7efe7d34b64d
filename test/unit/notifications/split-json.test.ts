import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonPiece } from '../../../src/notifications/json-splitter.js';
import { splitJson, type SplitJsonOptions } from '../../../src/notifications/split-json.js';
import { pieces } from './notification-text.js';

async function split(
  content: string | Uint8Array,
  options: SplitJsonOptions & { pieceBytes?: number } = {},
): Promise<JsonPiece[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const found: JsonPiece[] = [];
  for await (const piece of splitJson(pieces(bytes, options.pieceBytes), options)) found.push(piece);
  return found;
}

const good = (line: number, value: unknown): JsonPiece => ({ line, value });
const cut = 'damaged or cut short';

describe('splitJson', () => {
  it.each<[string, string, JsonPiece[]]>([
    ['one body', '{"a":1}', [good(1, { a: 1 })]],
    ['a pretty-printed body', '\n{\n  "a": [\n    1\n  ]\n}\n', [good(2, { a: [1] })]],
    ['NDJSON with CRLF and blank lines', '{"a":1}\r\n\r\n{"a":2}\r\n', [good(1, { a: 1 }), good(3, { a: 2 })]],
    ['concatenated bodies', '{"a":1}{"a":2} {"a":3}', [good(1, { a: 1 }), good(1, { a: 2 }), good(1, { a: 3 })]],
    ['concatenated pretty-printed bodies', '{\n"a":1\n}{\n"a":2\n}', [good(1, { a: 1 }), good(3, { a: 2 })]],
    ['a byte-order mark', '\uFEFF{"a":1}\n\uFEFF{"a":2}', [good(1, { a: 1 }), good(2, { a: 2 })]],
    [
      'an array, element by element',
      '[{"a":1},\n {"a":2}\n]\n{"a":3}',
      [good(1, { a: 1 }), good(2, { a: 2 }), good(4, { a: 3 })],
    ],
    ['an array with brackets on their own lines', '[\n{"a":1}\n,\n{"a":2}\n]', [good(2, { a: 1 }), good(4, { a: 2 })]],
    [
      'an array with scalars',
      '[{"a":1},\n5\n, "x", null]',
      [good(1, { a: 1 }), good(2, 5), good(3, 'x'), good(3, null)],
    ],
    ['an empty array', '[ ]\n{"a":1}', [good(2, { a: 1 })]],
    ['a list with a comma behind every line', '{"a":1},\n{"a":2},\n', [good(1, { a: 1 }), good(2, { a: 2 })]],
    ['log lines', '[2026-11-22 08:00:00] [12] {main} INFO got {"a":1} in 3 ms\nINFO idle\n', [good(1, { a: 1 })]],
    ['brackets and escapes in strings', '{"a":"}]\\"{[\\\\"}', [good(1, { a: '}]"{[\\' })]],
    ['a damaged line', '{"a":1}\n{"a":x"}\n{"a":3}', [good(1, { a: 1 }), { line: 2, problem: cut }, good(3, { a: 3 })]],
    [
      'a line that is no JSON',
      '{"a":1}\ngarbage\n{"a":3}',
      [good(1, { a: 1 }), { line: 2, problem: 'not JSON' }, good(3, { a: 3 })],
    ],
    ['a bad scalar', '{"a":nil}\n{"a":2}', [{ line: 1, problem: 'damaged' }, good(2, { a: 2 })]],
    ['a string cut at the line end', '{"a":"x\n{"a":2}', [{ line: 1, problem: cut }, good(2, { a: 2 })]],
    [
      'a value cut before its value',
      '{"a":\n{"a":2}\n{"a":3}',
      [{ line: 1, problem: cut }, good(2, { a: 2 }), good(3, { a: 3 })],
    ],
    ['a value cut at the end', '{"a":1}\n{"a":', [good(1, { a: 1 }), { line: 2, problem: 'cut short' }]],
    ['a cut value that swallowed the last', '{"a":\n{"a":2}\n', [{ line: 1, problem: 'cut short' }, good(2, { a: 2 })]],
    ['a cut pretty-printed value', '{\n  "a": {\n    "b": 1,\n{"a":2}', [{ line: 1, problem: cut }, good(4, { a: 2 })]],
    [
      'a damaged element',
      '[\n  {"a":1},\n  {"a":x"},\n  {"a":3}\n]\n',
      [good(2, { a: 1 }), { line: 3, problem: cut }, good(4, { a: 3 })],
    ],
    ['an array without end', '[{"a":1},', [good(1, { a: 1 }), { line: 1, problem: 'cut short: the array has no end' }]],
    [
      'an array with something between',
      '[{"a":1} x]\n{"a":2}',
      [good(1, { a: 1 }), { line: 1, problem: 'damaged array' }, good(2, { a: 2 })],
    ],
    ['no JSON at all', 'hello\nworld', [{ line: 1, problem: 'holds no JSON' }]],
    ['nothing', '', [{ line: 0, problem: 'empty' }]],
    ['nothing but blanks', '\uFEFF \n\t\r\n\n', [{ line: 0, problem: 'empty' }]],
    ['an empty array', ' \n[]', []],
  ])('%s', async (_name, text, expected) => {
    expect(await split(text)).toEqual(expected);
    expect(await split(text, { pieceBytes: 1 })).toEqual(expected);
  });

  it('reads UTF-16, with or without its mark', async () => {
    expect(await split(Buffer.from('{"a":"隐私"}\n', 'utf16le'))).toEqual([good(1, { a: '隐私' })]);
    expect(await split(Buffer.from('[\n{"a":"隐私"}]', 'utf16le').swap16())).toEqual([good(2, { a: '隐私' })]);
    expect(await split(Buffer.from('\uFEFF{"a":"隐私"}\n', 'utf16le'))).toEqual([good(1, { a: '隐私' })]);
  });

  it('keeps characters whole that a read cuts in two', async () => {
    expect(await split('{"a":"隐私保护通话"}', { pieceBytes: 1 })).toEqual([good(1, { a: '隐私保护通话' })]);
  });

  it('reports nesting that no notification has, and goes on', async () => {
    const deep = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}\n{"a":2}`;
    expect(await split(deep)).toEqual([{ line: 1, problem: 'nested too deeply' }, good(2, { a: 2 })]);
  });

  it('reports a value that is too large, and goes on', async () => {
    const text = `{"a":"${'x'.repeat(50)}"}\n{"a":2}\n{\n  "a": "${'y'.repeat(50)}",\n  "b": 1\n}\n{"a":3}`;
    const options = { maxValueChars: 40 };
    const expected = [good(2, { a: 2 }), { line: 3, problem: 'larger than 40 characters' }, good(7, { a: 3 })];
    // The parser takes the short first line at once; the bound is for what has to be gathered.
    expect((await split(text, options)).slice(1)).toEqual(expected);
  });

  it('gives the elements of an array that is one line of many megabytes, without the array', async () => {
    async function* array(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('[');
      for (let index = 0; index < 20_000; index++) {
        yield await Promise.resolve(Buffer.from(`${index === 0 ? '' : ','}{"n":${index},"pad":"${'x'.repeat(200)}"}`));
      }
      yield Buffer.from(']');
    }
    let count = 0;
    for await (const piece of splitJson(array(), { maxValueChars: 2_000_000 })) {
      expect(piece).toMatchObject({ line: 1, value: { n: count } });
      count++;
    }
    expect(count).toBe(20_000);
  });

  it('never fails on bytes of any kind, whatever the size of the reads', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '\n', ' ', '1', 'a') })
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 20 }), async (content, pieceBytes) => {
        const whole = await split(content);
        expect(await split(content, { pieceBytes })).toEqual(whole);
        // Blanks alone have no line of their own.
        expect(whole.every(({ line, problem }) => line >= 1 || problem === 'empty')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('finds every value of a stream in every layout', async () => {
    const values = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 }), {
      minLength: 1,
      maxLength: 6,
    });
    const layouts = fc.constantFrom<(all: unknown[]) => string>(
      (all) => all.map((one) => JSON.stringify(one)).join('\n'),
      (all) => all.map((one) => JSON.stringify(one)).join(''),
      (all) => all.map((one) => JSON.stringify(one, null, 2)).join('\r\n'),
      (all) => JSON.stringify(all),
      (all) => JSON.stringify(all, null, 4),
      (all) => all.map((one) => `2026-11-22T00:00:00Z [info] {main} body=${JSON.stringify(one)} done`).join('\n'),
    );
    await fc.assert(
      fc.asyncProperty(values, layouts, fc.integer({ min: 1, max: 50 }), async (all, layout, pieceBytes) => {
        const plain = JSON.parse(JSON.stringify(all)) as unknown[];
        const found = await split(layout(plain), { pieceBytes });
        expect(found.map(({ value }) => value)).toEqual(plain);
        expect(found.filter(({ problem }) => problem !== undefined)).toEqual([]);
      }),
    );
  });
});
