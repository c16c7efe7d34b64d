import { BadAnswer } from './answer-head.js';

/** Longest line of a chunk's size with its extensions, and of all trailers together. */
const LONGEST_LINE = 4096;
const SIZE = /^([0-9a-f]{1,12})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i;

/** Takes the chunks of a body apart (RFC 9112, 7.1), strictly. Trailers are skipped. */
export class ChunkedBody {
  #state: 'size' | 'data' | 'data-end' | 'trailers' | 'done' = 'size';
  /** Bytes left of the chunk. */
  #left = 0;
  #line = '';
  #trailerBytes = 0;
  #isOverrun = false;

  /** Whether something came behind its end. */
  get isOverrun(): boolean {
    return this.#isOverrun;
  }

  get done(): boolean {
    return this.#state === 'done';
  }

  /**
   * @param bytes as they came.
   * @returns the parts of them that are body, as views.
   * @throws BadAnswer.
   */
  take(bytes: Buffer): Buffer[] {
    const parts: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'done') {
        this.#isOverrun = true;
        break;
      }
      if (this.#state === 'data') {
        const part = bytes.subarray(at, at + this.#left);
        parts.push(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#state = 'data-end';
        continue;
      }
      const end = bytes.indexOf(10, at);
      const upTo = end === -1 ? bytes.length : end + 1;
      this.#line += bytes.toString('latin1', at, upTo);
      at = upTo;
      if (this.#line.length > LONGEST_LINE) throw bad();
      if (end !== -1) this.#endLine();
    }
    return parts;
  }

  #endLine(): void {
    if (!this.#line.endsWith('\r\n')) throw bad();
    const line = this.#line.slice(0, -2);
    this.#line = '';
    if (this.#state === 'data-end') {
      if (line !== '') throw bad();
      this.#state = 'size';
    } else if (this.#state === 'trailers') {
      this.#trailerBytes += line.length;
      if (this.#trailerBytes > LONGEST_LINE) throw bad();
      if (line === '') this.#state = 'done';
    } else {
      const size = SIZE.exec(line)?.[1];
      if (size === undefined) throw bad();
      this.#left = Number.parseInt(size, 16);
      this.#state = this.#left === 0 ? 'trailers' : 'data';
    }
  }
}

function bad(): BadAnswer {
  return new BadAnswer('INVALID_CHUNK_SIZE', 'the chunks of the answer cannot be read');
}
