import { ClosedBefore, type Connection } from '../http/connection.js';
import type { ConnectionPool } from '../http/connection-pool.js';
import { requestHead } from '../http/request-head.js';
import { guardedLookup } from './guarded-lookup.js';
import { timedOut, translateNetworkError } from './translate-network-error.js';
import type { WireAnswer, WireRequest } from './transport.js';

/** A request and how it leaves. */
export interface DirectWay {
  readonly request: WireRequest;
  readonly pool: ConnectionPool;
  readonly certificateAuthority: string[] | undefined;
  readonly verified: boolean;
  readonly connectTimeoutMs: number;
}

/**
 * Gets something over a connection of our own, without the client that changes and proxies take: that one took a third of the
 * time of a small file, and Node's own as much again in buffers. No proxies. When a kept connection was just being closed by its
 * server, a file is asked for again at once, on a new one; a signed question is not, for its signature may be used only once:
 * whoever signs it asks again. Of a file each piece of the body stands only until the next one is asked for.
 * @throws TransportError; the signal's own reason.
 */
export async function getDirect(way: DirectWay): Promise<WireAnswer> {
  const { request } = way;
  for (;;) {
    try {
      return await new DirectGet(way).run();
    } catch (error) {
      if (!(error instanceof ClosedBefore)) throw error;
      if (request.isFile !== true) throw failureOf(way, error, true);
    }
  }
}

function failureOf({ request }: DirectWay, error: unknown, connected: boolean): Error {
  return translateNetworkError(error, { host: request.url.hostname, connected });
}

class DirectGet implements AsyncIterableIterator<Uint8Array> {
  readonly #way: DirectWay;
  readonly #name: string;
  readonly #connection: Connection;
  readonly #isNew: boolean;
  readonly #abort: () => void;
  #connected = false;
  /** Why we broke it off ourselves. */
  #own: Error | undefined;

  constructor(way: DirectWay) {
    this.#way = way;
    const { request, pool, verified, certificateAuthority } = way;
    const { url, allowsAddress } = request;
    // A guarded request takes no connection whose address nobody has looked at.
    this.#name = `${allowsAddress === undefined ? '' : 'guarded '}${verified ? '' : 'unverified '}${url.origin}`;
    const { connection, isNew } = pool.take(this.#name, {
      url,
      verified,
      ca: certificateAuthority,
      lookup: allowsAddress && guardedLookup(allowsAddress),
    });
    this.#connection = connection;
    this.#isNew = isNew;
    this.#abort = () => {
      this.#breakOff(request.signal.reason as Error);
    };
  }

  async run(): Promise<WireAnswer> {
    const { request, connectTimeoutMs } = this.#way;
    const { signal, method, url, headers } = request;
    signal.addEventListener('abort', this.#abort, { once: true });
    try {
      if (this.#isNew) await this.#inTime(connectTimeoutMs, this.#connection.connected());
      this.#connected = true;
      const all = { 'user-agent': 'privacy-call', ...headers, 'accept-encoding': 'identity' };
      const sent = this.#connection.send({ method, head: requestHead({ method, url, headers: all }) });
      const { status, headers: answered } = await this.#inTime(request.timeoutMs, sent);
      return { status, headers: answered, body: this };
    } catch (error) {
      this.#release();
      if (error instanceof ClosedBefore && this.#own === undefined) throw error;
      throw this.#failure(error);
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { request, pool } = this.#way;
    try {
      const piece = await this.#inTime(request.timeoutMs, this.#connection.next());
      if (piece !== undefined) return { done: false, value: request.isFile === true ? piece : Buffer.from(piece) };
    } catch (error) {
      this.#release();
      throw this.#failure(error);
    }
    this.#release();
    pool.give(this.#name, this.#connection);
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#release();
    this.#connection.leave();
    this.#way.pool.give(this.#name, this.#connection);
    return Promise.resolve({ done: true, value: undefined });
  }

  async #inTime<T>(milliseconds: number, work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.#breakOff(timedOut(this.#way.request.url.hostname, this.#connected));
    }, milliseconds);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  #breakOff(error: Error): void {
    this.#own ??= error;
    this.#connection.destroy(error);
  }

  #failure(error: unknown): Error {
    return this.#own ?? failureOf(this.#way, error, this.#connected);
  }

  #release(): void {
    this.#way.request.signal.removeEventListener('abort', this.#abort);
  }
}
