import { networkFailure } from '../domain/network-failure.js';
import type { TextPair } from '../domain/text-pair.js';
import { AppError, type AppErrorDetails, type ErrorCode } from '../errors.js';
import { openPushTarget, type PushOutcome, type PushTargetOptions } from '../platform/push-target.js';
import { created, signatureHeaders, type Signing } from '../platform/signing.js';
import type { ReplayItem } from './replay-item.js';

/** What the target said to one push. */
export interface PushAnswer {
  readonly status: number;
  /** The first 64 KiB of the body. */
  readonly bodyText: string;
  /** From the start of the request to the end of the answer, milliseconds to one decimal. */
  readonly latencyMs: number;
}

/** A push that got no answer: `network-…` or `answer-unreadable`, and why, in both languages. */
export class NoAnswer extends AppError {
  override readonly words: TextPair;

  constructor(code: ErrorCode, words: TextPair, details?: AppErrorDetails) {
    super(code, words.en, details);
    this.words = words;
  }
}

/** The same for a target that took too long. @param host as people know it. */
export function noAnswerIn(timeoutMs: number, host: string): NoAnswer {
  return new NoAnswer('network-timeout', {
    zh: `${host} ${timeoutMs} 毫秒内没有应答`,
    en: `${host}: no answer within ${timeoutMs} ms`,
  });
}

/** Delivers pushes to one target. */
export interface Sender {
  /** @throws NoAnswer; the signal's reason. */
  send(item: ReplayItem, signal: AbortSignal): Promise<PushAnswer>;
  close(): void;
}

/** Signs pushes anew, as the platform would. */
export interface Resigning {
  readonly appKey: string;
  readonly appSecret: string;
  readonly signing: Signing;
  readonly now: () => Date;
  /** Random letters and digits, fresh for each push. */
  readonly nonce: () => string;
}

/** Where pushes go and how. */
export interface SenderOptions extends PushTargetOptions {
  /** Without it the saved headers are sent, signature included. */
  readonly resign?: Resigning | undefined;
}

const SIGNATURE = ['authorization', 'x-aksk', 'x-wsse'];

/** A sender with connections kept alive. Certificates are checked. */
export function buildSender(options: SenderOptions): Sender {
  const target = openPushTarget(options);
  return {
    send: async (item, signal) => {
      signal.throwIfAborted();
      const { path, bytes } = item;
      const start = performance.now();
      const outcome = await target.send({ path, bytes, headers: replayHeaders(item, options.resign) }, signal);
      if (outcome.state !== 'answered') {
        signal.throwIfAborted();
        throw noAnswer(outcome, options);
      }
      const { status, body } = outcome.answer;
      const latencyMs = Math.round((performance.now() - start) * 10) / 10;
      return { status, bodyText: body.length === 0 ? '' : body.toString('utf8'), latencyMs };
    },
    close: () => {
      target.close();
    },
  };
}

/** The headers that leave with a push: as saved, or signed anew. */
export function replayHeaders(
  { headers }: Pick<ReplayItem, 'headers'>,
  resign: Resigning | undefined,
): Readonly<Record<string, string>> {
  if (resign === undefined) return headers;
  const kept = Object.entries(headers).filter(([name]) => !SIGNATURE.includes(name.toLowerCase()));
  const { appKey, appSecret, signing } = resign;
  const parts = { appKey, appSecret, signing, nonce: resign.nonce(), created: created(resign.now()) };
  return { ...Object.fromEntries(kept), ...signatureHeaders(parts) };
}

function noAnswer(
  outcome: Exclude<PushOutcome, { readonly state: 'answered' }>,
  { to: { host }, timeoutMs }: SenderOptions,
): NoAnswer {
  if (outcome.state === 'timeout') return noAnswerIn(timeoutMs, host);
  if (outcome.state === 'aborted')
    return new NoAnswer('network-interrupted', { zh: `${host} 已放弃`, en: `${host}: given up` });
  const { code, words } = networkFailure(outcome.code, { ...outcome, host });
  return new NoAnswer(code, words);
}
