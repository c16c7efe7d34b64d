import { setMaxListeners } from 'node:events';
import { type Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { guardedLookup } from './guarded-lookup.js';
import { flatHeaders, readBody } from './read-body.js';
import { timedOut, translateNetworkError } from './translate-network-error.js';
import type { WireAnswer, WireRequest } from './transport.js';

/** Connections of one way out, kept for the next request. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** A request and how it leaves. */
export interface DirectWay {
  readonly request: WireRequest;
  readonly agents: Agents;
  readonly certificateAuthority: string[] | undefined;
  readonly verified: boolean;
  readonly connectTimeoutMs: number;
}

/**
 * Gets something straight through Node.js, without the client that changes and proxies take: that one took a third of the
 * time of a small file. No proxies. When a kept connection was just being closed by its server, a file
 * is asked for again at once, on a new one; a signed question is not, for its signature may be used only once: whoever signs it asks again.
 * @throws TransportError; the signal's own reason.
 */
export async function getDirect(way: DirectWay): Promise<WireAnswer> {
  const first = await getOnce(way);
  if (first !== 'closed-before') return first;
  if (way.request.isFile !== true) throw translateNetworkError({ code: 'ECONNRESET' }, brokenWay(way, true));
  const second = await getOnce(way, true);
  if (second !== 'closed-before') return second;
  throw translateNetworkError({ code: 'ECONNRESET' }, brokenWay(way, true));
}

function brokenWay({ request }: DirectWay, connected: boolean): Parameters<typeof translateNetworkError>[1] {
  return { host: request.url.hostname, proxyHost: undefined, connected };
}

async function getOnce(way: DirectWay, alone = false): Promise<WireAnswer | 'closed-before'> {
  const { request, agents, connectTimeoutMs } = way;
  const { url, signal } = request;
  const isSecure = url.protocol === 'https:';
  const send = isSecure ? httpsRequest : httpRequest;
  const sent = send(url, {
    method: request.method,
    headers: { 'user-agent': 'privacy-call', ...request.headers, 'accept-encoding': 'identity' },
    agent: alone ? false : isSecure ? agents.https : agents.http,
    rejectUnauthorized: way.verified,
    ...(way.certificateAuthority === undefined ? {} : { ca: way.certificateAuthority }),
    ...(request.allowsAddress === undefined ? {} : { lookup: guardedLookup(request.allowsAddress) }),
  });
  let connected = false;
  let own: Error | undefined;
  const breakOff = (error: Error): void => {
    own ??= error;
    sent.destroy(error);
  };
  const late = (): void => {
    breakOff(timedOut(url.hostname, connected));
  };
  const abort = (): void => {
    breakOff(signal.reason as Error);
  };
  setMaxListeners(0, signal);
  signal.addEventListener('abort', abort, { once: true });
  const release = (): void => {
    signal.removeEventListener('abort', abort);
  };
  const failure = (error: unknown): Error => own ?? translateNetworkError(error, brokenWay(way, connected));
  let timer = setTimeout(late, connectTimeoutMs);
  const reached = (): void => {
    connected = true;
    clearTimeout(timer);
    timer = setTimeout(late, request.timeoutMs);
  };
  try {
    const head = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('socket', (socket) => {
        if (!socket.connecting && sent.reusedSocket) reached();
        else socket.once(isSecure ? 'secureConnect' : 'connect', reached);
      });
      sent.on('error', reject);
      sent.once('response', resolve);
      sent.end();
    });
    const body = readBody(head, { failure, late, release }, request.timeoutMs);
    return { status: head.statusCode ?? 0, headers: flatHeaders(head.headers), body };
  } catch (error) {
    release();
    const { code } = error as NodeJS.ErrnoException;
    if (own === undefined && sent.reusedSocket && code === 'ECONNRESET') return 'closed-before';
    throw failure(error);
  } finally {
    clearTimeout(timer);
  }
}
