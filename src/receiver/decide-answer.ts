import type { IncomingPush } from '../store/journal.js';
import type { BlockQuestion } from './block-question.js';

/** What a push is answered with. */
export interface PushAnswer {
  /** 200 unless given. */
  readonly status?: number | undefined;
  readonly body: string | Uint8Array;
  /** By default `application/json;charset=UTF-8`; none for an empty body. */
  readonly contentType?: string | undefined;
}

/** Decides an answer. @param question what the platform waits to be told; `undefined` for a mere notice. */
export type DecideAnswer = (
  push: IncomingPush,
  question: BlockQuestion | undefined,
) => Promise<PushAnswer | undefined> | PushAnswer | undefined;
