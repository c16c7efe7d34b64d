import { availableParallelism } from 'node:os';
import { JsonSplitter, type JsonPiece } from '../json-splitter.js';
import type { OpenFile } from '../notification-input.js';
import type { RecordPlace } from '../read-item.js';
import type { LinePart } from '../read-lines.js';
import { decodeUtf8, type TextPiece, Utf8Decoder } from '../utf8-decoder.js';
import { CallRows } from './call-rows.js';
import { CallScanner } from './call-scanner.js';
import type { FoundPart } from './found-part.js';
import { scanParts } from './parallel-scan.js';
import type { ScannedLineCounts } from './scan-chunk.js';

/** What {@link LineScanner} needs to know of its input. */
export interface ScanLinesOptions {
  /** Name of the input. */
  readonly file: string;
  /** A longer value is reported and left out. */
  readonly maxValueChars: number;
  /** Makes records of what the full parser found, and reports its problems. */
  readonly take: (pieces: readonly JsonPiece[], found: FoundPart[]) => void;
  /** Told of each line, or part of a long one, that holds bytes which are no UTF-8. */
  readonly onGarbled: (line: number) => void;
}

const LINE_FEED = 0x0a;
/** Files from this size on are worth the start of threads. */
const PARALLEL_FROM_BYTES = 24 * 1024 * 1024;
/** Beside the thread that counts, which scans too. */
const MOST_WORKERS = 3;
/** What the calls of fewer bytes say of those of a whole file is left aside. */
const SAMPLE_BYTES = 64 * 1024;
/** Read at once: a line that is cut is scanned twice. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Reads lines of UTF-8: those that the scanner understands as {@link CallRows}, all others by the full parser, in the order in which they stand. A
 * line that lies inside a value of several lines is the full parser's, whatever it looks like.
 */
export class LineScanner {
  readonly #scanner = new CallScanner();
  readonly #splitter: JsonSplitter;
  readonly #options: ScanLinesOptions;
  /** One byte is left for a line end that the last line lacks. */
  readonly #capacity = this.#scanner.input.length - 1;
  #have = 0;
  /** A byte-order mark may still come. */
  #atStart = true;
  /** Size of a large file, until it is said with its first calls how many there may be. */
  #sizeBytes: number | undefined;
  /** Set within a line that is longer than the scanner's memory. */
  #longLine: Utf8Decoder | undefined;

  constructor(options: ScanLinesOptions) {
    this.#options = options;
    this.#splitter = new JsonSplitter(options.maxValueChars);
  }

