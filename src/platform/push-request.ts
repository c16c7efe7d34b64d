import { basicAuthorization } from './url-user.js';

/** What is sent. */
export interface OutgoingPush {
  /** Request target as it was saved. */
  readonly path: string;
  /** Those of one connection are left out, whatever is given. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, byte for byte. */
  readonly bytes: Uint8Array;
}

/** Headers of one connection or one body, made anew for each request. */
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

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Builds what gives the head of a request to `to`, in Latin-1.
 * @param to a path of its own replaces that of the pushes; its user is sent where a push has no `authorization`.
 */
export function buildRequestHead(to: URL): (push: OutgoingPush) => string {
  const behindTarget = ` HTTP/1.1\r\nhost: ${to.host}\r\n`;
  const user = basicAuthorization(to);
  const ownPath = to.pathname !== '/' || to.search !== '' ? `${to.pathname}${to.search}` : undefined;
  return ({ path, headers, bytes }) => {
    let head = `POST ${ownPath ?? targetOf(path)}${behindTarget}`;
    for (const name of Object.keys(headers)) {
      const lower = name.toLowerCase();
      if (!OF_THE_CONNECTION.has(lower) && TOKEN.test(name)) head += `${name}: ${oneLine(headers[name] ?? '')}\r\n`;
    }
    if (user !== undefined && !Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) {
      head += `authorization: ${user}\r\n`;
    }
    return `${head}connection: keep-alive\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  };
}

/** A saved target may be a full URL, as it passes through proxies, and may hold what no request line can. */
function targetOf(savedPath: string): string {
  if (/^\/[\w\-./?=&%]*$/.test(savedPath) && !/^\/\/|\/\.|%2e/i.test(savedPath)) return savedPath;
  const base = 'http://saved.invalid';
  if (!URL.canParse(savedPath, base)) return '/';
  const saved = new URL(savedPath, base);
  return `${saved.pathname}${saved.search}`;
}

/** A value as it stands in one line of Latin-1. */
function oneLine(value: string): string {
  return /^[\t\x20-\x7e]*$/.test(value) ? value : value.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
}
