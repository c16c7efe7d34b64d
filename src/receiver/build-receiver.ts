import type { IncomingMessage, ServerResponse } from 'node:http';
import { wordsOfError } from '../domain/text-error.js';
import { sameText, type TextPair } from '../domain/text-pair.js';
import { isAppError } from '../errors.js';
import { identifyPush, type IdentifiedPush } from '../notifications/identify-push.js';
import type { AppendResult, IncomingPush, Journal } from '../store/journal.js';
import { Probes } from './answer-probes.js';
import { type BlockQuestion, questionOfBody } from './block-question.js';
import type { DecideAnswer, PushAnswer } from './decide-answer.js';
import { DEFAULT_ANSWERS } from './default-answers.js';
import { type LimitedLog, limitedLog } from './limited-log.js';
import { type BodyFacts, type PushOutcome, PushReport, type RequestFacts } from './push-report.js';
import { type BodyResult, type BodyRoom, readBody } from './read-body.js';
import {
  type Refusal,
  refusalOfBody,
  refusalOfRequest,
  type RequestRules,
  refuse,
  RETRY_LATER,
  signatureZh,
} from './refusal.js';
import { headersOf, isHttp1, remoteOf, targetOf } from './request-facts.js';
import { judgeSignature, type SecretOf, type SignatureState } from './judge-signature.js';

const DEFAULT_BODY_LIMIT = 1024 * 1024;
/** A sender of too much, or of what is refused anyway, is heard up to this multiple of the limit. */
const HEAR_OUT = 4;
/** Held of bodies on their way, all together: a thousand slow senders must not fill the memory. */
const MOST_READING_BYTES = 32 * 1024 * 1024;

/** Options of {@link buildReceiver}. */
export interface ReceiverOptions extends RequestRules {
  readonly journal: Pick<Journal, 'append' | 'healthy' | 'pendingBytes' | 'prepare'>;
  readonly now: () => Date;
  /** Largest body taken, 1 MiB by default. */
  readonly maxBodyBytes?: number | undefined;
  /** Held of all bodies that are on their way, by default 32 MiB and no less than two of the largest; beyond it a push is answered 503. */
  readonly maxReadingBytes?: number | undefined;
  /** Secret of an APP_Key, for `verify`. */
  readonly secretOf?: SecretOf | undefined;
  /**
   * Decides the answer to a push that is already durable: an instruction to a Block push, or what a server behind us said. Without an
   * answer (or when it throws) a notice gets an empty body and a Block push {@link DEFAULT_ANSWERS}.
   */
  readonly answer?: DecideAnswer | undefined;
  /** Text of `GET /metrics`; without it there is none. Told to those whom `allow` lets in, and to this machine. */
  readonly metrics?: (() => string) | undefined;
  /** Told of each POST after its answer; never delays one, and what it throws is logged. */
  readonly onPush?: ((report: PushReport) => void) | undefined;
  /** Lines for people, at most one a second; they hold no bodies and no headers. */
  readonly log?: ((line: TextPair) => void) | undefined;
}

/**
 * Builds the handler that takes pushes: reads the body, keeps it durably, and only then answers 200. What could not be kept is
 * answered 503, so that the platform tries again; a push that came before is answered 200. Any path and any content type is taken.
 * `GET /healthz` tells whether the journal holds what it is given, `GET /metrics` what `metrics` says.
 */
export function buildReceiver(options: ReceiverOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const receiver = new Receiver(options);
  return (request, response) => {
    receiver.handle(request, response);
  };
}

/** A push whose body was read, until it is answered. */
interface TakenPush {
  readonly facts: RequestFacts;
  readonly push: IncomingPush;
  readonly found: IdentifiedPush;
  readonly question: BlockQuestion | undefined;
}

