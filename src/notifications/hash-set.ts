import { KNOWN_BINARY } from './quick/known-binary.js';

/** Pages of 64 KiB to begin with; the layout is in `wasm/known-hashes.ts`. */
const PAGES = 8;
/** 256 MiB: thirty million hashes. */
const MAX_PAGES = 4096;
/** As many as it ever holds. */
const MOST = 30_000_000;

interface Exports {
  readonly HASHES: WebAssembly.Global;
  readonly MAX_HASHES: WebAssembly.Global;
  readonly RESULTS: WebAssembly.Global;
  addAll(count: number): number;
  expect(more: number): void;
}

let compiled: WebAssembly.Module | undefined;

/**
 * A set of 64-bit hashes that takes 9 to 14 bytes each, so that ten million fit beside the rest of a small process. Two hashes are taken for one about
 * once in 400,000 sets of ten million. It grows where it stands, so there is never a second copy of all.
 */
export class HashSet {
  readonly #memory = new WebAssembly.Memory({ initial: PAGES, maximum: MAX_PAGES });
  readonly #exports: Exports;
  /** Made anew when the memory has grown. */
  #pairs: Int32Array;
  #results: Uint8Array;

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(KNOWN_BINARY, 'base64'));
    this.#exports = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } }).exports as unknown as Exports;
    this.#pairs = this.#pairsNow();
    this.#results = this.#resultsNow();
  }

  /** How many hashes {@link addAll} takes. */
  get mostAtOnce(): number {
    return this.#exports.MAX_HASHES.value;
  }

  /** Where hashes for {@link addAll} are put: the lower half first, then the higher. Good until they are added. */
  get pairs(): Int32Array {
    return this.#pairs;
  }

  /**
   * Remembers the first `count` of {@link pairs}.
   * @returns 1 for each that is new; good until the next call.
   * @throws {RangeError} when the set is full.
   */
  addAll(count: number): Uint8Array {
    this.#addFirst(count);
    return this.#results.subarray(0, count);
  }

  /** @returns true when the hash is new; it is remembered. @throws {RangeError} when the set is full. */
  add(high: number, low: number): boolean {
    this.#pairs[0] = low;
    this.#pairs[1] = high;
    this.#addFirst(1);
    return this.#results[0] === 1;
  }

  /** Makes room for about so many more hashes at once: growing step by step moves all each time. A guess will do. */
  expect(more: number): void {
    this.#exports.expect(Math.min(more, MOST));
    this.#renew();
  }

  #addFirst(count: number): void {
    if (this.#exports.addAll(count) === 0) throw new RangeError('more different records than can be kept in mind');
    this.#renew();
  }

  /** Memory that has grown is another object. */
  #renew(): void {
    if (this.#pairs.length > 0) return;
    this.#pairs = this.#pairsNow();
    this.#results = this.#resultsNow();
  }

  #pairsNow(): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#exports.HASHES.value, this.mostAtOnce * 2);
  }

  #resultsNow(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#exports.RESULTS.value, this.mostAtOnce);
  }
}
