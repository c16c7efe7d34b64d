import { setMaxListeners } from 'node:events';
import type { Agent as HttpAgent, ClientRequest, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Request } from 'got';
import { AppError } from '../errors.js';
import { ConnectionPool } from '../http/connection-pool.js';
import { getDirect } from './get-direct.js';
import { guardedLookup } from './guarded-lookup.js';
import { isLoopback } from './is-loopback.js';
import { authoritiesOf, isVerified, type Network } from './network.js';
import { proxyForUrl } from './proxy-for-url.js';
import { flatHeaders, readBody, type BodyExchange } from './read-body.js';
import { timedOut, translateNetworkError } from './translate-network-error.js';
import type { Transport, WireAnswer, WireRequest } from './transport.js';

/** How {@link buildHttpTransport} reaches the network. */
export interface HttpTransportOptions extends Network {
  /** Longest wait for a connection, TLS included; default 10 s. */
  readonly connectTimeoutMs?: number | undefined;
}

/**
 * Real HTTP. Redirects are never followed, bodies never unpacked, certificates always verified, nothing is tried again. `send` rejects
 * with `TransportError`, with `config-invalid` for an unusable proxy or a plain `http:` address of another machine, and with the signal's own reason.
 */
export function buildHttpTransport(options: HttpTransportOptions): Transport {
  const agents = new Map<string, Promise<Agents>>();
  // The client does not ask for an end: the platform closes first (privatenumber_02_0021, read 2026-07). A connection that nobody closes
  // or uses for a second is given up.
  const pool = new ConnectionPool(KEEP.timeout, KEEP.maxFreeSockets);
  const connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
  const certificateAuthority = authoritiesOf(options);
  // To read the environment is a call out of JavaScript for each name.
  const proxies = new Map<string, URL | undefined>();
  const proxyOf = (url: URL): URL | undefined => {
    if (!proxies.has(url.origin)) proxies.set(url.origin, proxyForUrl(url, options.env, options.proxy));
    return proxies.get(url.origin);
  };
  return {
    send: async (request) => {
      const { url, signal } = request;
      signal.throwIfAborted();
      if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
        throw new AppError(
          'config-invalid',
          {
            zh: `不能不加密访问 ${url.hostname}（${url.protocol}）`,
            en: `${url.hostname} may not be called without encryption (${url.protocol})`,
          },
          {
            hint: { zh: 'APP接入地址请以 https:// 开头。', en: 'Write the access address with https://.' },
          },
        );
      }
      const proxy = proxyOf(url);
      const way = { request, certificateAuthority, verified: isVerified(options, url.hostname), connectTimeoutMs };
      const isQuestion = request.method === 'GET' && request.body === undefined;
      if (isQuestion && proxy === undefined) return getDirect({ ...way, pool });
      // Only questions share connections: a change on one that the platform is just closing would be lost, nobody knows how.
      const name = `${request.allowsAddress === undefined ? '' : 'guarded '}${proxy?.href ?? ''}`;
      const chosen = (isQuestion ? agents.get(name) : undefined) ?? makeAgents(proxy, connectTimeoutMs);
      if (isQuestion) agents.set(name, chosen);
      const ready = await chosen;
      return sendThrough({ ...way, agents: ready, proxyHost: proxy?.hostname });
    },
  };
}

/** Connections of one way out, kept for the next request. */
interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

interface Way {
  readonly request: WireRequest;
  readonly agents: Agents;
  readonly certificateAuthority: string[] | undefined;
  readonly verified: boolean;
  readonly connectTimeoutMs: number;
  readonly proxyHost: string | undefined;
}

async function sendThrough(way: Way): Promise<WireAnswer> {
  const { request, connectTimeoutMs } = way;
  const { default: got } = await import('got');
  const stream = got.stream(request.url, {
    method: request.method,
    headers: { 'user-agent': 'privacy-call', ...request.headers, 'accept-encoding': 'identity' },
    ...(request.body === undefined ? {} : { body: request.body }),
    followRedirect: false,
    retry: { limit: 0 },
    throwHttpErrors: false,
    decompress: false,
    agent: way.agents,
    // Through a proxy only the proxy's own name is looked up here.
    ...(request.allowsAddress === undefined || way.proxyHost !== undefined
      ? {}
      : { dnsLookup: guardedLookup(request.allowsAddress) }),
    https: {
      rejectUnauthorized: way.verified,
      ...(way.certificateAuthority === undefined ? {} : { certificateAuthority: way.certificateAuthority }),
    },
    timeout: {
      lookup: connectTimeoutMs,
      connect: connectTimeoutMs,
      secureConnect: connectTimeoutMs,
      response: request.timeoutMs,
    },
  });
  const exchange = watch(stream, way);
  if (request.body === undefined && request.method !== 'GET') stream.end();
  // Covers what the client's own limits do not: a proxy that never lets us through, a body that is never taken.
  const timer = setTimeout(exchange.late, connectTimeoutMs + request.timeoutMs);
  try {
    const head = await new Promise<IncomingMessage>((resolve, reject) => {
      stream.on('error', reject);
      stream.once('response', resolve);
    });
    return {
      status: head.statusCode ?? 0,
      headers: flatHeaders(head.headers),
      body: readBody(stream, exchange, request.timeoutMs),
    };
  } catch (error) {
    exchange.release();
    throw exchange.failure(error);
  } finally {
    clearTimeout(timer);
  }
}

function watch(stream: Request, { request, proxyHost }: Way): BodyExchange {
  const host = request.url.hostname;
  let connected = false;
  // The client wraps the error that a stream is destroyed with; the own one is kept here.
  let own: Error | undefined;
  const breakOff = (error: Error): void => {
    own ??= error;
    stream.destroy(error);
  };
  const abort = (): void => {
    breakOff(request.signal.reason as Error);
  };
  // One listener for each request under way is no leak.
  setMaxListeners(0, request.signal);
  request.signal.addEventListener('abort', abort, { once: true });
  stream.once('request', (sent: ClientRequest) => {
    sent.once('socket', (socket: Socket & { secureConnecting?: boolean }) => {
      const handshaking = socket.secureConnecting === true;
      const secure = socket instanceof TLSSocket;
      if (!(secure ? handshaking : socket.connecting)) connected = true;
      else socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true));
    });
  });
  return {
    failure: (error) => own ?? translateNetworkError(error, { host, connected }, proxyHost),
    late: () => {
      breakOff(timedOut(host, connected));
    },
    release: () => {
      request.signal.removeEventListener('abort', abort);
    },
  };
}

const KEEP = { keepAlive: true, timeout: 1000, maxFreeSockets: 64 } as const;

async function makeAgents(proxy: URL | undefined, connectTimeoutMs: number): Promise<Agents> {
  if (proxy === undefined) {
    const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
    return { http: new http.Agent(KEEP), https: new https.Agent(KEEP) };
  }
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
  // There the same limit also counts for the proxy's own answer.
  const keep = { ...KEEP, timeout: connectTimeoutMs };
  return { http: new HttpProxyAgent({ ...keep, proxy }), https: new HttpsProxyAgent({ ...keep, proxy }) };
}
