import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { expect } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { buildHttpTransport, type HttpTransportOptions } from '../../../src/platform/http-transport.js';
import type { WireAnswer, WireRequest } from '../../../src/platform/transport.js';

const open: (Server | TcpServer)[] = [];

/** Ends every server of the test; their open connections too. */
export async function closeServers(): Promise<void> {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Starts a server on a free port of this machine. */
export async function portOf(server: Server | TcpServer): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Address of a plain HTTP server. */
export async function serve(handler: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await portOf(createServer(handler))}`;
}

/** An answer read to its end. */
export interface Sent {
  readonly answer: WireAnswer;
  readonly bytes: Buffer;
}

/** Sends one request with a signature header and reads its answer. */
export async function send(
  url: string,
  more: Partial<WireRequest> = {},
  options: Partial<HttpTransportOptions> = {},
): Promise<Sent> {
  const transport = buildHttpTransport({ env: {}, ...options });
  const request: WireRequest = {
    method: 'GET',
    url: new URL(url),
    headers: { 'x-aksk': 'secret-token' },
    timeoutMs: 5000,
    signal: new AbortController().signal,
    ...more,
  };
  const answer = await transport.send(request);
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return { answer, bytes: Buffer.concat(parts) };
}

/** What the error shows must not hold anything of the request but the host. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ code: string; reached: unknown; message: string }> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error as Error;
  expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain('secret-token');
  return { code: error.code, reached: 'reached' in error ? error.reached : undefined, message: error.message };
}

/** What a body holds. */
export async function textOfBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** What a request holds. */
export async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of message) text += String(part);
  return text;
}
