import type { RecordPlace } from '../read-item.js';
import { FACT_WORDS } from './call-columns.js';
import type { CallScanner } from './call-scanner.js';
import { ScannedCall } from './scanned-call.js';

/** Lines of a scan that hold calls, one behind the other. */
export interface ScannedLines {
  readonly scanner: CallScanner;
  /** Where the line stands that has this number as the scanner counts. */
  readonly placeOf: (line: number) => RecordPlace;
  /** The first of them as the scanner counts, from 0, and how many they are. */
  readonly firstLine: number;
  readonly lineCount: number;
  /** Their rows as the scanner counts, from 0. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** Of the first lines of a large file: how many times as many bytes all of it has. */
  readonly timesAsMany?: number | undefined;
}

/** What is counted of rows that stand one behind the other, see `call-columns.ts`. */
export interface RowFacts {
  /** Number of the first of them, see {@link CallRows.callOf}. */
  readonly from: number;
  /** {@link FACT_WORDS} words a row. */
  readonly facts: Int32Array;
  readonly texts: Int32Array;
  /** 1 for each row that counts; `undefined` when all do. */
  readonly marks: Uint8Array | undefined;
}

/** Says whether a row is wanted: its first word, and the first word of its facts. */
export type RowTest = (words: Int32Array, at: number, facts: number) => boolean;

/**
 * Calls as the scanner left them, row by row, so that much can be found out about many without an object for each. They stand only until the next
 * batch of their reader is asked for.
 */
export class CallRows {
  /** Numbers of the rows; see `call-columns.ts` for what they hold. */
  readonly words: Int32Array;
  readonly count: number;
  readonly #lines: ScannedLines;
  /** Of each row of the lines 1 if it is one of these; `undefined` when all are. */
  readonly #marks: Uint8Array | undefined;

  /** @param marks of each row of the lines 1 if it is wanted; all are without it. */
  constructor(lines: ScannedLines, marks?: Uint8Array) {
    this.words = lines.scanner.words;
    this.#lines = lines;
    this.#marks = marks;
    this.count = marks === undefined ? lines.rowCount : countOf(marks);
  }

  /** All rows of lines that the scanner has understood. */
  static ofLines(lines: Omit<ScannedLines, 'firstRow' | 'rowCount'>): CallRows {
    const { scanner, firstLine, lineCount } = lines;
    const { firstRow } = scanner.line(firstLine);
    const last = scanner.line(firstLine + lineCount - 1);
    return new CallRows({ ...lines, firstRow, rowCount: last.firstRow + last.rowCount - firstRow });
  }

  /** What the places of texts in `words` point into. */
  get bytes(): Buffer {
    return this.#lines.scanner.bytes;
  }

  /** First word of each row in `words`, in the order of the input. */
  *places(): Generator<number> {
    const { scanner, firstRow, rowCount } = this.#lines;
    for (let row = 0; row < rowCount; row++) {
      if (this.#marks?.[row] !== 0) yield scanner.rows + (firstRow + row) * scanner.rowWords;
    }
  }

  /** With the first calls of a large file: about how many such calls there may be in all of it. */
  get expected(): number | undefined {
    const { timesAsMany } = this.#lines;
    return timesAsMany === undefined ? undefined : Math.ceil(this.count * timesAsMany);
  }

  /** Hashes of the rows, the lower half first, then the higher; 0 for a call that nothing tells from others. */
  hashes(): Int32Array {
    const { scanner, firstRow, rowCount } = this.#lines;
    const all = scanner.words.subarray(scanner.hashes + firstRow * 2, scanner.hashes + (firstRow + rowCount) * 2);
    const marks = this.#marks;
    if (marks === undefined) return all;
    const some = new Int32Array(this.count * 2);
    for (let row = 0, to = 0; row < rowCount; row++) {
      if (marks[row] === 0) continue;
      some[to++] = all[row * 2] ?? 0;
      some[to++] = all[row * 2 + 1] ?? 0;
    }
    return some;
  }

  /** What is counted of the rows, at most so many at once. */
  *facts(most: number): Generator<RowFacts> {
    const { scanner, firstRow, rowCount } = this.#lines;
    for (let from = 0; from < rowCount; from += most) {
      const to = Math.min(rowCount, from + most);
      const part = (start: number): Int32Array =>
        scanner.words.subarray(start + (firstRow + from) * FACT_WORDS, start + (firstRow + to) * FACT_WORDS);
      yield { from, facts: part(scanner.facts), texts: part(scanner.texts), marks: this.#marks?.subarray(from, to) };
    }
  }

  /** Only the rows that pass. */
  filter(passes: RowTest): CallRows {
    const { scanner, firstRow, rowCount } = this.#lines;
    const marks = this.#marks?.slice() ?? new Uint8Array(rowCount).fill(1);
    let at = scanner.rows + firstRow * scanner.rowWords;
    let facts = scanner.facts + firstRow * FACT_WORDS;
    for (let row = 0; row < rowCount; row++) {
      if (marks[row] === 1 && !passes(scanner.words, at, facts)) marks[row] = 0;
      at += scanner.rowWords;
      facts += FACT_WORDS;
    }
    return new CallRows(this.#lines, marks);
  }

  /** Only those for which there is no 0, counted without the rows that are left out already. */
  only(wanted: Uint8Array): CallRows {
    const marks = this.#marks?.slice() ?? new Uint8Array(this.#lines.rowCount).fill(1);
    for (let row = 0, index = 0; row < marks.length; row++) if (marks[row] === 1) marks[row] = wanted[index++] ?? 0;
    return new CallRows(this.#lines, marks);
  }

  /** The first rows only. */
  first(count: number): CallRows {
    return count >= this.count ? this : this.only(new Uint8Array(this.count).fill(1, 0, Math.max(0, count)));
  }

  /** The calls one by one; each is made when it is asked for. */
  *calls(): Generator<ScannedCall> {
    for (const at of this.places()) yield this.callAt(at);
  }

  /** The call of the row whose first word is at `at`. */
  callAt(at: number): ScannedCall {
    const { scanner } = this.#lines;
    return new ScannedCall(scanner, (at - scanner.rows) / scanner.rowWords, this);
  }

  /** The call with this number among all rows of the lines, those left out too. */
  callOf(row: number): ScannedCall {
    const { scanner, firstRow } = this.#lines;
    return this.callAt(scanner.rows + (firstRow + row) * scanner.rowWords);
  }

  /** Where the record of a row stands. @param row its number as the scanner counts. */
  placeOf(row: number): RecordPlace {
    const { scanner, firstLine, lineCount, placeOf } = this.#lines;
    let low = firstLine;
    let high = firstLine + lineCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (scanner.line(middle).firstRow <= row) low = middle;
      else high = middle - 1;
    }
    return placeOf(low);
  }
}

function countOf(marks: Uint8Array): number {
  let count = 0;
  for (const mark of marks) count += mark;
  return count;
}
