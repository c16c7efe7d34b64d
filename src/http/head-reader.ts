import { BadAnswer, parseAnswerHead, type AnswerHead } from './answer-head.js';

const LONGEST_HEAD = 16 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/** Gathers the head of an answer from the pieces in which it comes. Interim answers (1xx) are passed over. */
export class HeadReader {
  readonly #method: string;
  #early: Buffer | undefined;

  /** @param method of the request. */
  constructor(method: string) {
    this.#method = method;
  }

  /** Whether nothing has come yet. */
  get isUntouched(): boolean {
    return this.#early === undefined;
  }

  /**
   * @returns the head, and what of `bytes` lies behind it; `undefined` while it is not whole.
   * @throws BadAnswer.
   */
  take(bytes: Buffer): { readonly head: AnswerHead; readonly rest: Buffer } | undefined {
    let all = this.#early === undefined ? bytes : Buffer.concat([this.#early, bytes]);
    for (;;) {
      const end = all.indexOf(END_OF_HEAD);
      if (end > LONGEST_HEAD || (end === -1 && all.length > LONGEST_HEAD)) {
        throw new BadAnswer('HEADER_OVERFLOW', 'the head of the answer is too long');
      }
      if (end === -1) {
        this.#early = Buffer.from(all);
        return undefined;
      }
      const head = parseAnswerHead(all.toString('latin1', 0, end), this.#method);
      all = all.subarray(end + END_OF_HEAD.length);
      if (head.status === 101) throw new BadAnswer('INVALID_STATUS', 'the server wants to speak something else');
      if (head.status >= 200) return { head, rest: all };
    }
  }
}
