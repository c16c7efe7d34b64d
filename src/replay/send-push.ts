import * as http from 'node:http';
import * as https from 'node:https';
import { AppError } from '../errors.js';
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

/** Delivers pushes to one target. */
export interface Sender {
  /** @throws AppError `network-…`; the signal's reason. */
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
export interface SenderOptions {
  /** `http:` or `https:`. A path of its own replaces that of the pushes; with `/` alone each keeps the path it was saved with. */
  readonly to: URL;
  /** Longest wait for the whole answer. */
  readonly timeoutMs: number;
  /** Without it the saved headers are sent, signature included. */
  readonly resign?: Resigning | undefined;
  /** Connections at once. */
  readonly concurrency: number;
}

/** Headers of one connection or one body, made anew for each request. */
const NOT_REPEATED = [
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
];
const SIGNATURE = ['authorization', 'x-aksk', 'x-wsse'];
const MAX_BODY_TEXT = 65_536;

/** A sender over HTTP or HTTPS with connections kept alive. Certificates are checked. */
export function buildSender(options: SenderOptions): Sender {
  const secure = options.to.protocol === 'https:';
  const settings = { keepAlive: true, maxSockets: options.concurrency };
  const agent = secure ? new https.Agent(settings) : new http.Agent(settings);
  return {
    send: (item, signal) => send({ item, signal, options, agent }),
    close: () => {
      agent.destroy();
    },
  };
}

/** The headers that leave with a push: as saved, or signed anew. */
export function replayHeaders(item: ReplayItem, resign: Resigning | undefined): Readonly<Record<string, string>> {
  const dropped = new Set(resign === undefined ? NOT_REPEATED : [...NOT_REPEATED, ...SIGNATURE]);
  const kept = Object.entries(item.headers).filter(([name]) => !dropped.has(name.toLowerCase()));
  if (resign === undefined) return Object.fromEntries(kept);
  const { appKey, appSecret, signing } = resign;
  const parts = { appKey, appSecret, signing, nonce: resign.nonce(), created: created(resign.now()) };
  return { ...Object.fromEntries(kept), ...signatureHeaders(parts) };
}

interface Delivery {
  readonly item: ReplayItem;
  readonly signal: AbortSignal;
  readonly options: SenderOptions;
  readonly agent: http.Agent;
}

async function send({ item, signal, options, agent }: Delivery): Promise<PushAnswer> {
  signal.throwIfAborted();
  const overdue = AbortSignal.timeout(options.timeoutMs);
  const start = performance.now();
  try {
    const answer = await exchange(item, { options, agent, signal: AbortSignal.any([signal, overdue]) });
    return { ...answer, latencyMs: Math.round((performance.now() - start) * 10) / 10 };
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error, { host: options.to.host, overdue: overdue.aborted, timeoutMs: options.timeoutMs });
  }
}

function exchange(
  item: ReplayItem,
  way: { readonly options: SenderOptions; readonly agent: http.Agent; readonly signal: AbortSignal },
): Promise<Omit<PushAnswer, 'latencyMs'>> {
  const { to, resign } = way.options;
  const request = to.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        method: 'POST',
        protocol: to.protocol,
        hostname: to.hostname.replace(/^\[|\]$/g, ''),
        port: to.port === '' ? undefined : to.port,
        path: targetOf(to, item.path),
        headers: { ...replayHeaders(item, resign), 'content-length': item.bytes.length },
        agent: way.agent,
        signal: way.signal,
      },
      (incoming) => {
        const parts: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          if (size < MAX_BODY_TEXT) parts.push(chunk.subarray(0, MAX_BODY_TEXT - size));
          size += chunk.length;
        });
        incoming.on('end', () => {
          resolve({ status: incoming.statusCode ?? 0, bodyText: Buffer.concat(parts).toString('utf8') });
        });
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(item.bytes);
  });
}

function targetOf(to: URL, savedPath: string): string {
  if (to.pathname !== '/' || to.search !== '') return `${to.pathname}${to.search}`;
  // A saved target may be a full URL, as it passes through proxies, and may hold what no request line can.
  const saved = new URL(savedPath, 'http://saved.invalid');
  return `${saved.pathname}${saved.search}`;
}

const CODES: Readonly<Record<string, 'network-unreachable' | 'network-interrupted'>> = {
  ENOTFOUND: 'network-unreachable',
  EAI_AGAIN: 'network-unreachable',
  ECONNREFUSED: 'network-unreachable',
  EHOSTUNREACH: 'network-unreachable',
  ENETUNREACH: 'network-unreachable',
};

function networkError(error: unknown, about: { host: string; overdue: boolean; timeoutMs: number }): AppError {
  if (error instanceof AppError) return error;
  if (about.overdue) return new AppError('network-timeout', `${about.host}: no answer within ${about.timeoutMs} ms`);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const tls = /^(ERR_TLS|CERT_|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code);
  const known = tls ? 'network-tls' : (CODES[code] ?? 'network-interrupted');
  return new AppError(known, `${about.host}: ${code === '' ? 'the connection broke' : code}`, { cause: error });
}
