import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { maskText } from '../domain/phone-number.js';
import { wordsOfError } from '../domain/text-error.js';
import type { Words } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { buildSandboxControl, type SandboxControl } from './control-client.js';
import { type Deliver, deliverByHttp } from './deliver.js';
import { type SandboxRequest, type SandboxResponse, splitTarget } from './exchange.js';
import { takeLock } from '../disk/lock-file.js';
import { buildSandbox, CONTROL_PATH, type SandboxCore } from './sandbox.js';
import { forwardRequest, readServerAddress, removeServerAddress, writeServerAddress } from './server-address.js';
import { sandboxTime } from './state.js';
import { makeFolder, openStateFile } from './state-file.js';
import { DEFAULT_SEED, LOCK_WAIT_MS, lockFileOf } from './state-folder.js';

const BODY_LIMIT_BYTES = 1_048_576;
const SAVE_AFTER_MS = 200;
/** Due pushes are looked for at these distances at most and at least; in between when the next one falls due. */
const PUSH_EVERY_MS = 1000;
const PUSH_LEAST_MS = 20;

/** How the sandbox is served. */
export interface SandboxServerOptions {
  /** The same folder as that of `openSandboxFolder`. */
  readonly folder: string;
  /** 0 = any free one. */
  readonly port: number;
  /** `127.0.0.1` unless another interface is wanted. */
  readonly host: string;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly now: () => Date;
  readonly pid: number;
  /** Ends the server. */
  readonly signal: AbortSignal;
  /** One line for each request: method, path, status, milliseconds. */
  readonly log: (line: Words) => void;
  /** Seed of a new state. */
  readonly seed?: number | undefined;
  /** Way of the pushes; real HTTP unless given. */
  readonly deliver?: Deliver | undefined;
}

