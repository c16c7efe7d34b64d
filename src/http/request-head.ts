const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A request before it goes out. */
export interface RequestFacts {
  readonly method: string;
  readonly url: URL;
  /** Without `host`, `connection` and `content-length`. */
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined`: no body. */
  readonly bodyBytes?: number | undefined;
}

/**
 * Writes the head of a request, with its empty line.
 * @throws TypeError for a header that would end its line or is no Latin-1; the message does not tell its value.
 */
export function requestHead({ method, url, headers, bodyBytes }: RequestFacts): string {
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!NAME.test(name) || !VALUE.test(value))
      throw new TypeError(`the header ${JSON.stringify(name)} cannot be sent`);
    head += `${name}: ${value}\r\n`;
  }
  return bodyBytes === undefined ? `${head}\r\n` : `${head}content-length: ${bodyBytes}\r\n\r\n`;
}
