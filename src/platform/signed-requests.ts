import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { maskText } from '../domain/phone-number.js';
import { wordsOfError } from '../domain/text-error.js';
import { AppError, isAppError } from '../errors.js';
import { sleep, type Sleep } from '../sleep.js';
import type { InterfaceDeclaration } from './declarations/declaration.js';
import { OPERATIONS_ZH } from './declarations/operations-zh.js';
import { LOCK_OUT_MS, type LockOut, lockedOutError } from './lock-out.js';
import type { Answer, Application } from './platform.js';
import { jsonObjectOf, readReply, type Reply, successOf, textField } from './read-answer.js';
import { nextDelayMs, parseRetryAfter, type RetryLimits } from './retry-policy.js';
import { created, signatureHeaders } from './signing.js';
import { type Transport, TransportError, type WireRequest } from './transport.js';

/** What signed requests are made of and sent with. */
export interface SignedRequestsOptions extends RetryLimits {
  readonly application: Application;
  readonly transport: Transport;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Longest wait for the head of an answer and for each part of its body. */
  readonly timeoutMs: number;
  /** Fresh for every try; default: 32 random hexadecimal digits. */
  readonly randomNonce?: (() => string) | undefined;
  /** Without it no lock-out is kept or asked for. */
  readonly lockOut?: (Pick<LockOut, 'check' | 'record'> & Partial<Pick<LockOut, 'forget'>>) | undefined;
  /** Sends although a lock-out stands. */
  readonly force?: boolean | undefined;
  /** Jitter, 0 to below 1. */
  readonly random?: (() => number) | undefined;
  /** The real one unless given. */
  readonly sleep?: Sleep | undefined;
  /** One line a try for `--debug`: no headers, numbers masked. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A request before it is signed. */
export interface UnsignedRequest {
  readonly method: WireRequest['method'];
  readonly url: URL;
  readonly body?: string | undefined;
}

/** Sends signed requests. */
export interface SignedRequests {
  /** With the retries that are allowed; a refusal or an unreadable answer is an error. */
  ask(declaration: InterfaceDeclaration, request: UnsignedRequest): Promise<Answer>;
  /** Once; every answer is handed back. */
  once(request: UnsignedRequest): Promise<Reply>;
}

/** Whether a lost answer leaves open what happened. */
function isChange(declaration: Pick<InterfaceDeclaration, 'operation'>): boolean {
  return declaration.operation !== 'query' && declaration.operation !== 'recording-address';
}

/** Builds the sender. No request leaves for a host whose lock-out stands. */
export function buildSignedRequests(options: SignedRequestsOptions): SignedRequests {
  const { now, signal } = options;
  // One listener for each request under way is no leak. Said once: for each request it took longer than to listen.
  setMaxListeners(0, signal);

  const once = async (request: UnsignedRequest): Promise<Reply> => {
    await refuseWhileLockedOut(options, request.url.host);
    const startedAt = now().getTime();
    const log = (outcome: string): void =>
      options.log?.(`${lineOf(request)} → ${outcome}, ${now().getTime() - startedAt} ms`);
    try {
      const reply = await readReply(await options.transport.send(signed(request, options)));
      log(`HTTP ${reply.status}`);
      if (isLockOut(reply)) await options.lockOut?.record(request.url.host, lockOutEnd(now()));
      else if (options.force === true) await options.lockOut?.forget?.(request.url.host);
      return reply;
    } catch (error) {
      if (isAppError(error)) log(error.code);
      throw error;
    }
  };

  const ask = async (declaration: InterfaceDeclaration, request: UnsignedRequest): Promise<Answer> => {
    const change = isChange(declaration);
    let attempt = 1;
    let flowControlWaitsDone = 0;
    for (;;) {
      let reply: Reply | undefined;
      const sent = !signal.aborted;
      try {
        reply = await once(request);
        if (isLockOut(reply)) throw lockedOut(reply, request.url.host, options);
        return successOf(reply, { declaration, url: request.url, now: now() });
      } catch (error) {
        // Stopped while the request was under way; a stop during a wait comes from the sleep below.
        if (signal.aborted && change && reply === undefined && sent) throw outcomeUnknown(declaration, stopped(signal));
        if (signal.aborted || !isAppError(error)) throw error;
        if (change && mayHaveHappened(error, reply)) throw outcomeUnknown(declaration, error);
        const waitMs = nextDelayMs({
          attempt,
          flowControlWaitsDone,
          error,
          change,
          retryAfterMs: parseRetryAfter(reply?.headers['retry-after'], now()),
          random: options.random ?? Math.random,
          limits: options,
        });
        if (waitMs === undefined) throw error;
        if (error.code === 'flow-control') flowControlWaitsDone += 1;
        else attempt += 1;
        options.log?.(`${error.code}: once more in ${waitMs} ms`);
        await (options.sleep ?? sleep)(waitMs, signal);
        signal.throwIfAborted();
      }
    }
  };
  return { ask, once };
}

function stopped({ reason }: AbortSignal): AppError {
  return isAppError(reason) ? reason : new AppError('interrupted', { zh: '已停止', en: 'stopped' });
}

async function refuseWhileLockedOut(options: SignedRequestsOptions, host: string): Promise<void> {
  if (options.force === true) return;
  const until = await options.lockOut?.check(host);
  if (until !== undefined) throw lockedOutError(host, until);
}

/** 1020176: every further signed request would only prolong it. */
function isLockOut(reply: Reply): boolean {
  return textField(jsonObjectOf(reply.text), 'resultcode') === '1020176';
}

function lockOutEnd(now: Date): Date {
  return new Date(now.getTime() + LOCK_OUT_MS);
}

function lockedOut(reply: Reply, host: string, { now }: SignedRequestsOptions): AppError {
  const resultdesc = textField(jsonObjectOf(reply.text), 'resultdesc');
  return lockedOutError(host, lockOutEnd(now()), { httpStatus: reply.status, resultcode: '1020176', resultdesc });
}

function signed(request: UnsignedRequest, options: SignedRequestsOptions): WireRequest {
  const { application, now, signal, timeoutMs } = options;
  const nonce = options.randomNonce?.() ?? randomUUID().replaceAll('-', '');
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json;charset=UTF-8',
    ...signatureHeaders({
      appKey: application.appKey,
      appSecret: application.appSecret,
      signing: application.signing,
      nonce,
      created: created(now()),
    }),
  };
  return { ...request, headers, timeoutMs, signal };
}

