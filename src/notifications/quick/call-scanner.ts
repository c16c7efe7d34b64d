import type { ScannedLineCounts } from './scan-chunk.js';
import { SCANNER_BINARY } from './scanner-binary.js';
import { CDR_FIELD, SCANNED_FIELDS } from './scanned-fields.js';

/** Pages of 64 KiB; the layout is in `wasm/scanner/memory.ts`. */
const PAGES = 336;

interface Exports {
  readonly INPUT: WebAssembly.Global;
  readonly MARGIN: WebAssembly.Global;
  readonly ROWS: WebAssembly.Global;
  readonly ROW_BYTES: WebAssembly.Global;
  readonly HASHES: WebAssembly.Global;
  readonly FACTS: WebAssembly.Global;
  readonly TEXTS: WebAssembly.Global;
  readonly LINES: WebAssembly.Global;
  readonly FIELDS: WebAssembly.Global;
  readonly lineCount: WebAssembly.Global;
  readonly oddCount: WebAssembly.Global;
  readonly high: WebAssembly.Global;
  readonly low: WebAssembly.Global;
  scan(from: number, end: number): number;
  hashObject(at: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** The scanner's code, compiled once. */
export function scannerModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(SCANNER_BINARY, 'base64'));
  return compiled;
}

/**
 * Scans bytes for CDRs in the platform's own compact form, some 1 GB a second. Bytes go into {@link input}; {@link scan} leaves lines and rows, which
 * stand until it is called again.
 */
export class CallScanner {
  /** Where bytes are put for {@link scan}. */
  readonly input: Buffer;
  readonly memory: WebAssembly.Memory;
  /** All of the scanner's memory: what rows point into. */
  readonly bytes: Buffer;
  /** The same in words of 32 bits; see `call-columns.ts` for the columns of a row. */
  readonly words: Int32Array;
  /** First word of the rows, words of a row. */
  readonly rows: number;
  readonly rowWords: number;
  /** First words of what stands for each row beside it: two words of its hash; its facts and the texts calls are grouped by, see {@link RowFacts}. */
  readonly hashes: number;
  readonly facts: number;
  readonly texts: number;
  readonly #exports: Exports;
  readonly #inputStart: number;
  readonly #lines: number;
  readonly #margin: number;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
    this.memory = memory;
    this.#exports = new WebAssembly.Instance(scannerModule(), { env: { memory } }).exports as unknown as Exports;
    this.bytes = Buffer.from(memory.buffer);
    this.words = new Int32Array(memory.buffer);
    const { INPUT, MARGIN, ROWS, ROW_BYTES, HASHES, FACTS, TEXTS, LINES, FIELDS } = this.#exports;
    this.#inputStart = INPUT.value;
    this.#margin = MARGIN.value;
    this.#lines = LINES.value / 4;
    this.rows = ROWS.value / 4;
    this.rowWords = ROW_BYTES.value / 4;
    this.hashes = HASHES.value / 4;
    this.facts = FACTS.value / 4;
    this.texts = TEXTS.value / 4;
    this.input = this.bytes.subarray(this.#inputStart, this.bytes.length - this.#margin);
    this.#nameFields(FIELDS.value);
  }

  #nameFields(at: number): void {
    SCANNED_FIELDS.forEach(({ name, column, cdr }, index) => {
      const field = at + index * 64;
      this.bytes.writeInt32LE(name.length, field);
      this.bytes.writeInt32LE(cdr === true ? column + CDR_FIELD : column, field + 4);
      this.bytes.write(name, field + 8, 'latin1');
    });
  }

  /**
   * Reads the whole lines between two places of {@link input}.
   * @returns how many lines were read, how many of them were not understood, and where the first begins that was not read: it has no end yet, or the lines
   * or rows are full.
   */
  scan(from: number, end: number): ScannedLineCounts {
    const stop = this.#inputStart + end;
    // What an earlier text left behind the end must not be taken for its rest.
    this.bytes.fill(0, stop, stop + this.#margin);
    const next = this.#exports.scan(this.#inputStart + from, stop) - this.#inputStart;
    return { count: this.#exports.lineCount.value, odd: this.#exports.oddCount.value, next };
  }

  /** A line of the last scan: its place in {@link input}, line end included, and its rows; `rowCount` is -1 for a line that was not understood. */
  line(index: number): {
    readonly start: number;
    readonly end: number;
    readonly firstRow: number;
    readonly rowCount: number;
  } {
    const at = this.#lines + index * 4;
    const { words } = this;
    return {
      start: (words[at] ?? 0) - this.#inputStart,
      end: (words[at + 1] ?? 0) - this.#inputStart,
      firstRow: words[at + 2] ?? 0,
      rowCount: words[at + 3] ?? 0,
    };
  }

  /** Whether there are rows for a line of the last scan. */
  isUnderstood(index: number): boolean {
    return (this.words[this.#lines + index * 4 + 3] ?? -1) > 0;
  }

  /**
   * The hash that rows have, for an object read by the full parser.
   * @param text JSON without blanks between tokens, as `JSON.stringify` writes it. Overwrites {@link input}.
   * @returns `undefined` when it is too long.
   */
  hash(text: string): { readonly high: number; readonly low: number } | undefined {
    // UTF-8 takes at most three bytes for a unit of a string.
    if (text.length * 3 > this.input.length) return undefined;
    this.input.write(text, 'utf8');
    this.#exports.hashObject(this.#inputStart);
    return { high: this.#exports.high.value, low: this.#exports.low.value };
  }
}
