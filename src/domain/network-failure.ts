import type { ErrorCode } from '../errors.js';
import type { TextPair } from './text-pair.js';

/** What is known of the way when it broke. */
export interface BrokenWay {
  /** Server as people know it; left out where it stands before the words already. */
  readonly host?: string | undefined;
  /** Whether the connection, TLS included, stood. */
  readonly connected: boolean;
  /** The proxy, where it was the one that failed. */
  readonly proxy?: FailedProxy | undefined;
}

/** A proxy that gave no way on. */
export interface FailedProxy {
  /** Host name. */
  readonly host: string;
  /** What it answered; `undefined` when it did not. */
  readonly httpStatus?: number | undefined;
}

/** A failure of the network, told apart, by its stable name and in plain words. */
export interface NetworkFailure {
  readonly kind: keyof typeof CODES;
  readonly code: (typeof CODES)[keyof typeof CODES];
  readonly words: TextPair;
}

const CODES = {
  name: 'network-unreachable',
  unreachable: 'network-unreachable',
  timeout: 'network-timeout',
  tls: 'network-tls',
  proxy: 'network-proxy',
  'no-http': 'answer-unreadable',
  broken: 'network-interrupted',
} as const satisfies Readonly<Record<string, ErrorCode>>;

const NOT_FOUND = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'];
const UNREACHABLE = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTDOWN', 'ENETDOWN'];
const TIMED_OUT = ['ETIMEDOUT', 'ESOCKETTIMEDOUT'];
const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|EPROTO|.*_CERT|.*_CERTIFICATE|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

/**
 * What a failure of the network means. Its code stands behind the words, for whoever looks it up.
 * @param code of the error, as Node.js has it: `ECONNREFUSED`; empty where there is none.
 */
export function networkFailure(code: string, way: BrokenWay): NetworkFailure {
  const kind = kindOf(code, way);
  return { kind, code: CODES[kind], words: wordsOf(kind, code, way) };
}

/** No sign of life in time, before or after the connection stood. */
export function networkTimeout(way: BrokenWay): NetworkFailure {
  return { kind: 'timeout', code: CODES.timeout, words: wordsOf('timeout', '', way) };
}

/** Whether a connection failed for its certificate or its handshake. */
export function isTlsFailure(code: string, connected: boolean): boolean {
  return !connected && TLS.test(code);
}

function kindOf(code: string, { connected, proxy }: BrokenWay): NetworkFailure['kind'] {
  if (proxy !== undefined) return 'proxy';
  if (isTlsFailure(code, connected)) return 'tls';
  if (NOT_FOUND.includes(code)) return 'name';
  if (UNREACHABLE.includes(code)) return 'unreachable';
  if (TIMED_OUT.includes(code)) return 'timeout';
  return code.startsWith('HPE_') ? 'no-http' : 'broken';
}

function wordsOf(kind: NetworkFailure['kind'], code: string, { host, connected, proxy }: BrokenWay): TextPair {
  const whom = (word: string): string => (host === undefined ? '' : ` ${word} ${host}`);
  const zh = (text: string): string => (host === undefined ? text : `${host} ${text}`);
  const it = host ?? 'it';
  switch (kind) {
    case 'proxy': {
      const why = proxyWords(code, proxy);
      return { zh: zh(why.zh), en: `${why.en}${whom('on the way to')}` };
    }
    case 'tls':
      return { zh: zh(`TLS 连接被拒绝（${code}）`), en: `the TLS connection${whom('to')} was refused: ${code}` };
    case 'name': {
      const name = host === undefined ? 'its name' : `the name ${host}`;
      return { zh: zh(`域名无法解析（${code}）`), en: `${name} was not found (${code})` };
    }
    case 'unreachable':
      return { zh: zh(`无法连接（${code}）`), en: `${it} cannot be reached (${code})` };
    case 'timeout':
      return connected
        ? { zh: zh('没有及时应答'), en: `no answer${whom('from')} in time` }
        : { zh: zh('没有及时连上'), en: `no connection${whom('to')} in time` };
    case 'no-http':
      return { zh: zh(`应答不是 HTTP（${code}）`), en: `${it} does not answer in HTTP (${code})` };
    case 'broken': {
      const [zhCode, enCode] = code === '' ? ['无代码', 'no code'] : [code, code];
      return { zh: zh(`连接中断（${zhCode}）`), en: `the connection${whom('to')} broke (${enCode})` };
    }
  }
}

function proxyWords(code: string, proxy: FailedProxy | undefined): TextPair {
  const { host = '', httpStatus } = proxy ?? {};
  if (httpStatus !== undefined)
    return {
      zh: `代理 ${host} 拒绝转发（HTTP ${httpStatus}）`,
      en: `the proxy ${host} refused with HTTP ${httpStatus}`,
    };
  const [zhCode, enCode] = code === '' ? ['无应答', 'no answer'] : [code, code];
  return { zh: `代理 ${host} 无法连接（${zhCode}）`, en: `the proxy ${host} cannot be reached (${enCode})` };
}
