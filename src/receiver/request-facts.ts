import type { IncomingMessage } from 'node:http';

/** Header lines that a push of the platform never reaches; more are refused. */
export const MAX_HEADERS = 100;

/** Whether it is HTTP/1.0, or HTTP/1.1 with the host that this demands; a request line alone passes for HTTP/0.9. */
export function isHttp1({ httpVersion, headers }: Pick<IncomingMessage, 'httpVersion' | 'headers'>): boolean {
  return (httpVersion === '1.1' && headers.host !== undefined) || httpVersion === '1.0';
}

/**
 * The request target with its query, `/fee?a=1`. The platform's request line may carry the full URL; then its path counts, and
 * what host it names does not matter.
 * Source: FAQ of the call-event pages (read 2026-07).
 */
export function targetOf(request: Pick<IncomingMessage, 'url'>): string {
  const url = request.url ?? '/';
  if (url.startsWith('/')) return url;
  const path = /^https?:\/\/[^/?#]*(.*)$/i.exec(url)?.[1];
  if (path === undefined) return url;
  return path.startsWith('/') ? path : `/${path}`;
}

/** Header lines as they came: names in lower case, the values of a repeated one joined by `, `. */
export function headersOf(request: Pick<IncomingMessage, 'rawHeaders'>): Readonly<Record<string, string>> {
  const { rawHeaders } = request;
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const joined = Object.hasOwn(headers, name) ? `${headers[name] ?? ''}, ${value}` : value;
    // A header called __proto__ must stay one.
    if (name === '__proto__')
      Object.defineProperty(headers, name, { value: joined, enumerable: true, writable: true, configurable: true });
    else headers[name] = joined;
  }
  return headers;
}

/** Address of the sender; an IPv4 address that came through an IPv6 socket in its own form. */
export function remoteOf(request: Pick<IncomingMessage, 'socket'>): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::') ? address.replace(/^::ffff:(?=\d+\.)/i, '') : address;
}