  /** Reads a stream to its end. What each batch holds stands until the next one is asked for. */
  async *readStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly FoundPart[]> {
    for await (const chunk of bytes) {
      for (let from = 0; from < chunk.length;) {
        const taken = Math.min(this.#capacity - this.#have, chunk.length - from);
        this.#scanner.input.set(chunk.subarray(from, from + taken), this.#have);
        yield* this.#take(taken);
        from += taken;
      }
    }
    yield* this.#end();
  }

  /**
   * Reads a file to its end, its bytes straight into the scanner's memory; a large one in several threads. Batches stand as those of
   * {@link readStream}.
   */
  async *readFile(file: OpenFile): AsyncGenerator<readonly FoundPart[]> {
    let position = 0;
    if (file.sizeBytes >= PARALLEL_FROM_BYTES && !(await beginsWithMark(file))) {
      this.#atStart = false;
      this.#sizeBytes = file.sizeBytes;
      for await (const part of scanParts(file, Math.min(MOST_WORKERS, availableParallelism() - 1))) {
        const found = this.#readLines(part.scanner, part);
        if (found.length > 0) yield found;
        position = part.next;
        part.free();
      }
    }
    for (;;) {
      const room = Math.min(this.#have + PIECE_BYTES, this.#capacity);
      const count = await file.read(this.#scanner.input.subarray(this.#have, room), position);
      if (count === 0) break;
      yield* this.#take(count);
      position += count;
    }
    yield* this.#end();
  }

  /** Reads so many more bytes, which stand behind those that are left. */
  *#take(count: number): Generator<readonly FoundPart[]> {
    this.#have += count;
    if (this.#atStart && this.#have >= 3) this.#dropMark();
    yield* this.#readWhole(this.#have);
    if (this.#have === this.#capacity) yield* this.#flushLong();
  }

  #dropMark(): void {
    this.#atStart = false;
    const { input } = this.#scanner;
    if (input[0] !== 0xef || input[1] !== 0xbb || input[2] !== 0xbf) return;
    input.copyWithin(0, 3, this.#have);
    this.#have -= 3;
  }

  /** Reads what is left. */
  *#end(): Generator<readonly FoundPart[]> {
    if (this.#have > 0 || this.#longLine !== undefined) {
      this.#scanner.input[this.#have] = LINE_FEED;
      this.#have += 1;
      yield* this.#readWhole(this.#have);
    }
    const pieces: JsonPiece[] = [];
    this.#splitter.end(pieces);
    yield* this.#taken(pieces);
  }

  *#readWhole(end: number): Generator<readonly FoundPart[]> {
    let at = 0;
    if (this.#longLine !== undefined) {
      const feed = this.#scanner.input.indexOf(LINE_FEED);
      if (feed < 0 || feed >= end) return;
      yield* this.#parse({ ...this.#decodeLong(feed), first: false, last: true });
      this.#longLine = undefined;
      at = feed + 1;
    }
    for (;;) {
      const scanned = this.#scanner.scan(at, end);
      if (scanned.count === 0) break;
      const found = this.#readLines(this.#scanner, scanned);
      if (found.length > 0) yield found;
      at = scanned.next;
    }
    this.#scanner.input.copyWithin(0, at, end);
    this.#have = end - at;
  }

  #readLines(scanner: CallScanner, { count, odd }: Pick<ScannedLineCounts, 'count' | 'odd'>): readonly FoundPart[] {
    if (count > 0 && odd === 0 && this.#splitter.isBetweenValues) return [this.#rowsOf(scanner, 0, count)];
    const found: FoundPart[] = [];
    const pieces: JsonPiece[] = [];
    for (let index = 0; index < count;) {
      const firstLine = index;
      if (this.#splitter.isBetweenValues) while (index < count && scanner.isUnderstood(index)) index++;
      if (index > firstLine) {
        found.push(this.#rowsOf(scanner, firstLine, index - firstLine));
        continue;
      }
      const { start, end } = scanner.line(index++);
      const piece = joined(decodeUtf8(scanner.input.subarray(start, end - 1)));
      this.#push({ ...piece, first: true, last: true }, pieces);
      if (pieces.length > 0) this.#options.take(pieces.splice(0), found);
    }
    return found;
  }

  #rowsOf(scanner: CallScanner, firstLine: number, lineCount: number): CallRows {
    const { file } = this.#options;
    // A row is asked for its line long after others have been read.
    const lineNumber = this.#splitter.passLines(lineCount);
    const placeOf = (line: number): RecordPlace => ({ file, line: lineNumber + line - firstLine });
    const timesAsMany = this.#timesAsMany(scanner, firstLine, firstLine + lineCount - 1);
    return CallRows.ofLines({ scanner, placeOf, firstLine, lineCount, timesAsMany });
  }

  #timesAsMany(scanner: CallScanner, firstLine: number, lastLine: number): number | undefined {
    const sizeBytes = this.#sizeBytes;
    if (sizeBytes === undefined) return undefined;
    const sample = scanner.line(lastLine).end - scanner.line(firstLine).start;
    if (sample < SAMPLE_BYTES) return undefined;
    this.#sizeBytes = undefined;
    return sizeBytes / sample;
  }

  /** Hands a line that fills the memory on in parts. */
  *#flushLong(): Generator<readonly FoundPart[]> {
    const first = this.#longLine === undefined;
    this.#longLine ??= new Utf8Decoder();
    const piece = joined(this.#longLine.decode(this.#scanner.input.subarray(0, this.#have)));
    this.#have = 0;
    yield* this.#parse({ ...piece, first, last: false });
  }

  #decodeLong(end: number): TextPiece {
    const decoder = this.#longLine ?? new Utf8Decoder();
    return joined([...decoder.decode(this.#scanner.input.subarray(0, end)), ...decoder.end()]);
  }

  #push(part: LinePart, pieces: JsonPiece[]): void {
    if (part.garbled === true) this.#options.onGarbled(this.#splitter.line);
    this.#splitter.push(part, pieces);
  }

  *#parse(part: LinePart): Generator<readonly FoundPart[]> {
    const pieces: JsonPiece[] = [];
    this.#push(part, pieces);
    yield* this.#taken(pieces);
  }

  *#taken(pieces: readonly JsonPiece[]): Generator<readonly FoundPart[]> {
    const found: FoundPart[] = [];
    if (pieces.length > 0) this.#options.take(pieces, found);
    if (found.length > 0) yield found;
  }
}

/** The pieces of one line as one. */
function joined(pieces: readonly TextPiece[]): TextPiece {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const text = pieces.map((piece) => piece.text).join('');
  return pieces.some(({ garbled }) => garbled === true) ? { text, garbled: true } : { text };
}

async function beginsWithMark(file: OpenFile): Promise<boolean> {
  const head = new Uint8Array(3);
  await file.read(head, 0);
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}
