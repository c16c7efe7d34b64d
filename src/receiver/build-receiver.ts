import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAppError } from '../errors.js';
import { identifyPush } from '../notifications/identify-push.js';
import type { NotificationRecord } from '../domain/notification-record.js';
import type { PushKind } from '../domain/push-kind.js';
import type { AppendResult, IncomingPush, Journal } from '../store/store.js';
import { type BlockQuestion, questionOfBody } from './block-question.js';
import { DEFAULT_ANSWERS } from './default-answers.js';
import { type LimitedLog, limitedLog } from './limited-log.js';
import { type BodyRoom, readBody } from './read-body.js';
import { headersOf, MAX_HEADERS, remoteOf, targetOf } from './request-facts.js';
import { judgeSignature, type SecretOf, type SignatureState } from './judge-signature.js';

const DEFAULT_BODY_LIMIT = 1024 * 1024;
/** A sender of too much, or of what is refused anyway, is heard up to this multiple of the limit. */
const HEAR_OUT = 4;
/** Held of bodies on their way, all together: a thousand slow senders must not fill the memory. */
const MOST_READING_BYTES = 32 * 1024 * 1024;
const RETRY_AFTER_SECONDS = 60;

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

/** What became of one POST; told after it was answered. */
export interface PushReport {
  readonly at: Date;
  readonly kind: PushKind;
  readonly key: string | undefined;
  /** The body; empty where it was not read. */
  readonly bytes: Uint8Array;
  /** What the push holds; empty where it is no notification, or was not read. */
  readonly records: readonly NotificationRecord[];
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined`: refused, nothing was kept. */
  readonly result: AppendResult | undefined;
  readonly remote: string;
  readonly path: string;
  readonly signature: SignatureState;
  /** HTTP status of the answer. */
  readonly status: number;
  /** From the head of the request to its answer, milliseconds. */
  readonly tookMs: number;
}

/** Options of {@link buildReceiver}. */
export interface ReceiverOptions {
  readonly journal: Pick<Journal, 'append' | 'healthy' | 'pendingBytes' | 'prepare'>;
  readonly now: () => Date;
  /** Largest body taken, 1 MiB by default. */
  readonly maxBodyBytes?: number | undefined;
  /** Held of all bodies that are on their way, by default 32 MiB and no less than two of the largest; beyond it a push is answered 503. */
  readonly maxReadingBytes?: number | undefined;
  /** `off` (default): signatures are not looked at; `warn`: logged; `strict`: a push without a good one is refused. */
  readonly verify?: 'off' | 'warn' | 'strict' | undefined;
  /** Secret of an APP_Key, for `verify`. */
  readonly secretOf?: SecretOf | undefined;
  /** Whether pushes of this address are taken; everybody's by default. */
  readonly allow?: ((remote: string) => boolean) | undefined;
  /** Whether pushes to this path, without its query, are taken; else they are answered 404. Every path by default. */
  readonly takesPath?: ((path: string) => boolean) | undefined;
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
  readonly log?: ((line: string) => void) | undefined;
}

/** What is known of a request beside its push. */
interface Taken {
  /** When it began, by the monotonic clock. */
  readonly begunMs: number;
  readonly signature: SignatureState;
  readonly records: readonly NotificationRecord[];
}

/** Why a request is not taken. */
interface Refusal {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Builds the handler that takes pushes: reads the body, keeps it durably, and only then answers 200. What could not be kept is
 * answered 503, so that the platform tries again; a push that came before is answered 200. Any path and any content type is taken.
 * `GET /healthz` tells whether the journal holds what it is given, `GET /metrics` what `metrics` says.
 */
export function buildReceiver(options: ReceiverOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const receiver = new Receiver(options);
  return (request, response) => {
    void receiver.handle(request, response);
  };
}

/** A degraded disk is tried again so often, when somebody asks for the health. */
const TRY_AGAIN_MS = 10_000;

class Receiver {
  readonly #options: ReceiverOptions;
  readonly #log: LimitedLog;
  readonly #room: BodyRoom;
  /** When the health was last found degraded, or the disk last tried again. */
  #degradedAt: number | undefined;
  /** Connections that are closed with a refusal: what the sender has put behind the refused request is not taken. */
  readonly #refused = new WeakSet<IncomingMessage['socket']>();
  /** What is told once this turn's answers are on their way. */
  #reports: PushReport[] = [];

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#room = {
      heldBytes: 0,
      mostBytes:
        options.maxReadingBytes ?? Math.max(MOST_READING_BYTES, 2 * (options.maxBodyBytes ?? DEFAULT_BODY_LIMIT)),
    };
    this.#log = limitedLog(options.log ?? (() => undefined), options.now);
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#refused.has(request.socket)) return;
    // A sender that resets the connection while it is answered has no answer to get; it will try again.
    response.on('error', () => undefined);
    try {
      if (isReading(request, '/healthz')) await this.#answerHealth(request, response);
      else if (isReading(request, '/metrics') && this.#mayMeasure(request)) this.#answerMetrics(request, response);
      else await this.#take(request, response);
    } catch (error) {
      this.#log(`a push could not be taken: ${reasonOf(error)}`, 'not taken');
      if (!response.headersSent) refuse(response, { status: 503, reason: 'not kept', headers: RETRY_LATER });
    }
  }

  /** Who watches the health sends no pushes while it is degraded: so the disk is tried again here, now and then. */
  async #tryAgain(): Promise<void> {
    const { journal, now } = this.#options;
    const ms = now().getTime();
    if (journal.healthy) this.#degradedAt = undefined;
    else if (this.#degradedAt === undefined) this.#degradedAt = ms;
    else if (ms - this.#degradedAt >= TRY_AGAIN_MS) {
      this.#degradedAt = ms;
      await journal.prepare().catch(() => undefined);
    }
  }

  async #answerHealth(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { journal } = this.#options;
    await this.#tryAgain();
    const { healthy, pendingBytes } = journal;
    const body = JSON.stringify({ status: healthy ? 'ok' : 'degraded', pendingBytes });
    response.writeHead(healthy ? 200 : 503, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #mayMeasure(request: IncomingMessage): boolean {
    const remote = remoteOf(request);
    return this.#options.metrics !== undefined && (isThisMachine(remote) || this.#options.allow?.(remote) !== false);
  }

  #answerMetrics(request: IncomingMessage, response: ServerResponse): void {
    const body = this.#options.metrics?.() ?? '';
    response.writeHead(200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const begunMs = performance.now();
    const arrival = { remote: remoteOf(request), path: targetOf(request), headers: headersOf(request) };
    const signature = this.#judge(arrival.headers);
    const nothing = {
      at: this.#options.now(),
      kind: 'unknown',
      key: undefined,
      bytes: NOTHING,
      ...arrival,
    } as const;
    const taken: Taken = { begunMs, signature, records: [] };
    const early = this.#refusalOf(request, arrival, signature);
    const keepBytes = this.#options.maxBodyBytes ?? DEFAULT_BODY_LIMIT;
    const hearBytes = keepBytes * HEAR_OUT;
    if (early !== undefined) {
      this.#refused.add(request.socket);
      await readBody(request, { keepBytes: 0, hearBytes, room: this.#room });
      this.#refuse(response, { ...nothing, ...taken }, early);
      return;
    }
    // What says itself that it is too large is heard, not held.
    const tooLarge = Number(request.headers['content-length'] ?? 0) > keepBytes;
    const body = await readBody(request, { keepBytes: tooLarge ? 0 : keepBytes, hearBytes, room: this.#room });
    if (body.state === 'aborted') {
      this.#log(`${arrival.remote} went away in the middle of a push`, 'aborted');
      return;
    }
    if (body.state === 'too-large') {
      this.#refuse(response, { ...nothing, ...taken }, { status: 413, reason: 'the body is too large' });
      return;
    }
    if (body.state === 'crowded') {
      const refusal = { status: 503, reason: 'too many large pushes at once', headers: RETRY_LATER };
      this.#refuse(response, { ...nothing, ...taken }, refusal);
      return;
    }
    const at = this.#options.now();
    const { bytes } = body;
    const { kind, key, isJson, value, records } = identifyPush(bytes, at);
    const push: IncomingPush = { at, kind, key, ...arrival, bytes, isJson };
    const question = kind === 'event' || kind === 'sms' ? questionOfBody(value, at) : undefined;
    await this.#keep(response, push, { taken: { ...taken, records }, question });
  }

  async #keep(
    response: ServerResponse,
    push: IncomingPush,
    { taken, question }: { readonly taken: Taken; readonly question: BlockQuestion | undefined },
  ): Promise<void> {
    let result: AppendResult;
    try {
      result = await this.#options.journal.append(push);
    } catch (error) {
      this.#refuse(response, { ...push, ...taken }, { status: 503, reason: reasonOf(error), headers: RETRY_LATER });
      return;
    }
    const {
      status = 200,
      body = '',
      contentType = 'application/json;charset=UTF-8',
    } = (await this.#answerTo(push, question)) ?? {};
    const length = Buffer.byteLength(body);
    response.writeHead(status, { ...(length === 0 ? {} : { 'content-type': contentType }), 'content-length': length });
    response.end(body);
    this.#report({ ...push, ...taken, result, status });
  }

  async #answerTo(push: IncomingPush, question: BlockQuestion | undefined): Promise<PushAnswer | undefined> {
    try {
      const answer = await this.#options.answer?.(push, question);
      if (answer !== undefined) return answer;
    } catch (error) {
      this.#log(`no answer was found for a push: ${reasonOf(error)}`, 'no answer');
    }
    return question === undefined ? undefined : { body: DEFAULT_ANSWERS[question.kind] };
  }

  #judge(headers: Readonly<Record<string, string>>): SignatureState {
    const { verify = 'off', secretOf } = this.#options;
    return verify === 'off' ? 'unchecked' : judgeSignature(headers, secretOf ?? (() => undefined));
  }

  #refusalOf(
    request: IncomingMessage,
    { remote, path }: Pick<PushReport, 'remote' | 'path'>,
    signature: SignatureState,
  ): Refusal | undefined {
    if (request.rawHeaders.length > MAX_HEADERS * 2) return { status: 431, reason: 'too many headers' };
    if (this.#options.allow?.(remote) === false) return { status: 403, reason: 'this address is not allowed' };
    if (request.method !== 'POST') return { status: 405, reason: 'only POST is taken', headers: { allow: 'POST' } };
    if (this.#options.takesPath?.(path.split('?')[0] ?? '') === false)
      return { status: 404, reason: 'this path is not taken' };
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (encoding !== 'identity' && encoding !== '') return { status: 415, reason: 'the body is compressed' };
    if (signature === 'unchecked' || signature === 'valid') return undefined;
    if (this.#options.verify === 'strict') return { status: 401, reason: `the signature is ${signature}` };
    this.#log(
      `${remote}: the signature of a push is ${signature}; it is taken all the same (verify: warn)`,
      'signature',
    );
    return undefined;
  }

  #refuse(response: ServerResponse, push: IncomingPush & Taken, refusal: Refusal): void {
    this.#log(
      `refused a request of ${push.remote} with ${refusal.status}: ${refusal.reason}`,
      `refused ${refusal.status}`,
    );
    refuse(response, refusal);
    this.#report({ ...push, result: undefined, status: refusal.status });
  }

  #report(told: Omit<PushReport, 'tookMs'> & Taken): void {
    if (this.#options.onPush === undefined) return;
    this.#reports.push({ ...told, tookMs: performance.now() - told.begunMs });
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
        this.#log(`a push was kept, but its report failed: ${reasonOf(error)}`, 'report');
      }
    }
  }
}

const NOTHING = new Uint8Array();
const RETRY_LATER = { 'retry-after': String(RETRY_AFTER_SECONDS) };

function isReading(request: IncomingMessage, path: string): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && targetOf(request).split('?')[0] === path;
}

function isThisMachine(remote: string): boolean {
  return remote === '::1' || remote.startsWith('127.');
}

/** The connection is closed: the rest of a body that was not read must not be taken for the next request. */
function refuse(response: ServerResponse, { status, headers }: Refusal): void {
  response.writeHead(status, { ...headers, connection: 'close', 'content-length': 0 });
  response.end();
}

function reasonOf(error: unknown): string {
  if (isAppError(error)) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}
