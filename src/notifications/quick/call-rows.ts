import type { CallScanner } from './call-scanner.js';
import { ScannedCall } from './scanned-call.js';

/** Lines of a scan that hold calls, one behind the other. */
export interface ScannedLines {
  readonly scanner: CallScanner;
  /** Name of the input. */
  readonly file: string;
  /** The first of them as the scanner counts, from 0, and how many they are. */
  readonly firstLine: number;
  readonly lineCount: number;
  /** Number of the first line in its file, from 1. */
  readonly lineNumber: number;
}

/**
 * Calls as the scanner left them, row by row, so that much can be found out about many without an object for each. They stand only until the next
 * batch of their reader is asked for.
 */
export class CallRows {
  /** Numbers of the rows in `words`; see `call-columns.ts` for what they hold. */
  readonly words: Int32Array;
  readonly #lines: ScannedLines;
  /** First word of each row, in the order of the input. */
  readonly #places: Int32Array;

  /** @param places first word of each row. */
  constructor(lines: ScannedLines, places: Int32Array) {
    this.#lines = lines;
    this.#places = places;
    this.words = lines.scanner.words;
  }

  /** The rows of some of a scanner's lines, numbered from its first row. */
  static of(lines: ScannedLines, firstRow: number, count: number): CallRows {
    const { rows, rowWords } = lines.scanner;
    const places = new Int32Array(count);
    for (let index = 0, at = rows + firstRow * rowWords; index < count; index++, at += rowWords) places[index] = at;
    return new CallRows(lines, places);
  }

  get count(): number {
    return this.#places.length;
  }

  /** First word of each row in `words`, in the order of the input. */
  get places(): Int32Array {
    return this.#places;
  }

  /** What the places of texts in `words` point into. */
  get bytes(): Buffer {
    return this.#lines.scanner.bytes;
  }

  /** Only the rows that pass. */
  filter(passes: (words: Int32Array, at: number, index: number) => boolean): CallRows {
    const { words } = this;
    const places = this.#places;
    const left = new Int32Array(places.length);
    let count = 0;
    for (let index = 0; index < places.length; index++) {
      const at = places[index] ?? 0;
      if (passes(words, at, index)) left[count++] = at;
    }
    return count === places.length ? this : new CallRows(this.#lines, left.subarray(0, count));
  }

  /** The first rows only. */
  first(count: number): CallRows {
    return count >= this.count ? this : new CallRows(this.#lines, this.#places.subarray(0, count));
  }

  /** The calls one by one; each is made when it is asked for. */
  *calls(): Generator<ScannedCall> {
    for (const at of this.#places) yield this.callAt(at);
  }

  /** The call of the row whose first word is at `at`. */
  callAt(at: number): ScannedCall {
    const { scanner, file } = this.#lines;
    return new ScannedCall(scanner, at, { file, line: this.#lineOf(at) });
  }

  #lineOf(at: number): number {
    const { scanner, firstLine, lineCount, lineNumber } = this.#lines;
    const row = (at - scanner.rows) / scanner.rowWords;
    let low = firstLine;
    let high = firstLine + lineCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (scanner.line(middle).firstRow <= row) low = middle;
      else high = middle - 1;
    }
    return lineNumber + low - firstLine;
  }
}
