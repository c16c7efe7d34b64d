import type { ReadReason } from '../domain/read-reason.js';
import { JsonSplitter, type JsonPiece } from '../notifications/json-splitter.js';
import { cutLines, isUtf16, readLines } from '../notifications/read-lines.js';
import { MAX_VALUE_CHARS } from '../notifications/split-json.js';
import type { TextPiece } from '../notifications/utf8-decoder.js';
import { streamHead } from '../notifications/stream-head.js';

/** A JSON value and a way to the bytes that it stands in (most are not wanted), or why there is none at that line (from 1). */
export type RawValue =
  | { readonly line: number; readonly value: unknown; readonly bytes: () => Buffer; readonly problem?: undefined }
  | { readonly line: number; readonly problem: ReadReason };

/**
 * Finds the JSON values in a stream as `splitJson` does, each with its own bytes from the first to the last, so that it can be sent
 * as it was kept: blanks, long numbers, repeated fields and bytes that are no UTF-8 included. A stream in UTF-16 gives
 * UTF-8. Memory is bounded by one value.
 */
export async function* rawValues(source: AsyncIterable<Uint8Array>): AsyncGenerator<RawValue> {
  const { head, all } = await streamHead(source, 3);
  const wide = isUtf16(head);
  const lines = wide ? readLines(all) : cutLines(byteTexts(all));
  const splitter = new JsonSplitter(MAX_VALUE_CHARS, undefined, 'with-text');
  for await (const parts of lines) {
    const found: JsonPiece[] = [];
    for (const part of parts) splitter.push(part, found);
    for (const piece of found) yield rawValue(piece, wide);
  }
  const last: JsonPiece[] = [];
  splitter.end(last);
  for (const piece of last) yield rawValue(piece, wide);
}

function rawValue({ line, problem, value, ...piece }: JsonPiece, wide: boolean): RawValue {
  if (problem !== undefined) return { line, problem };
  const text = 'text' in piece ? (piece.text ?? '') : '';
  const bytes = (): Buffer => Buffer.from(text.trim(), wide ? 'utf8' : 'latin1');
  if (wide || !/[^\0-\x7f]/.test(text)) return { line, value, bytes };
  return { line, value: JSON.parse(bytes().toString('utf8')) as unknown, bytes };
}

/** Files come in large pieces; the values of so many bytes of them are held at once. */
const SLICE_BYTES = 64 * 1024;

/** Text with one character a byte: JSON's own characters are the same in it, and the bytes can be had back. */
async function* byteTexts(source: AsyncIterable<Uint8Array>): AsyncGenerator<TextPiece> {
  let atStart = true;
  for await (const chunk of slices(source)) {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    yield { text: withoutMark(text, atStart) };
    atStart = false;
  }
}

async function* slices(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source)
    for (let at = 0; at < chunk.length; at += SLICE_BYTES) yield chunk.subarray(at, at + SLICE_BYTES);
}

function withoutMark(text: string, atStart: boolean): string {
  return atStart && text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(3) : text;
}
