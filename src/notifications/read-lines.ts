import { TextDecoder } from 'node:util';

/** A line of text, or a part of a long one. */
export interface LinePart {
  readonly text: string;
  /** It starts where a line starts. */
  readonly first: boolean;
  /** The line ends behind it, by a line end or because the bytes do; the text is without it. */
  readonly last: boolean;
}

/** Longer lines are handed on in parts. */
const MAX_PART_CHARS = 1024 * 1024;

/**
 * Cuts bytes into lines, all of a piece of bytes at once: UTF-8, or UTF-16 by its byte-order mark; the mark is left out. Bytes that are no text become U+FFFD. `\r` stays in the
 * text.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<LinePart[]> {
  let carried = '';
  let first = true;
  for await (const text of decode(bytes)) {
    const parts: LinePart[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      parts.push({ text: carried + text.slice(from, end), first, last: true });
      carried = '';
      first = true;
      from = end + 1;
    }
    carried += text.slice(from);
    if (carried.length >= MAX_PART_CHARS) {
      parts.push({ text: carried, first, last: false });
      carried = '';
      first = false;
    }
    yield parts;
  }
  if (carried !== '' || !first) yield [{ text: carried, first, last: true }];
}

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let head = new Uint8Array();
  for await (const chunk of bytes) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    // The mark may be cut in two by the first read.
    head = Buffer.concat([head, chunk]);
    if (head.length < 2) continue;
    decoder = new TextDecoder(encodingOf(head));
    yield decoder.decode(head, { stream: true });
  }
  decoder ??= new TextDecoder();
  yield head.length < 2 ? decoder.decode(head) : decoder.decode();
}

function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}
