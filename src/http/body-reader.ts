import type { BodyLength } from './answer-head.js';
import { ChunkedBody } from './chunked-body.js';

/** Takes the body of an answer out of the bytes behind its head. */
export class BodyReader {
  readonly #chunks: ChunkedBody | undefined;
  /** Bytes that are to come. */
  #left: number;
  #isOverrun = false;

  constructor(length: BodyLength) {
    this.#chunks = length.kind === 'chunked' ? new ChunkedBody() : undefined;
    this.#left = length.kind === 'bytes' ? length.bytes : Infinity;
  }

  /** Whether all of it has come; never, where only the end of the connection tells. */
  get isWhole(): boolean {
    return this.#chunks?.done ?? this.#left === 0;
  }

  /** Whether more came than belongs to it: the connection is of no more use. */
  get isOverrun(): boolean {
    return this.#isOverrun || this.#chunks?.isOverrun === true;
  }

  /**
   * @returns the parts of `bytes` that are body, as views.
   * @throws BadAnswer.
   */
  take(bytes: Buffer): Buffer[] {
    if (bytes.length === 0) return [];
    if (this.#chunks !== undefined) return this.#chunks.take(bytes);
    if (bytes.length > this.#left) this.#isOverrun = true;
    const part = this.#isOverrun ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= part.length;
    return [part];
  }
}
