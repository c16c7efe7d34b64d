/** An answer to a push, whole. */
export interface PushAnswerHead {
  readonly status: number;
  /** Names in lower case; of a repeated one the first counts. */
  readonly headers: ReadonlyMap<string, string>;
  /** At most {@link MOST_BODY_BYTES} of it. */
  readonly body: Buffer;
  /** Whether the connection may carry the next push. */
  readonly isKept: boolean;
}

/** So much of an answer's body is kept; the rest is read and let go. */
const MOST_BODY_BYTES = 64 * 1024;
const MOST_HEAD_BYTES = 64 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);

/** Thrown for bytes that are no HTTP/1.1. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly code = 'HPE_INVALID_ANSWER';
}

type Stage = 'head' | 'length' | 'chunk-head' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close' | 'done';

/** Reads one answer to a POST from the pieces in which it arrives. Interim answers (1xx) are passed over. */
export class AnswerParser {
  #stage: Stage = 'head';
  /** Bytes of a head, a chunk's first line or a trailer that is not whole. */
  #held: Buffer = NOTHING;
  /** Bytes of the body, or of the chunk, that are to come. */
  #left = 0;
  #status = 0;
  #headers = new Map<string, string>();
  #isKept = false;
  #parts: Buffer[] = [];
  #keptBytes = 0;

  /**
   * @returns the answer once it is whole. Bytes behind it make its connection one that is not kept.
   * @throws AnswerError.
   */
  feed(piece: Buffer): PushAnswerHead | undefined {
    let rest = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    this.#held = NOTHING;
    while (this.#stage !== 'done') {
      const next = this.#step(rest);
      if (next === undefined) {
        this.#held = this.#stage === 'length' || this.#stage === 'chunk' ? NOTHING : rest;
        if (this.#held.length > MOST_HEAD_BYTES) throw new AnswerError('the head of the answer is too long');
        return undefined;
      }
      rest = next;
    }
    if (rest.length > 0) this.#isKept = false;
    return this.#answer();
  }

  /** The connection has ended. @returns the answer, where its end is that of the connection. */
  end(): PushAnswerHead | undefined {
    if (this.#stage !== 'until-close') return undefined;
    return this.#answer();
  }

  /** Takes what it can from `bytes`. @returns what is left of them; `undefined` where more must come. */
  #step(bytes: Buffer): Buffer | undefined {
    switch (this.#stage) {
      case 'head': {
        const end = bytes.indexOf(HEAD_END);
        if (end === -1) return undefined;
        this.#readHead(bytes.toString('latin1', 0, end));
        return bytes.subarray(end + HEAD_END.length);
      }
      case 'length':
      case 'chunk': {
        const taken = Math.min(this.#left, bytes.length);
        this.#keep(bytes.subarray(0, taken));
        this.#left -= taken;
        if (this.#left > 0) return undefined;
        this.#stage = this.#stage === 'length' ? 'done' : 'chunk-end';
        return bytes.subarray(taken);
      }
      case 'until-close':
        this.#keep(bytes);
        return bytes.length === 0 ? undefined : NOTHING;
      default:
        return this.#chunkLine(bytes);
    }
  }

  /** A line between chunks: the size of the next one, the end of the last one, or a trailer. */
  #chunkLine(bytes: Buffer): Buffer | undefined {
    const end = bytes.indexOf(LINE_END);
    if (end === -1) return undefined;
    const line = bytes.toString('latin1', 0, end);
    if (this.#stage === 'chunk-end') {
      if (end > 0) throw new AnswerError('a chunk is longer than it says');
      this.#stage = 'chunk-head';
    } else if (this.#stage === 'trailer') {
      if (end === 0) this.#stage = 'done';
    } else {
      const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
      if (size === undefined) throw new AnswerError('a chunk without its size');
      this.#left = Number.parseInt(size, 16);
      this.#stage = this.#left === 0 ? 'trailer' : 'chunk';
    }
    return bytes.subarray(end + LINE_END.length);
  }

  #readHead(text: string): void {
    const firstEnd = text.indexOf('\r\n');
    const first = firstEnd === -1 ? text : text.slice(0, firstEnd);
    const [, minor, status] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first) ?? [];
    if (status === undefined) throw new AnswerError('no status line');
    this.#status = Number(status);
    // The head of the answer itself is still to come.
    if (this.#status >= 100 && this.#status < 200 && this.#status !== 101) return;
    const headers = firstEnd === -1 ? new Map<string, string>() : headersOf(text, firstEnd + 2);
    this.#headers = headers;
    const connection = headers.get('connection')?.toLowerCase() ?? '';
    this.#isKept = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
    this.#stage = this.#bodyStage();
  }

  #bodyStage(): Stage {
    if (this.#status === 204 || this.#status === 304) return 'done';
    const coding = this.#headers.get('transfer-encoding');
    if (coding !== undefined) {
      if (/(?:^|,)\s*chunked\s*$/i.test(coding)) return 'chunk-head';
    } else {
      const length = this.#headers.get('content-length');
      if (length !== undefined) {
        if (!/^\d{1,15}$/.test(length)) throw new AnswerError('a length that is no number');
        this.#left = Number(length);
        return this.#left === 0 ? 'done' : 'length';
      }
    }
    this.#isKept = false;
    return 'until-close';
  }

  #keep(bytes: Buffer): void {
    const room = MOST_BODY_BYTES - this.#keptBytes;
    if (room <= 0 || bytes.length === 0) return;
    // A copy: the piece is part of a buffer of 64 KB that would be held with it.
    const part = Buffer.from(bytes.subarray(0, room));
    this.#parts.push(part);
    this.#keptBytes += part.length;
  }

  #answer(): PushAnswerHead {
    const [only] = this.#parts;
    const body = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts);
    return { status: this.#status, headers: this.#headers, body, isKept: this.#isKept };
  }
}

/** @throws AnswerError for a line that is no header, and for two lengths. */
function headersOf(text: string, start: number): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = start; at < text.length;) {
    const found = text.indexOf('\r\n', at);
    const end = found === -1 ? text.length : found;
    const colon = text.indexOf(':', at);
    if (colon <= at || colon > end) throw new AnswerError('a line of the head that is no header');
    const name = text.slice(at, colon).toLowerCase();
    const value = text.slice(colon + 1, end).trim();
    const before = headers.get(name);
    if (name === 'content-length' && before !== undefined && before !== value) throw new AnswerError('two lengths');
    if (before === undefined) headers.set(name, value);
    at = end + 2;
  }
  return headers;
}
