/** How long the body of an answer is. */
export type BodyLength =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** As long as the server keeps the connection open: nothing tells a body that was cut short. */
  | { readonly kind: 'until-close' };

/** Status line and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  /** Names in lower case; values of a name that came more than once are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly length: BodyLength;
  /** Whether the connection can be used for another exchange behind the body. */
  readonly keepsOpen: boolean;
}

/** What came is no HTTP/1.1. `code` begins with `HPE_`, as with Node's own parser. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = `HPE_${code}`;
  }
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d{2})(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const HEADER = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)$/;
/** Headers of which a second one would make nonsense of the first (RFC 9110, 5.3). */
const SINGLE = new Set(['content-type', 'date', 'etag', 'last-modified', 'location', 'retry-after']);
/** Answers that never have a body (RFC 9112, 6.3). */
const WITHOUT_BODY = [204, 304];

/**
 * Reads the head of an answer, strictly: what two readers could read in two ways (two lengths, a length beside chunks, folded
 * lines, bare line feeds, spaces before a colon) is refused.
 * @param text all before the empty line, as Latin-1.
 * @param method of the request: an answer to HEAD has no body.
 * @throws BadAnswer.
 */
export function parseAnswerHead(text: string, method: string): AnswerHead {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, status] = STATUS_LINE.exec(first) ?? [];
  if (status === undefined) throw new BadAnswer('INVALID_STATUS', 'the answer does not begin as HTTP/1 does');
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, written, value] = HEADER.exec(line) ?? [];
    if (written === undefined || value === undefined) {
      throw new BadAnswer('INVALID_HEADER_TOKEN', 'a header of the answer cannot be read');
    }
    const name = written.toLowerCase();
    const known = headers[name];
    const text = value.trimEnd();
    if (known === undefined) headers[name] = text;
    else if (!SINGLE.has(name)) headers[name] = `${known}, ${text}`;
  }
  const code = Number(status);
  const length: BodyLength =
    method === 'HEAD' || WITHOUT_BODY.includes(code) ? { kind: 'bytes', bytes: 0 } : lengthOf(headers, minor === '0');
  const connection = (headers.connection ?? '').toLowerCase();
  const keeps = minor === '0' ? /\bkeep-alive\b/.test(connection) : !/\bclose\b/.test(connection);
  return { status: code, headers, length, keepsOpen: keeps && length.kind !== 'until-close' };
}

function lengthOf(headers: Readonly<Record<string, string>>, isOld: boolean): BodyLength {
  const { 'transfer-encoding': encoding, 'content-length': stated } = headers;
  if (encoding !== undefined) {
    // A server of HTTP/1.0 does not know chunks; beside a length nobody can say which one counts.
    if (encoding.toLowerCase() !== 'chunked' || stated !== undefined || isOld) {
      throw new BadAnswer('INVALID_TRANSFER_ENCODING', 'the transfer encoding of the answer cannot be read');
    }
    return { kind: 'chunked' };
  }
  if (stated === undefined) return { kind: 'until-close' };
  if (!/^\d{1,15}$/.test(stated)) throw new BadAnswer('INVALID_CONTENT_LENGTH', 'the answer states no usable length');
  return { kind: 'bytes', bytes: Number(stated) };
}
