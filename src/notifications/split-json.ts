import { Batched } from '../domain/batched.js';
import { JsonSplitter, type JsonPiece } from './json-splitter.js';
import { readLines } from './read-lines.js';

/** Bounds of {@link splitJson}. */
export interface SplitJsonOptions {
  /** A longer value is reported and left out; 64 Mi characters unless told otherwise. */
  readonly maxValueChars?: number | undefined;
}

/** Bound of a value unless told otherwise, in characters. */
export const MAX_VALUE_CHARS = 64 * 1024 * 1024;

/**
 * Finds the JSON values in a stream of bytes, with the line (from 1) on which each starts: one pretty-printed body, NDJSON,
 * concatenated bodies, log lines with a body after a prefix, `.http` files. Of an array of objects the elements come one by one. A
 * damaged, truncated or oversized value gives one problem with its first line, and reading goes on behind it. A batch is what one
 * piece of `bytes` completes; memory is bounded by that and one value.
 * @param options `onGarbled` is told of each line, or part of a long one, that holds bytes which are no UTF-8.
 */
export function splitJson(
  bytes: AsyncIterable<Uint8Array>,
  options: SplitJsonOptions & { readonly onGarbled?: ((line: number) => void) | undefined } = {},
): Batched<JsonPiece> {
  return new Batched(split(bytes, options.maxValueChars ?? MAX_VALUE_CHARS, options.onGarbled));
}

async function* split(
  bytes: AsyncIterable<Uint8Array>,
  maxValueChars: number,
  onGarbled: ((line: number) => void) | undefined,
): AsyncGenerator<JsonPiece[]> {
  const splitter = new JsonSplitter(maxValueChars);
  for await (const parts of readLines(bytes)) {
    const found: JsonPiece[] = [];
    for (const part of parts) {
      if (part.garbled === true) onGarbled?.(splitter.line);
      splitter.push(part, found);
    }
    if (found.length > 0) yield found;
  }
  const last: JsonPiece[] = [];
  splitter.end(last);
  if (last.length > 0) yield last;
}