/**
 * Whether a change may have happened although it did not answer well: the answer was lost or cut, is no answer of the platform although
 * it says success, or tells of a fault of the platform or of a gateway before it. Internal errors (1010001, 1020002, 1023001), a time-out (1023002), any
 * code that is not documented with a 5xx, and a 5xx without a code do not say how far the platform had come: only a refusal with a code of its own proves
 * that nothing was done. Source of the codes: privatenumber_04_0009_1 (read 2026-07); what stands behind an internal error is not documented.
 */
function mayHaveHappened(error: AppError, reply: Reply | undefined): boolean {
  if (error instanceof TransportError) return error.reached === 'maybe';
  if (error.code === 'answer-unreadable') return reply === undefined || reply.status < 300;
  return error.code === 'platform-failure';
}

function outcomeUnknown({ operation }: InterfaceDeclaration, error: AppError): AppError {
  const why = wordsOfError(error);
  const [zh, en] =
    error.code === 'platform-failure'
      ? ['遇到平台故障', `${operation} met a fault of the platform`]
      : ['的应答丢失', `the answer to ${operation} was lost`];
  const words = {
    zh: `${OPERATIONS_ZH[operation]}${zh}，平台可能已经执行：${why.zh}`,
    en: `${en}, the platform may have done it: ${why.en}`,
  };
  const hint = {
    zh: '先用 privacy-call query 查询，再决定是否重发。',
    en: 'Look with privacy-call query before you send it again.',
  };
  return new AppError('outcome-unknown', words, { cause: error, platform: error.platform, hint });
}

/** Method and address for people: numbers masked, without the key. */
function lineOf({ method, url }: UnsignedRequest): string {
  const pairs = [...url.searchParams].filter(([name]) => name !== 'app_key').map((pair) => pair.join('='));
  return `${method} ${url.pathname}${pairs.length === 0 ? '' : `?${maskText(pairs.join('&'))}`}`;
}
