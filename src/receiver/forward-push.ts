import * as http from 'node:http';
import * as https from 'node:https';
import type { IncomingPush } from '../store/store.js';
import type { DeliveryOutcome } from './delivery.js';

/** A server of the team that pushes are handed on to. */
export interface ForwardTarget {
  /** `http:` or `https:`. A path of its own replaces that of the pushes; with `/` alone each keeps the path it came on. */
  readonly to: URL;
  /** Longest wait for the whole answer. */
  readonly timeoutMs: number;
  /** Connections at once. */
  readonly concurrency: number;
  /** Certificates to trust beside those of the system, PEM. */
  readonly ca?: string | undefined;
}

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
  | { readonly state: 'timeout' | 'unreachable' | 'broken'; readonly reason: string };

/** Hands pushes on to one target. */
export interface Forwarder {
  /** Never rejects. */
  send(push: IncomingPush, signal?: AbortSignal): Promise<ForwardAnswer>;
  close(): void;
}

/** Headers of one connection, made anew for each request. The signature goes on as it came. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'expect',
]);
const MOST_BODY_BYTES = 64 * 1024;
const LONGEST_RETRY_AFTER_MS = 300_000;
const NOBODY_THERE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];

/** Opens connections to `target`, kept alive. Certificates are checked; redirects are answers like others. */
export function buildForwarder(target: ForwardTarget): Forwarder {
  const secure = target.to.protocol === 'https:';
  const settings = { keepAlive: true, maxSockets: target.concurrency };
  const agent = secure ? new https.Agent({ ...settings, ca: target.ca }) : new http.Agent(settings);
  return {
    send: (push, signal) => send(target, agent, { push, signal }),
    close: () => {
      agent.destroy();
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

async function send(
  { to, timeoutMs }: ForwardTarget,
  agent: http.Agent,
  { push, signal }: { readonly push: IncomingPush; readonly signal: AbortSignal | undefined },
): Promise<ForwardAnswer> {
  const overdue = AbortSignal.timeout(timeoutMs);
  const stop = signal === undefined ? overdue : AbortSignal.any([signal, overdue]);
  try {
    return await exchange(to, agent, { push, signal: stop });
  } catch (error) {
    if (overdue.aborted) return { state: 'timeout', reason: `no answer within ${timeoutMs} ms` };
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const refused =
      NOBODY_THERE.includes(code) || /^(ERR_TLS|CERT_|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code);
    return { state: refused ? 'unreachable' : 'broken', reason: code === '' ? 'the connection broke' : code };
  }
}

function exchange(
  to: URL,
  agent: http.Agent,
  { push, signal }: { readonly push: IncomingPush; readonly signal: AbortSignal },
): Promise<ForwardAnswer> {
  const request = to.protocol === 'https:' ? https.request : http.request;
  const headers = Object.fromEntries(Object.entries(push.headers).filter(([name]) => !OF_THE_CONNECTION.has(name)));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        method: 'POST',
        hostname: to.hostname.replace(/^\[|\]$/g, ''),
        port: to.port === '' ? undefined : to.port,
        path: pathOf(to, push.path),
        ...(to.username === ''
          ? {}
          : { auth: `${decodeURIComponent(to.username)}:${decodeURIComponent(to.password)}` }),
        headers: { ...headers, 'content-length': push.bytes.length },
        agent,
        signal,
      },
      (incoming) => {
        const parts: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          if (size < MOST_BODY_BYTES) parts.push(chunk.subarray(0, MOST_BODY_BYTES - size));
          size += chunk.length;
        });
        incoming.on('end', () => {
          resolve({
            state: 'answered',
            status: incoming.statusCode ?? 0,
            contentType: incoming.headers['content-type'],
            retryAfter: incoming.headers['retry-after'],
            body: Buffer.concat(parts),
          });
        });
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(push.bytes);
  });
}

function pathOf(to: URL, cameOn: string): string {
  if (to.pathname !== '/' || to.search !== '') return `${to.pathname}${to.search}`;
  // A path as it came may hold what no request line can.
  const saved = URL.canParse(cameOn, 'http://saved.invalid') ? new URL(cameOn, 'http://saved.invalid') : to;
  return `${saved.pathname}${saved.search}`;
}
