import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestFacts } from './push-report.js';
import type { BodyResult } from './read-body.js';
import { isHttp1, MAX_HEADERS } from './request-facts.js';
import type { TextPair } from '../domain/text-pair.js';

/** Why a request is not taken. */
export interface Refusal {
  readonly status: number;
  readonly reason: TextPair;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Which requests are taken. */
export interface RequestRules {
  /** `off` (default): signatures are not looked at; `warn`: logged; `strict`: a push without a good one is refused. */
  readonly verify?: 'off' | 'warn' | 'strict' | undefined;
  /** Whether pushes of this address are taken; everybody's by default. */
  readonly allow?: ((remote: string) => boolean) | undefined;
  /** Whether pushes to this path, without its query, are taken; else they are answered 404. Every path by default. */
  readonly takesPath?: ((path: string) => boolean) | undefined;
}

/** Headers of an answer after which the platform is to try again, in a minute. */
export const RETRY_LATER = { 'retry-after': '60' };

const OF_BODIES: Readonly<Partial<Record<BodyResult['state'], Refusal>>> = {
  'too-large': { status: 413, reason: { zh: '消息体过大', en: 'the body is too large' } },
  crowded: {
    status: 503,
    reason: { zh: '同时到达的大推送过多', en: 'too many large pushes at once' },
    headers: RETRY_LATER,
  },
};

const NO_HTTP: TextPair = {
  zh: '既不是带 Host 的 HTTP/1.1，也不是 HTTP/1.0',
  en: 'it is no HTTP/1.1 with a host and no HTTP/1.0',
};
const NOT_ALLOWED: TextPair = { zh: '不允许该地址', en: 'this address is not allowed' };
const ONLY_POST: TextPair = { zh: '只接收 POST', en: 'only POST is taken' };

/** How a signature that is not good is called in Chinese. */
export function signatureZh(signature: RequestFacts['signature']): string {
  return signature === 'absent' ? '没有签名' : '签名错误';
}

/** @returns why a request is refused before its body is read; `undefined` where it is not. With `verify: warn` also one without a good signature is taken. */
export function refusalOfRequest(
  request: IncomingMessage,
  { remote, path, signature }: RequestFacts,
  { verify, allow, takesPath }: RequestRules,
): Refusal | undefined {
  if (!isHttp1(request)) return { status: 400, reason: NO_HTTP };
  if (request.rawHeaders.length > MAX_HEADERS * 2)
    return { status: 431, reason: { zh: '请求头过多', en: 'too many headers' } };
  if (allow?.(remote) === false) return { status: 403, reason: NOT_ALLOWED };
  if (request.method !== 'POST') return { status: 405, reason: ONLY_POST, headers: { allow: 'POST' } };
  if (takesPath?.(path.split('?')[0] ?? '') === false)
    return { status: 404, reason: { zh: '不接收该路径', en: 'this path is not taken' } };
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '')
    return { status: 415, reason: { zh: '消息体经过压缩', en: 'the body is compressed' } };
  if (verify === 'strict' && signature !== 'unchecked' && signature !== 'valid')
    return { status: 401, reason: { zh: signatureZh(signature), en: `the signature is ${signature}` } };
  return undefined;
}

/** @returns why a body that arrived so is refused; `undefined` where it is not. */
export function refusalOfBody(state: BodyResult['state']): Refusal | undefined {
  return OF_BODIES[state];
}

/** Answers. The connection is closed: the rest of a body that was not read must not be taken for the next request. */
export function refuse(response: ServerResponse, { status, headers }: Refusal): void {
  response.writeHead(status, { ...headers, connection: 'close', 'content-length': 0 });
  response.end();
}
