import type { TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import type { Transport, WireAnswer } from '../platform/transport.js';
import { isLocalHost, isPrivateAddress } from './local-address.js';
import { parseUrl } from '../platform/parse-url.js';

/** Redirects followed behind the first address. */
const MAX_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

/** A request for a recording. */
export interface AddressRequest {
  /** Where the recording is, as the platform or the record says. */
  readonly address: string;
  /** Whether plain HTTP and local addresses are allowed: only for a platform that is local itself (the sandbox). */
  readonly allowLocal: boolean;
  /** `range`, `if-range`; sent to every hop. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Gets `address` without any signature header and follows at most 3 redirects, over HTTPS only and never to an address of
 * the own machine or network, whether written as a number or found behind a name when connecting. No message tells more of
 * an address than its host: the rest carries a signature.
 * @returns the first answer that is no redirect, whatever its status.
 * @throws AppError `answer-unreadable` for an address or redirect that is not followed; `network-…` of the transport.
 */
export async function openAddress(transport: Transport, request: AddressRequest): Promise<WireAnswer> {
  let url = checkAddress(request.address, undefined, request.allowLocal);
  for (let hops = 0; ; hops += 1) {
    const answer = await transport.send({
      method: 'GET',
      url,
      headers: { accept: '*/*', 'accept-encoding': 'identity', ...request.headers },
      timeoutMs: request.timeoutMs,
      signal: request.signal,
      isFile: true,
      ...(request.allowLocal ? {} : { allowsAddress: (address: string) => !isPrivateAddress(address) }),
    });
    if (!REDIRECTS.includes(answer.status)) return answer;
    await discard(answer);
    const location = answer.headers.location;
    if (location === undefined || location === '')
      throw refused({ zh: `${url.host} 的重定向没有地址`, en: `${url.host} redirects to nowhere` });
    if (hops === MAX_REDIRECTS)
      throw refused({
        zh: `重定向超过 ${MAX_REDIRECTS} 次；最后一次来自 ${url.host}`,
        en: `more than ${MAX_REDIRECTS} redirects; the last one by ${url.host}`,
      });
    url = checkAddress(location, url, request.allowLocal);
  }
}

/** Ends an answer whose body nobody wants. Never throws: that it broke is no news. */
export async function discard(answer: WireAnswer): Promise<void> {
  try {
    for await (const _ of answer.body) break;
  } catch {
    // Its end is all that was asked for.
  }
}

function checkAddress(address: string, base: URL | undefined, allowLocal: boolean): URL {
  const url = parseUrl(address, base);
  if (url === undefined) {
    throw refused(
      base === undefined
        ? { zh: '录音的下载地址不是 URL', en: 'the address of the recording is no URL' }
        : { zh: `${base.host} 重定向到的不是 URL`, en: `${base.host} redirects to no URL` },
    );
  }
  if (url.username !== '' || url.password !== '')
    throw refused({ zh: `${url.host} 的地址带有用户名`, en: `the address at ${url.host} carries a user name` });
  if (allowLocal && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  if (url.protocol !== 'https:') {
    const [zh, en] =
      base === undefined ? ['', ''] : [`（由 ${base.host} 重定向）`, `, to which ${base.host} redirects,`];
    throw refused({
      zh: `${url.host} 的地址${zh}是 ${url.protocol}，不是 https:`,
      en: `the address at ${url.host}${en} is ${url.protocol} and not https:`,
    });
  }
  if (isLocalHost(url.hostname) || isPrivateAddress(url.hostname, true)) {
    throw refused({
      zh: `${url.host} 的地址属于本机或内网`,
      en: `the address at ${url.host} is of the own machine or network`,
    });
  }
  return url;
}

function refused(why: TextPair): AppError {
  return new AppError('answer-unreadable', why);
}
