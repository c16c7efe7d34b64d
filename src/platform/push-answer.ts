import type { AnswerHead } from '../http/answer-head.js';
import { BodyReader } from '../http/body-reader.js';
import { HeadReader } from '../http/head-reader.js';

/** An answer to a push, whole. */
export interface PushAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB of it; the rest was read and let go. */
  readonly body: Buffer;
  /** Whether the connection may carry the next push. */
  readonly isKept: boolean;
}

const MOST_BODY_BYTES = 64 * 1024;

/** Reads one answer to a POST from the pieces in which it arrives. */
export class AnswerParser {
  readonly #headReader = new HeadReader('POST');
  #head: AnswerHead | undefined;
  #reader: BodyReader | undefined;
  #parts: Buffer[] = [];
  #keptBytes = 0;

  /**
   * @returns the answer once it is whole. Bytes behind it make its connection one that is not kept.
   * @throws BadAnswer.
   */
  feed(piece: Buffer): PushAnswer | undefined {
    let body = piece;
    if (this.#reader === undefined) {
      const found = this.#headReader.take(piece);
      if (found === undefined) return undefined;
      this.#head = found.head;
      this.#reader = new BodyReader(found.head.length);
      body = found.rest;
    }
    for (const part of this.#reader.take(body)) this.#keep(part);
    return this.#reader.isWhole ? this.#answer() : undefined;
  }

  /** The connection has ended. @returns the answer, where its end is that of the connection. */
  end(): PushAnswer | undefined {
    return this.#head?.length.kind === 'until-close' ? this.#answer() : undefined;
  }

  #keep(bytes: Buffer): void {
    const room = MOST_BODY_BYTES - this.#keptBytes;
    if (room <= 0 || bytes.length === 0) return;
    // A copy: the piece is part of a buffer of 64 KB that would be held with it.
    const part = Buffer.from(bytes.subarray(0, room));
    this.#parts.push(part);
    this.#keptBytes += part.length;
  }

  #answer(): PushAnswer {
    const { status = 0, headers = {}, keepsOpen = false } = this.#head ?? {};
    const [only] = this.#parts;
    const body = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    return { status, headers, body, isKept: keepsOpen && this.#reader?.isOverrun === false };
  }
}
