import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { maskText } from '../domain/phone-number.js';
import type { Words } from '../domain/text-pair.js';
import { type SandboxRequest, type SandboxResponse, splitTarget } from './exchange.js';

const BODY_LIMIT_BYTES = 1_048_576;

/** What answering over HTTP needs. */
export interface HttpListenerOptions {
  readonly handle: (request: SandboxRequest) => Promise<SandboxResponse>;
  /** Whether the server speaks TLS. */
  readonly secure: boolean;
  /** Ends what is held back of an answer. */
  readonly signal: AbortSignal;
  /** One line for each request: method, path, status, milliseconds. */
  readonly log: (line: Words) => void;
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > BODY_LIMIT_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function requestOf(
  incoming: IncomingMessage,
  body: Uint8Array,
  more: Pick<SandboxRequest, 'secure' | 'signal'>,
): SandboxRequest {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return {
    method: incoming.method ?? 'GET',
    target: incoming.url ?? '/',
    headers,
    body,
    remote: incoming.socket.remoteAddress ?? '',
    ...more,
  };
}

function breakConnection(socket: Socket): void {
  // TLS sockets cannot reset; ending them at once is as near as it gets.
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}

async function respond(outgoing: ServerResponse, response: SandboxResponse, signal: AbortSignal): Promise<void> {
  const { socket } = outgoing;
  if (response.delayMs !== undefined) await delay(response.delayMs, undefined, { signal }).catch(() => undefined);
  if (response.fault !== undefined) {
    if (socket !== null) breakConnection(socket);
    return;
  }
  // The platform closes first, after every answer.
  outgoing.writeHead(response.status, { ...response.headers, connection: 'close' });
  if (response.body instanceof Uint8Array) {
    outgoing.end(response.body);
    return;
  }
  try {
    for await (const piece of response.body) {
      if (!outgoing.write(piece))
        await new Promise<void>((resolve) => outgoing.once('drain', resolve).once('close', resolve));
      if (outgoing.destroyed) return;
    }
    outgoing.end();
  } catch {
    // A fault cuts the answer: what was written must arrive before the connection breaks.
    outgoing.socket?.end();
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { handle, secure, signal, log }: HttpListenerOptions,
): Promise<void> {
  const started = performance.now();
  const body = await readBody(incoming);
  if (body === undefined) {
    outgoing.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const gone = new AbortController();
  outgoing.once('close', () => {
    gone.abort();
  });
  const request = requestOf(incoming, body, { secure, signal: AbortSignal.any([signal, gone.signal]) });
  const response = await handle(request);
  await respond(outgoing, response, signal);
  const { path } = splitTarget(request.target);
  const outcome = response.fault ?? String(response.status);
  log(`${request.method} ${maskText(path)} ${outcome} ${Math.round(performance.now() - started)} ms`);
}

/**
 * Gives Node's requests to the sandbox and its answers back: bodies up to 1 MiB, 413 for longer ones; the connection is closed after
 * every answer, or broken where a fault says so.
 */
export function buildHttpListener(
  options: HttpListenerOptions,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    answer(incoming, outgoing, options).catch((error: unknown) => {
      const why = error instanceof Error ? maskText(error.message) : undefined;
      options.log({ zh: `失败：${why ?? '未知'}`, en: `failed: ${why ?? 'unknown'}` });
      outgoing.destroy();
    });
  };
}