/** A sandbox that is being served. */
export interface SandboxServer {
  /** `http://127.0.0.1:18080`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly control: SandboxControl;
  /** Resolves when the server has ended, its state saved. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
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

/** Milliseconds until the next push falls due, within the bounds. */
function nextRoundMs({ state }: SandboxCore, hostNow: Date): number {
  const at = sandboxTime(state, hostNow).getTime();
  const waiting = state.pushes.filter((push) => push.state === 'waiting');
  const next = waiting.reduce((least, { dueAt }) => Math.min(least, dueAt - at), PUSH_EVERY_MS);
  return Math.max(PUSH_LEAST_MS, next);
}

/** Sends due pushes one round at a time. */
function buildPusher(core: SandboxCore, changed: () => void): () => Promise<void> {
  let round: Promise<void> = Promise.resolve();
  return () => {
    round = round.then(async () => {
      const hadWaiting =
        core.state.pushes.some((push) => push.state === 'waiting') || core.state.calls.some((call) => call.running);
      await core.deliverDue();
      if (hadWaiting) changed();
    });
    return round;
  };
}

async function refuseSecond(folder: string): Promise<void> {
  const other = await readServerAddress(folder);
  if (other === undefined) return;
  const probe = { method: 'GET', target: `${CONTROL_PATH}clock`, headers: {}, body: new Uint8Array(), remote: '' };
  if ((await forwardRequest(other, probe)) !== undefined) {
    throw new AppError(
      'storage-locked',
      {
        zh: `该目录的沙箱服务已在 ${other.url} 运行`,
        en: `a sandbox server of this folder runs already at ${other.url}`,
      },
      {
        hint: { zh: '请使用它，或先停止它。', en: 'Use it, or stop it first.' },
      },
    );
  }
}

/**
 * Serves the sandbox of a folder until `close` or until `signal` aborts. It holds the folder's lock for its life and keeps the state in
 * memory, saved at most 200 ms after a change; commands of other processes find it by `server.json`. HTTP/1.0, whole URLs in the request
 * line and requests without `Host` are taken. Control requests are answered to this machine only.
 * @throws AppError `storage-locked` when another process holds the folder, `flag-invalid` when the port cannot be had, `storage-…`.
 */
export async function startSandboxServer(options: SandboxServerOptions): Promise<SandboxServer> {
  const { folder, host, tls, now, pid, signal, log, deliver = deliverByHttp } = options;
  await makeFolder(folder);
  await refuseSecond(folder);
  const lock = await takeLock(lockFileOf(folder), { pid, waitMs: LOCK_WAIT_MS });
  const file = openStateFile(folder);
  const stopping = new AbortController();
  let saveTimer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();

  try {
    const state = await file.load(options.seed ?? DEFAULT_SEED);
    const core = buildSandbox({ state, now, deliver });
    const save = (): Promise<void> => {
      saveTimer = undefined;
      saving = saving
        .then(() => file.save(state))
        .catch((error: unknown) => {
          const why = wordsOfError(error);
          log({ zh: `无法保存状态：${why.zh}`, en: `cannot save the state: ${why.en}` });
        });
      return saving;
    };
    const changed = (): void => {
      saveTimer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
    };
    const round = buildPusher(core, changed);
    let timer: NodeJS.Timeout | undefined;
    const push = async (): Promise<void> => {
      await round();
      clearTimeout(timer);
      if (!stopping.signal.aborted) timer = setTimeout(() => void push(), nextRoundMs(core, now()));
    };
    const handle = async (request: SandboxRequest): Promise<SandboxResponse> => {
      const response = await core.handle(request);
      changed();
      const pushed = push();
      if (request.target.includes(CONTROL_PATH)) await pushed;
      return response;
    };
    const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
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
      const signal = AbortSignal.any([stopping.signal, gone.signal]);
      const request = requestOf(incoming, body, { secure: tls !== undefined, signal });
      const response = await handle(request);
      await respond(outgoing, response, stopping.signal);
      const { path } = splitTarget(request.target);
      const outcome = response.fault ?? String(response.status);
      log(`${request.method} ${maskText(path)} ${outcome} ${Math.round(performance.now() - started)} ms`);
    };
    const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
      answer(incoming, outgoing).catch((error: unknown) => {
        const why = error instanceof Error ? maskText(error.message) : undefined;
        log({ zh: `失败：${why ?? '未知'}`, en: `failed: ${why ?? 'unknown'}` });
        outgoing.destroy();
      });
    };
    const lenient = { requireHostHeader: false };
    const server =
      tls === undefined ? createServer(lenient, listener) : createTlsServer({ ...lenient, ...tls }, listener);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          new AppError(
            'flag-invalid',
            {
              zh: `无法监听 ${host}:${options.port}：${error.code ?? error.message}`,
              en: `cannot listen on ${host}:${options.port}: ${error.code ?? error.message}`,
            },
            {
              cause: error,
            },
          ),
        );
      });
      server.listen(options.port, host, resolve);
    });
    const { port } = server.address() as AddressInfo;
    const name = host.includes(':') ? `[${host}]` : host;
    const url = `${tls === undefined ? 'http' : 'https'}://${name}:${port}`;
    const reachable = host === '0.0.0.0' || host === '::' ? url.replace(name, '127.0.0.1') : url;
    await writeServerAddress(folder, { pid, url: reachable, certificate: tls?.cert });
    void push();

    const end = async (): Promise<void> => {
      stopping.abort();
      clearTimeout(timer);
      await removeServerAddress(folder);
      const ended = new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
      server.closeIdleConnections();
      await Promise.race([ended, delay(2000, undefined, { ref: false })]);
      server.closeAllConnections();
      await ended;
      clearTimeout(saveTimer);
      await save();
      await lock.release();
    };
    let ending: Promise<void> | undefined;
    const close = (): Promise<void> => (ending ??= end());
    const closed = new Promise<void>((resolve, reject) => {
      server.once('close', () => {
        close().then(resolve, reject);
      });
    });
    signal.addEventListener('abort', () => void close(), { once: true });
    if (signal.aborted) await close();
    return { url, port, control: buildSandboxControl(handle), closed, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
