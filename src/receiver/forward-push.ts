import { networkFailure } from '../domain/network-failure.js';
import type { TextPair } from '../domain/text-pair.js';
import { openPushTarget, type PushOutcome, type PushTargetOptions } from '../platform/push-target.js';
import type { IncomingPush } from '../store/journal.js';
import type { DeliveryOutcome } from './delivery.js';

/** What the target said to a push, or why it said nothing. */
export type ForwardAnswer =
  | {
      readonly state: 'answered';
      readonly status: number;
      readonly contentType: string | undefined;
      readonly retryAfter: string | undefined;
      /** At most 64 KiB of it. */
      readonly body: Buffer;
    }
  | { readonly state: 'timeout' | 'unreachable' | 'broken'; readonly reason: TextPair };

/** Hands pushes on to one target. */
export interface Forwarder {
  /** Never rejects. */
  send(push: IncomingPush, signal?: AbortSignal): Promise<ForwardAnswer>;
  close(): void;
}

const LONGEST_RETRY_AFTER_MS = 300_000;

/** Hands pushes on to `target` with the headers they came with, signature included. Redirects are answers like others. */
export function buildForwarder(target: PushTargetOptions): Forwarder {
  const held = openPushTarget(target);
  return {
    send: async (push, signal) => toAnswer(await held.send(push, signal), target.timeoutMs),
    close: () => {
      held.close();
    },
  };
}

/** What an answer means for a push that is tried again until it is taken: any 2xx is good. */
export function outcomeOf(answer: ForwardAnswer): DeliveryOutcome {
  if (answer.state === 'unreachable') return { state: 'unreachable', reason: answer.reason };
  if (answer.state !== 'answered') return { state: 'again', reason: answer.reason };
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return { state: 'done' };
  const seconds = retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : 0;
  return { state: 'again', reason: `HTTP ${status}`, afterMs: Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) };
}

function toAnswer(outcome: PushOutcome, timeoutMs: number): ForwardAnswer {
  switch (outcome.state) {
    case 'answered': {
      const { status, headers, body } = outcome.answer;
      const { 'content-type': contentType, 'retry-after': retryAfter } = headers;
      return { state: 'answered', status, contentType, retryAfter, body };
    }
    case 'timeout':
      return {
        state: 'timeout',
        reason: { zh: `${timeoutMs} 毫秒内没有应答`, en: `no answer within ${timeoutMs} ms` },
      };
    case 'aborted':
      return { state: 'broken', reason: { zh: '已放弃', en: 'given up' } };
    case 'failed':
      return {
        state: outcome.connected ? 'broken' : 'unreachable',
        reason: networkFailure(outcome.code, outcome).words,
      };
  }
}
