import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { buildHttpTransport } from '../../../src/platform/http-transport.js';
import { buildPlatform } from '../../../src/platform/platform-client.js';
import type { Platform } from '../../../src/platform/platform.js';
import type { SignedRequestsOptions } from '../../../src/platform/signed-requests.js';

/** One answer of a {@link ScriptedPlatform}; `lost` breaks the connection once the request is there. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON with `resultcode` 0, a text as it is. */
  readonly body?: Readonly<Record<string, unknown>> | string;
  readonly lost?: 'head' | 'body';
}

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server that answers by a list, and a platform client that talks to it. */
export interface ScriptedPlatform {
  readonly platform: Platform;
  readonly requests: SeenRequest[];
  /** Waits of the client in milliseconds; none of them is waited for. */
  readonly waits: number[];
  readonly logged: string[];
  readonly endpoint: string;
  close(): Promise<void>;
}

/** The instant of every request. */
export const SCRIPT_NOW = new Date('2026-07-01T00:00:00Z');

/** Starts the server; a request beyond the list is answered with 500 and a text that no test expects. */
export async function openScriptedPlatform(
  answers: readonly ScriptedAnswer[],
  options: Partial<SignedRequestsOptions> = {},
): Promise<ScriptedPlatform> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, target: url, headers, body: Buffer.concat(parts).toString() });
      const answer = answers[requests.length - 1] ?? { status: 500, body: 'the script is over' };
      if (answer.lost === 'head') {
        request.socket.destroy();
        return;
      }
      const { body = {} } = answer;
      const text =
        typeof body === 'string' ? body : JSON.stringify({ resultcode: '0', resultdesc: 'Success', ...body });
      response.writeHead(answer.status ?? 200, { 'content-type': 'text/html', ...answer.headers });
      if (answer.lost === 'body') response.write(text.slice(0, 5), () => request.socket.destroy());
      else response.end(text);
    });
  });
  const endpoint = await listen(server);
  const waits: number[] = [];
  const logged: string[] = [];
  const platform = buildPlatform({
    application: { endpoint, appKey: 'key-1', appSecret: 'secret-1', signing: 'aksk', mode: undefined },
    transport: buildHttpTransport({ env: {} }),
    now: () => SCRIPT_NOW,
    randomNonce: () => 'nonce1',
    random: () => 0.5,
    signal: new AbortController().signal,
    timeoutMs: 5000,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    log: (line) => {
      logged.push(line);
    },
    ...options,
  });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { platform, requests, waits, logged, endpoint, close };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The error of a promise that fails; it may hold neither secret nor number. */
export async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error('not an AppError', { cause: error });
  const everything = JSON.stringify([error.message, error.hint, error.platform, error.stack]);
  for (const secret of ['secret-1', 'PasswordDigest', '13800000001']) expect(everything).not.toContain(secret);
  return error;
}
