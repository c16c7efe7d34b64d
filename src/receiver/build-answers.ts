import type { IncomingPush } from '../store/journal.js';
import type { TextPair } from '../domain/text-pair.js';
import { type AnswerRule, decideAnswer } from './answer-rules.js';
import type { BlockQuestion } from './block-question.js';
import type { DecideAnswer, PushAnswer } from './decide-answer.js';
import type { ForwardAnswer, Forwarder } from './forward-push.js';

/** Who may have a say in the answer to a push. */
export interface AnswerSources {
  /** The rules as they are now; none when they were not given. */
  readonly rules: () => readonly AnswerRule[];
  /** The server whose answer is handed back; `undefined` where none is asked. */
  readonly serverOf: (push: IncomingPush) => Forwarder | undefined;
  /** Longest wait for a server's decision on a push for whose answer the platform waits. */
  readonly withinMs: number;
  readonly log: (line: TextPair) => void;
}

/** What a server that did not answer is told as: the platform tries again. */
const STATUS = { timeout: 504, unreachable: 503, broken: 502 } as const;

/**
 * Decides the answer to a push that is durable: of a Block push the first rule that applies; else the server behind us, whose status,
 * content type and up to 64 KiB of body are handed back (504 too late, 503 nobody there, 502 broken off, so that the platform's own
 * retries serve the server); else nobody, and the receiver has its default. A Block `callin` is not pushed again: when the server
 * does not answer it with a 2xx in time, the default decides.
 */
export function buildAnswers(sources: AnswerSources): DecideAnswer {
  return (push, question) => {
    if (question !== undefined) {
      const { rule, body } = decideAnswer(sources.rules(), question);
      if (rule !== undefined) return { body };
    }
    const server = sources.serverOf(push);
    return server && askServer(sources, server, { push, question });
  };
}

async function askServer(
  { withinMs, log }: AnswerSources,
  server: Forwarder,
  { push, question }: { readonly push: IncomingPush; readonly question: BlockQuestion | undefined },
): Promise<PushAnswer | undefined> {
  const inTime = question === undefined ? undefined : AbortSignal.timeout(withinMs);
  const answer = await server.send(push, inTime);
  if (question?.kind === 'call' && !isGood(answer)) {
    log({
      zh: '服务器没有及时对呼叫作出决定；已按默认应答',
      en: 'the server did not decide on a call in time; the default was answered',
    });
    return undefined;
  }
  return inTime?.aborted === true && answer.state === 'broken' ? { status: STATUS.timeout, body: '' } : toPush(answer);
}

function isGood(answer: ForwardAnswer): boolean {
  return answer.state === 'answered' && answer.status >= 200 && answer.status < 300;
}

function toPush(answer: ForwardAnswer): PushAnswer {
  if (answer.state !== 'answered') return { status: STATUS[answer.state], body: '' };
  const { status, body, contentType } = answer;
  // What is no status of an answer cannot be said to the platform.
  return { status: status >= 200 && status <= 599 ? status : 502, body, contentType };
}
