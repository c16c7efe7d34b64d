import * as http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { networkFailure } from '../domain/network-failure.js';
import type { Network } from '../platform/network.js';
import { buildConnector, ProxyFailure } from '../platform/push-connector.js';
import { NoAnswer, noAnswerIn } from './send-push.js';

/** A push that is sent in another way than usual. */
export interface OddPush {
  readonly to: URL;
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly network?: Network | undefined;
  /** The body comes in so many pieces, with this pause between them. */
  readonly slow?: { readonly pieces: number; readonly pauseMs: number } | undefined;
  /** The connection is reset after half of the body. */
  readonly cut?: boolean | undefined;
  /** The request line names the whole address, as it does behind some proxies. */
  readonly wholeAddress?: boolean | undefined;
}

/**
 * Sends it.
 * @returns the status; `undefined` when the connection was cut as asked.
 * @throws NoAnswer; the signal's reason.
 */
export async function sendOddPush(push: OddPush): Promise<number | undefined> {
  const { to, signal, timeoutMs, bytes } = push;
  const overdue = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, overdue]);
  const connect = buildConnector(to, push.network ?? { env: {} });
  let isConnected = false;
  const request = http.request({
    method: 'POST',
    path: push.wholeAddress === true ? to.href : `${to.pathname}${to.search}`,
    headers: { ...push.headers, host: to.host, 'content-length': bytes.length },
    signal: stop,
    createConnection: (_options, connected) => {
      connect(stop).then(
        (socket) => {
          isConnected = true;
          connected(null, socket);
        },
        (error: unknown) => request.destroy(error as Error),
      );
      return undefined;
    },
  });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    request.on('response', (incoming) => {
      incoming.resume();
      incoming.on('end', () => {
        resolve(incoming.statusCode);
      });
      incoming.on('error', reject);
    });
    request.on('error', reject);
    request.on('close', () => {
      if (push.cut === true) resolve(undefined);
    });
  });
  // Looked at below: an early answer must not be an unhandled failure meanwhile.
  answered.catch(() => undefined);
  try {
    await writeBody(request, push);
    return await answered;
  } catch (error) {
    signal.throwIfAborted();
    if (push.cut === true) return undefined;
    if (overdue.aborted) throw noAnswerIn(timeoutMs, to.host);
    const { code: given = '' } = error as NodeJS.ErrnoException;
    const proxy = error instanceof ProxyFailure ? error.proxy : undefined;
    const { code, words } = networkFailure(given, { host: to.host, connected: isConnected, proxy });
    throw new NoAnswer(code, words, { cause: error });
  }
}

async function writeBody(request: http.ClientRequest, { bytes, slow, cut, signal }: OddPush): Promise<void> {
  if (cut === true) {
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    await new Promise<void>((resolve) => {
      request.once('close', resolve);
      request.write(half, () => {
        resolve();
      });
    });
    request.destroy();
    return;
  }
  const size = Math.ceil(bytes.length / (slow?.pieces ?? 1));
  for (let at = 0; at < bytes.length; at += size) {
    if (at > 0) await delay(slow?.pauseMs ?? 0, undefined, { signal });
    request.write(bytes.subarray(at, at + size));
  }
  request.end();
}
