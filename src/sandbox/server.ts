import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Words } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { buildSandboxControl, type SandboxControl } from './control-client.js';
import { type Deliver, deliverByHttp } from './deliver.js';
import type { SandboxRequest, SandboxResponse } from './exchange.js';
import { buildHttpListener } from './http-listener.js';
import { takeLock } from '../disk/lock-file.js';
import { buildPushRounds } from './push-rounds.js';
import { buildSandbox, CONTROL_PATH } from './sandbox.js';
import { forwardRequest, readServerAddress, removeServerAddress, writeServerAddress } from './server-address.js';
import { makeFolder, openStateFile } from './state-file.js';
import { DEFAULT_SEED, LOCK_WAIT_MS, lockFileOf } from './state-folder.js';
import { buildStateSaver } from './state-saver.js';

/** How long answers under way may take when the server ends. */
const CLOSE_WAIT_MS = 2000;

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

function createFor(tls: SandboxServerOptions['tls'], listener: RequestListener): Server {
  const lenient = { requireHostHeader: false };
  return tls === undefined ? createServer(lenient, listener) : createTlsServer({ ...lenient, ...tls }, listener);
}

/** @returns the port. @throws AppError `flag-invalid`. */
async function listenOn(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new AppError(
          'flag-invalid',
          {
            zh: `无法监听 ${host}:${port}：${error.code ?? error.message}`,
            en: `cannot listen on ${host}:${port}: ${error.code ?? error.message}`,
          },
          { cause: error },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** The server's address as it was asked for, and one that this machine can connect to. */
function urlsOf(protocol: 'http' | 'https', host: string, port: number): { url: string; reachable: string } {
  const name = host.includes(':') ? `[${host}]` : host;
  const url = `${protocol}://${name}:${port}`;
  return { url, reachable: host === '0.0.0.0' || host === '::' ? url.replace(name, '127.0.0.1') : url };
}

/** Takes nothing more and waits for the answers under way. */
async function closeServer(server: Server): Promise<void> {
  const ended = new Promise<void>((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
  server.closeIdleConnections();
  await Promise.race([ended, delay(CLOSE_WAIT_MS, undefined, { ref: false })]);
  server.closeAllConnections();
  await ended;
}

/**
 * Serves the sandbox of a folder until `close` or until `signal` aborts. It holds the folder's lock for its life and keeps the state in
 * memory, saved at most 200 ms after a change; commands of other processes find it by `server.json`. HTTP/1.0, whole URLs in the request
 * line and requests without `Host` are taken. Control requests are answered to this machine only.
 * @throws AppError `storage-locked` when another process holds the folder, `flag-invalid` when the port cannot be had, `storage-…`.
 */
export async function startSandboxServer(options: SandboxServerOptions): Promise<SandboxServer> {
  const { folder, pid } = options;
  await makeFolder(folder);
  await refuseSecond(folder);
  const lock = await takeLock(lockFileOf(folder), { pid, waitMs: LOCK_WAIT_MS });
  try {
    return await serve(options, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** @param release lets go of the folder, which is held; called at the end of a server that has started. */
async function serve(options: SandboxServerOptions, release: () => Promise<void>): Promise<SandboxServer> {
  const { folder, host, tls, now, pid, signal, log, deliver = deliverByHttp } = options;
  const file = openStateFile(folder);
  const state = await file.load(options.seed ?? DEFAULT_SEED);
  const core = buildSandbox({ state, now, deliver });
  const saver = buildStateSaver(file, state, log);
  const rounds = buildPushRounds({
    core,
    now,
    changed: () => {
      saver.changed();
    },
  });
  const handle = async (request: SandboxRequest): Promise<SandboxResponse> => {
    const response = await core.handle(request);
    saver.changed();
    const pushed = rounds.push();
    if (request.target.includes(CONTROL_PATH)) await pushed;
    return response;
  };
  const stopping = new AbortController();
  const listener = buildHttpListener({ handle, secure: tls !== undefined, signal: stopping.signal, log });
  const server = createFor(tls, listener);
  const port = await listenOn(server, host, options.port);
  const { url, reachable } = urlsOf(tls === undefined ? 'http' : 'https', host, port);
  try {
    await writeServerAddress(folder, { pid, url: reachable, certificate: tls?.cert });
  } catch (error) {
    server.close();
    throw error;
  }
  void rounds.push();

  const end = async (): Promise<void> => {
    stopping.abort();
    rounds.stop();
    await removeServerAddress(folder);
    await closeServer(server);
    await saver.save();
    await release();
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
}
