/** A request as the sandbox takes it, from its own process or from a server. */
export interface SandboxRequest {
  readonly method: string;
  /** Path and query; a whole URL (as to a proxy) is taken too. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Address of the other side, {@link IN_PROCESS} for the own process. */
  readonly remote: string;
  /** Whether it came over TLS. */
  readonly secure?: boolean | undefined;
  /** Whoever asked has gone: what is still to come of the answer is not waited for. */
  readonly signal?: AbortSignal | undefined;
}

/** The sandbox's answer. */
export interface SandboxResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** In pieces where it may be long; such a body rejects with `network-interrupted` when a fault cuts it. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** The connection breaks instead of an answer: before the platform acted on the request, or after. */
  readonly fault?: 'reset-before' | 'reset-after' | undefined;
  /** How long the answer is held back. */
  readonly delayMs?: number | undefined;
}

/** `remote` of requests that never left the process. */
export const IN_PROCESS = 'in-process';

/** A body in JSON; the content type is the platform's unless another is given. */
export function jsonResponse(
  status: number,
  body: unknown,
  contentType = 'application/json;charset=utf-8',
): SandboxResponse {
  const bytes = Buffer.from(JSON.stringify(body));
  return { status, headers: { 'content-type': contentType, 'content-length': String(bytes.length) }, body: bytes };
}

/** An answer of another kind. */
export function textResponse(status: number, contentType: string, text: string): SandboxResponse {
  const bytes = Buffer.from(text);
  return { status, headers: { 'content-type': contentType, 'content-length': String(bytes.length) }, body: bytes };
}

/** Path and query of a request target; the scheme and host of a whole URL are dropped. */
export function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  return { path: path === '' ? '/' : path, query: new URLSearchParams(mark < 0 ? '' : local.slice(mark + 1)) };
}
