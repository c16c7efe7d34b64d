import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the storage; called with the URL's query. */
export type Handler = (response: ServerResponse, base: string) => void;

/** A storage on a port of its own that answers by path and notes what it was asked. */
export interface StorageServer {
  readonly url: string;
  readonly asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  /** Answers of a path, one after another; the last one stays. */
  serve(path: string, ...handlers: Handler[]): void;
  close(): Promise<void>;
}

/** Starts a storage on 127.0.0.1. */
export async function startStorage(): Promise<StorageServer> {
  const routes = new Map<string, Handler[]>();
  const asked: StorageServer['asked'][number][] = [];
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    asked.push({ path: request.url ?? '', headers: request.headers });
    const handlers = routes.get(path) ?? [];
    const handler = handlers.length > 1 ? handlers.shift() : handlers[0];
    if (handler === undefined) response.writeHead(500).end();
    else handler(response, url);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    serve: (path, ...handlers) => {
      routes.set(path, handlers);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** 200 with the whole body. */
export function whole(body: Buffer, headers: Record<string, string> = {}): Handler {
  return (response) => {
    response.writeHead(200, { 'content-length': body.length, ...headers }).end(body);
  };
}

/** Any other status. */
export function status(code: number, headers: Record<string, string> = {}): Handler {
  return (response) => {
    response.writeHead(code, headers).end('<Error/>');
  };
}

/** A redirect; a path is taken on this server. */
export function redirect(to: string, code = 302): Handler {
  return (response, base) => {
    response.writeHead(code, { location: to.startsWith('//') ? `${base}${to.slice(1)}` : to }).end();
  };
}

/** Sends a part of the body, then breaks the connection; `framing` decides whether the reader can know. */
export function cut(body: Buffer, framing: 'length' | 'chunked' | 'close'): Handler {
  return (response) => {
    const { socket } = response;
    const head = { length: `content-length: ${body.length}\r\n`, chunked: 'transfer-encoding: chunked\r\n', close: '' }[
      framing
    ];
    const part = body.subarray(0, body.length / 2);
    socket?.write(`HTTP/1.1 200 OK\r\n${head}connection: close\r\n\r\n`);
    if (framing === 'chunked') socket?.write(`${part.length.toString(16)}\r\n`);
    socket?.end(part);
  };
}