/** Callbacks lead from one step to the next, not promises: thousands of pushes a second come through here. */
class Receiver {
  readonly #options: ReceiverOptions;
  readonly #log: LimitedLog;
  readonly #probes: Probes;
  readonly #keepBytes: number;
  readonly #room: BodyRoom;
  /** Connections that are closed with a refusal: what the sender has put behind the refused request is not taken. */
  readonly #refused = new WeakSet<IncomingMessage['socket']>();
  /** What is told once this turn's answers are on their way. */
  #reports: PushReport[] = [];

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#keepBytes = options.maxBodyBytes ?? DEFAULT_BODY_LIMIT;
    this.#room = {
      heldBytes: 0,
      mostBytes: options.maxReadingBytes ?? Math.max(MOST_READING_BYTES, 2 * this.#keepBytes),
    };
    this.#log = limitedLog(options.log ?? (() => undefined), options.now);
    this.#probes = new Probes(options);
  }

  /** Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#refused.has(request.socket)) return;
    // A sender that resets the connection while it is answered has no answer to get; it will try again.
    response.on('error', ignore);
    this.#attempt(response, () => {
      const mayProbe = request.method !== 'POST' && isHttp1(request);
      const told = mayProbe ? this.#probes.answer(request, response) : undefined;
      if (told === undefined) this.#take(request, response);
      else
        told.catch((error: unknown) => {
          this.#fail(response, error);
        });
    });
  }

  /** Runs a step; what it throws is answered with 503, for the platform tries again. */
  #attempt(response: ServerResponse, step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(response, error);
    }
  }

  #fail(response: ServerResponse, error: unknown): void {
    const why = reasonOf(error);
    this.#log({ zh: `有一个推送未能接收：${why.zh}`, en: `a push could not be taken: ${why.en}` }, 'not taken');
    if (!response.headersSent)
      refuse(response, { status: 503, reason: { zh: '未保存', en: 'not kept' }, headers: RETRY_LATER });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const headers = headersOf(request);
    const facts: RequestFacts = {
      begunMs: performance.now(),
      remote: remoteOf(request),
      path: targetOf(request),
      headers,
      signature: this.#judge(headers),
    };
    const early = refusalOfRequest(request, facts, this.#options);
    if (early !== undefined) this.#refused.add(request.socket);
    else if (facts.signature !== 'unchecked' && facts.signature !== 'valid') this.#warnOf(facts);
    // What says itself that it is too large is heard, not held.
    const isHeld = early === undefined && Number(request.headers['content-length'] ?? 0) <= this.#keepBytes;
    const limits = {
      keepBytes: isHeld ? this.#keepBytes : 0,
      hearBytes: this.#keepBytes * HEAR_OUT,
      room: this.#room,
    };
    readBody(request, limits, (body) => {
      this.#attempt(response, () => {
        const refusal = early ?? refusalOfBody(body.state);
        if (refusal !== undefined) this.#refuse(response, { facts, refusal });
        else this.#taken(response, facts, body);
      });
    });
  }

  #taken(response: ServerResponse, facts: RequestFacts, body: BodyResult): void {
    if (body.state !== 'whole') {
      const { remote } = facts;
      this.#log({ zh: `${remote} 在推送中途断开`, en: `${remote} went away in the middle of a push` }, 'aborted');
      return;
    }
    const at = this.#options.now();
    const { bytes } = body;
    const found = identifyPush(bytes, at);
    const { kind, key, isJson } = found;
    const { remote, path, headers } = facts;
    const push: IncomingPush = { at, kind, key, remote, path, headers, bytes, isJson };
    const question = kind === 'event' || kind === 'sms' ? questionOfBody(found.value, at) : undefined;
    const taken: TakenPush = { facts, push, found, question };
    this.#options.journal.append(push).then(
      (result) => {
        this.#attempt(response, () => {
          this.#kept(response, taken, result);
        });
      },
      (error: unknown) => {
        const refusal = { status: 503, reason: reasonOf(error), headers: RETRY_LATER };
        this.#attempt(response, () => {
          this.#refuse(response, { facts, refusal, taken });
        });
      },
    );
  }

  /** The push is durable: finds its answer and gives it. */
  #kept(response: ServerResponse, taken: TakenPush, result: AppendResult): void {
    const noAnswer = (error: unknown): undefined => {
      const why = reasonOf(error);
      this.#log({ zh: `未能得出推送的应答：${why.zh}`, en: `no answer was found for a push: ${why.en}` }, 'no answer');
      return undefined;
    };
    let answer: ReturnType<DecideAnswer>;
    try {
      answer = this.#options.answer?.(taken.push, taken.question);
    } catch (error) {
      noAnswer(error);
    }
    if (!(answer instanceof Promise)) {
      this.#answer(response, taken, { result, answer });
      return;
    }
    void answer.catch(noAnswer).then((decided) => {
      this.#attempt(response, () => {
        this.#answer(response, taken, { result, answer: decided });
      });
    });
  }

  #answer(
    response: ServerResponse,
    { facts, push, found, question }: TakenPush,
    { result, answer }: { readonly result: AppendResult; readonly answer: PushAnswer | undefined },
  ): void {
    const decided = answer ?? (question === undefined ? undefined : { body: DEFAULT_ANSWERS[question.kind] });
    const status = decided?.status ?? 200;
    const body = decided?.body ?? '';
    if (body.length === 0) response.writeHead(status, EMPTY);
    else {
      const contentType = decided?.contentType ?? 'application/json;charset=UTF-8';
      response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
    }
    response.end(body);
    this.#report(facts, push, { result, status, found });
  }

  #judge(headers: Readonly<Record<string, string>>): SignatureState {
    const { verify = 'off', secretOf } = this.#options;
    return verify === 'off' ? 'unchecked' : judgeSignature(headers, secretOf ?? (() => undefined));
  }

  #warnOf({ remote, signature }: RequestFacts): void {
    this.#log(
      {
        zh: `${remote}：推送${signatureZh(signature)}；照常接收（verify: warn）`,
        en: `${remote}: the signature of a push is ${signature}; it is taken all the same (verify: warn)`,
      },
      'signature',
    );
  }

  /** @param refused `taken` where the body was read. */
  #refuse(
    response: ServerResponse,
    {
      facts,
      refusal,
      taken,
    }: { readonly facts: RequestFacts; readonly refusal: Refusal; readonly taken?: TakenPush | undefined },
  ): void {
    const { status, reason } = refusal;
    const line = {
      zh: `以 ${status} 拒绝了 ${facts.remote} 的请求：${reason.zh}`,
      en: `refused a request of ${facts.remote} with ${status}: ${reason.en}`,
    };
    this.#log(line, `refused ${status}`);
    refuse(response, refusal);
    const unread = { at: this.#options.now(), kind: 'unknown', key: undefined, bytes: NOTHING } as const;
    this.#report(facts, taken?.push ?? unread, { result: undefined, status, found: taken?.found });
  }

  #report(facts: RequestFacts, body: BodyFacts, outcome: PushOutcome): void {
    if (this.#options.onPush === undefined) return;
    this.#reports.push(new PushReport(facts, body, outcome));
    // Behind the answers' own work, so that a slow listener does not hold them back.
    if (this.#reports.length === 1)
      setImmediate(() => {
        this.#tellReports();
      });
  }

  #tellReports(): void {
    const reports = this.#reports;
    this.#reports = [];
    for (const report of reports) {
      try {
        this.#options.onPush?.(report);
      } catch (error) {
        const why = reasonOf(error);
        const line = {
          zh: `推送已保存，但报告失败：${why.zh}`,
          en: `a push was kept, but its report failed: ${why.en}`,
        };
        this.#log(line, 'report');
      }
    }
  }
}

const NOTHING = new Uint8Array();
const EMPTY = { 'content-length': 0 };

function reasonOf(error: unknown): TextPair {
  if (isAppError(error)) return wordsOfError(error);
  return error instanceof Error ? sameText(error.name) : { zh: '未知', en: 'unknown' };
}

function ignore(): void {
  // Nobody is there to be told.
}
