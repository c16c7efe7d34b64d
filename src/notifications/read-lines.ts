import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { utf16Of } from '../domain/text-encoding.js';

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
 * Cuts bytes into lines, all of a piece of bytes at once: UTF-8, or UTF-16 with or without its byte-order mark; the mark is left out. Bytes that
 * are no text become U+FFFD. `\r` stays in the text.
 */
export function readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<LinePart[]> {
  return cutLines(decode(bytes));
}

/** Cuts text into lines, all of a piece of text at once. `\r` stays in it. */
export async function* cutLines(texts: AsyncIterable<string>): AsyncGenerator<LinePart[]> {
  let carried = '';
  let first = true;
  for await (const text of texts) {
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
  let decoder: StreamDecoder | undefined;
  let head = new Uint8Array();
  for await (const chunk of bytes) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk);
      continue;
    }
    // The mark may be cut in two by the first read.
    head = Buffer.concat([head, chunk]);
    if (head.length < 2) continue;
    decoder = new StreamDecoder(utf16Of(head) ?? 'utf-8');
    yield decoder.decode(head);
  }
  if (decoder === undefined) yield new TextDecoder().decode(head);
  else yield decoder.end();
}

/** Decodes a stream of bytes, its mark left out. Pieces of plain ASCII, the usual case, take a tenth of the time. */
class StreamDecoder {
  readonly #decoder: TextDecoder;
  readonly #mayBeAscii: boolean;
  /** The last bytes may be the start of a character. */
  #open = false;
  #atStart = true;

  constructor(encoding: string) {
    // Left to the decoder, a mark in the middle would be lost when all before it was ASCII.
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#mayBeAscii = encoding === 'utf-8';
  }

  decode(chunk: Uint8Array): string {
    if (this.#mayBeAscii && !this.#open && isAscii(chunk)) {
      this.#atStart &&= chunk.length === 0;
      return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    }
    this.#open = (chunk.at(-1) ?? 0x80) >= 0x80;
    return this.#withoutMark(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): string {
    return this.#withoutMark(this.#decoder.decode());
  }

  #withoutMark(text: string): string {
    if (!this.#atStart || text === '') return text;
    this.#atStart = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }
}

/** Whether bytes begin as JSON in UTF-16 does. */
export function isUtf16(head: Uint8Array): boolean {
  return utf16Of(head) !== undefined;
}
