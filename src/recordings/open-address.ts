import { isIPv4, isIPv6 } from 'node:net';
import { AppError } from '../errors.js';
import type { Transport, WireAnswer } from '../platform/transport.js';

/** Redirects followed behind the first address. */
const MAX_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

/** A request for a recording. */
export interface AddressRequest {
  /** Where the recording is, as the platform or the record says. */
  readonly address: string;
  /** Whether plain HTTP and local addresses are allowed: only for a platform that is local itself (the sandbox). */
  readonly allowLocal: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Gets `address` without any signature header and follows at most 3 redirects, over HTTPS only and never to an address of
 * the own machine or network.
 * @returns the first answer that is no redirect, whatever its status.
 * @throws AppError `answer-unreadable` for an address or redirect that is not followed; `network-…` of the transport.
 */
export async function openAddress(transport: Transport, request: AddressRequest): Promise<WireAnswer> {
  let url = checkAddress(request.address, undefined, request.allowLocal);
  for (let hops = 0; ; hops += 1) {
    const answer = await transport.send({
      method: 'GET',
      url,
      headers: { accept: '*/*', 'accept-encoding': 'identity' },
      timeoutMs: request.timeoutMs,
      signal: request.signal,
    });
    if (!REDIRECTS.includes(answer.status)) return answer;
    await discard(answer);
    const location = answer.headers.location;
    if (location === undefined || location === '') throw refused(`${url.host} redirects to nowhere`);
    if (hops === MAX_REDIRECTS) throw refused(`more than ${MAX_REDIRECTS} redirects; the last one by ${url.host}`);
    url = checkAddress(location, url, request.allowLocal);
  }
}

/** Ends an answer whose body nobody wants. */
export async function discard(answer: WireAnswer): Promise<void> {
  for await (const _ of answer.body) break;
}

/** Whether `hostname` is the own machine by name or number, or the embedded sandbox. */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === 'sandbox.invalid' ||
    host === '::1' ||
    host.startsWith('127.')
  );
}

function checkAddress(address: string, base: URL | undefined, allowLocal: boolean): URL {
  let url: URL;
  try {
    url = new URL(address, base);
  } catch (error) {
    throw refused('the address of the recording is no URL', error);
  }
  if (allowLocal && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  if (url.protocol !== 'https:') throw refused(`the address at ${url.host} is ${url.protocol} and not https:`);
  if (isLocalHost(url.hostname) || isPrivateAddress(url.hostname)) {
    throw refused(`the address at ${url.host} is of the own machine or network`);
  }
  return url;
}

/** Only addresses written as numbers; what a name resolves to is not known here. */
function isPrivateAddress(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIPv4(host)) {
    const [first = 0, second = 0] = host.split('.').map(Number);
    if (first === 0 || first === 10 || first === 127 || first >= 224) return true;
    if (first === 100) return second >= 64 && second < 128;
    if (first === 169) return second === 254;
    if (first === 172) return second >= 16 && second < 32;
    return first === 192 && second === 168;
  }
  return isIPv6(host) && /^(::|f[cde]|ff|64:ff9b:)/.test(host);
}

function refused(why: string, cause?: unknown): AppError {
  return new AppError('answer-unreadable', why, { cause });
}
