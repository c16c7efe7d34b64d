import { JsonSplitter, type JsonPiece } from './json-splitter.js';
import { readLines } from './read-lines.js';

/** Bounds of {@link splitJson}. */
export interface SplitJsonOptions {
  /** A longer value is reported and left out; 64 Mi characters unless told otherwise. */
  readonly maxValueChars?: number | undefined;
}

const MAX_VALUE_CHARS = 64 * 1024 * 1024;

/**
 * Finds the JSON values in a stream of bytes, with the line (from 1) on which each starts: one pretty-printed body, NDJSON,
 * concatenated bodies, log lines with a body after a prefix, `.http` files. Of an array of objects the elements come one by one. A
 * damaged, truncated or oversized value gives one problem with its first line, and reading goes on behind it. Memory is bounded by
 * one value.
 */
export async function* splitJson(
  bytes: AsyncIterable<Uint8Array>,
  options: SplitJsonOptions = {},
): AsyncGenerator<JsonPiece> {
  const splitter = new JsonSplitter(options.maxValueChars ?? MAX_VALUE_CHARS);
  // Plain loops: delegating with yield* costs several turns of the event loop's queue a line.
  for await (const parts of readLines(bytes)) {
    for (const part of parts) for (const piece of splitter.push(part)) yield piece;
  }
  for (const piece of splitter.end()) yield piece;
}
