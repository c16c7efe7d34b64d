import { TextDecoder } from 'node:util';
import { utf16Of } from '../domain/text-encoding.js';
import { type TextPiece, Utf8Decoder } from './utf8-decoder.js';

/** A line of text, or a part of a long one. */
export interface LinePart {
  readonly text: string;
  /** It starts where a line starts. */
  readonly first: boolean;
  /** The line ends behind it, by a line end or because the bytes do; the text is without it. */
  readonly last: boolean;
  /** Bytes of it are no UTF-8: they are U+FFFD in the text. */
  readonly garbled?: true;
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
export async function* cutLines(pieces: AsyncIterable<TextPiece>): AsyncGenerator<LinePart[]> {
  let carried = '';
  let first = true;
  let garbled = false;
  for await (const piece of pieces) {
    const { text } = piece;
    const parts: LinePart[] = [];
    let from = 0;
    garbled ||= piece.garbled === true;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      parts.push(partOf({ text: carried + text.slice(from, end), first, last: true }, garbled));
      carried = '';
      first = true;
      garbled = false;
      from = end + 1;
    }
    carried += text.slice(from);
    if (carried.length >= MAX_PART_CHARS) {
      parts.push(partOf({ text: carried, first, last: false }, garbled));
      carried = '';
      first = false;
    }
    yield parts;
  }
  if (carried !== '' || !first) yield [partOf({ text: carried, first, last: true }, garbled)];
}

function partOf(part: LinePart, garbled: boolean): LinePart {
  return garbled ? { ...part, garbled } : part;
}

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextPiece> {
  let decoder: Utf8Decoder | Utf16Decoder | undefined;
  let head = new Uint8Array();
  let atStart = true;
  const withoutMark = function* (pieces: Iterable<TextPiece>): Generator<TextPiece> {
    for (const piece of pieces) {
      const hasMark = atStart && piece.text.startsWith('\uFEFF');
      atStart &&= piece.text === '';
      yield hasMark ? { ...piece, text: piece.text.slice(1) } : piece;
    }
  };
  for await (const chunk of bytes) {
    if (decoder !== undefined) {
      yield* withoutMark(decoder.decode(chunk));
      continue;
    }
    // The mark may be cut in two by the first read.
    head = Buffer.concat([head, chunk]);
    if (head.length < 2) continue;
    const wide = utf16Of(head);
    decoder = wide === undefined ? new Utf8Decoder() : new Utf16Decoder(wide);
    yield* withoutMark(decoder.decode(head));
  }
  if (decoder === undefined) {
    decoder = new Utf8Decoder();
    yield* withoutMark(decoder.decode(head));
  }
  yield* withoutMark(decoder.end());
}

class Utf16Decoder {
  readonly #decoder: TextDecoder;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  decode(chunk: Uint8Array): readonly TextPiece[] {
    return [{ text: this.#decoder.decode(chunk, { stream: true }) }];
  }

  end(): readonly TextPiece[] {
    return [{ text: this.#decoder.decode() }];
  }
}

/** Whether bytes begin as JSON in UTF-16 does. */
export function isUtf16(head: Uint8Array): boolean {
  return utf16Of(head) !== undefined;
}
