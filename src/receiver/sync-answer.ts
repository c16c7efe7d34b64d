import type { IncomingPush } from '../store/store.js';
import type { PushAnswer } from './build-receiver.js';
import type { ForwardAnswer, Forwarder } from './forward-push.js';

/** What a target that did not answer is told as: the platform tries again. */
const STATUS = { timeout: 504, unreachable: 503, broken: 502 } as const;

/**
 * The answer of the server behind us, as the answer to the platform: its status, its content type and up to 64 KiB of its body. Without
 * an answer 504 (too late), 503 (nobody there) or 502 (broken off), so that the platform's own retries serve the server.
 */
export async function syncAnswer(forwarder: Forwarder, push: IncomingPush): Promise<PushAnswer> {
  return answerOf(await forwarder.send(push));
}

function answerOf(answer: ForwardAnswer): PushAnswer {
  if (answer.state !== 'answered') return { status: STATUS[answer.state], body: '' };
  const { status, body, contentType } = answer;
  // 1xx and what is no status at all cannot be said to the platform.
  return { status: status >= 200 && status <= 599 ? status : 502, body, contentType };
}
