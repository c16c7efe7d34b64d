import {
  type BrokenWay,
  isTlsFailure,
  type NetworkFailure,
  networkFailure,
  networkTimeout,
} from '../domain/network-failure.js';
import { REFUSED_ADDRESS } from './guarded-lookup.js';
import { TransportError } from './transport.js';
import type { TextPair } from '../domain/text-pair.js';

/**
 * A network failure as the tool's own error. Errors of the HTTP client carry the request's headers, signature and all; so nothing of
 * them is taken over but their code.
 * @param way its host is the name of the host alone, all that a message may tell of the address.
 * @param proxyHost host name of the proxy on the way, if there is one: whether it was the one that failed is found out here.
 */
export function translateNetworkError(
  error: unknown,
  { host, connected }: Omit<BrokenWay, 'proxy'> & { readonly host: string },
  proxyHost?: string,
): TransportError {
  const { code: given = '', message = '' } = error as { code?: string; message?: string };
  // The client's own placeholder where the network named no reason.
  const code = given === 'ERR_GOT_REQUEST_ERROR' ? '' : given;
  if (code === REFUSED_ADDRESS) {
    const words = {
      zh: `域名 ${host} 指向本机或内网的地址；没有向其发送`,
      en: `the name ${host} leads to an address of the own machine or network; nothing was sent there`,
    };
    return new TransportError('answer-unreadable', words, { reached: connected ? 'maybe' : 'no' });
  }
  if (connected || proxyHost === undefined || isTlsFailure(code, connected))
    return toError(networkFailure(code, { host, connected }), connected);
  const status = /^Bad response: (\d{3})/.exec(message)?.[1];
  const proxy = { host: proxyHost, httpStatus: status === undefined ? undefined : Number(status) };
  return toError(networkFailure(code, { host, connected, proxy }), connected);
}

/** No sign of life in time, before or after the connection stood. */
export function timedOut(host: string, connected: boolean): TransportError {
  return toError(networkTimeout({ host, connected }), connected);
}

function toError({ kind, code, words }: NetworkFailure, connected: boolean): TransportError {
  const hint = kind === 'timeout' && connected ? MORE_TIME : HINTS[kind];
  return new TransportError(code, words, { reached: connected ? 'maybe' : 'no', hint });
}

const MORE_TIME: TextPair = { zh: '可用 --timeout 延长等待时间。', en: 'Allow more time with --timeout.' };

const HINTS: Readonly<Partial<Record<NetworkFailure['kind'], TextPair>>> = {
  name: {
    zh: '检查 APP接入地址和本机的域名解析。',
    en: 'Check the access address and the name service of this machine.',
  },
  tls: {
    zh: 'APP接入地址是否正确？在公司代理之后，请用 --ca-file 给出其证书。',
    en: 'Is the access address right? Behind a company proxy give its certificate with --ca-file.',
  },
  proxy: {
    zh: '检查 --proxy 以及环境变量 HTTPS_PROXY 和 NO_PROXY。',
    en: 'Check --proxy and the variables HTTPS_PROXY and NO_PROXY.',
  },
  timeout: {
    zh: '检查 APP接入地址；平台不能从中国大陆以外访问。',
    en: 'Check the access address; the platform cannot be called from outside mainland China.',
  },
};
