import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Journal } from '../store/journal.js';
import { remoteOf, targetOf } from './request-facts.js';

/** A degraded disk is tried again so often, when somebody asks for the health. */
const TRY_AGAIN_MS = 10_000;

/** Options of {@link Probes}. */
export interface ProbesOptions {
  readonly journal: Pick<Journal, 'healthy' | 'pendingBytes' | 'prepare'>;
  readonly now: () => Date;
  /** Whether an address may read the metrics; this machine always may. */
  readonly allow?: ((remote: string) => boolean) | undefined;
  /** Text of `GET /metrics`; without it there is none. */
  readonly metrics?: (() => string) | undefined;
}

/** Answers those who watch the receiver: `/healthz` and `/metrics`, by GET or HEAD. */
export class Probes {
  readonly #options: ProbesOptions;
  /** When the health was last found degraded, or the disk last tried again. */
  #degradedAt: number | undefined;

  constructor(options: ProbesOptions) {
    this.#options = options;
  }

  /** @returns the answer under way; `undefined` when the request asks for neither, or for what it may not see. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
    if (isReading(request, '/healthz')) return this.#answerHealth(request, response);
    if (!isReading(request, '/metrics') || !this.#mayMeasure(request)) return undefined;
    const body = this.#options.metrics?.() ?? '';
    write(request, response, { status: 200, contentType: 'text/plain; version=0.0.4; charset=utf-8', body });
    return Promise.resolve();
  }

  async #answerHealth(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { journal } = this.#options;
    await this.#tryAgain();
    const { healthy, pendingBytes } = journal;
    const body = JSON.stringify({ status: healthy ? 'ok' : 'degraded', pendingBytes });
    write(request, response, { status: healthy ? 200 : 503, contentType: 'application/json', body });
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

  #mayMeasure(request: IncomingMessage): boolean {
    const remote = remoteOf(request);
    return this.#options.metrics !== undefined && (isThisMachine(remote) || this.#options.allow?.(remote) !== false);
  }
}

function isReading(request: IncomingMessage, path: string): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && targetOf(request).split('?')[0] === path;
}

function isThisMachine(remote: string): boolean {
  return remote === '::1' || remote.startsWith('127.');
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, contentType, body }: { readonly status: number; readonly contentType: string; readonly body: string },
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
