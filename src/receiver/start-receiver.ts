import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AppError } from '../errors.js';
import { MAX_HEADERS } from './request-facts.js';
import { Slots } from './slots.js';

/** Connections at once unless told otherwise: four times what a thousand slow senders take. */
export const DEFAULT_CONNECTIONS = 4096;

/** Bounds of the server; the defaults cut a thousand slow senders within 15 s while others are served in milliseconds. */
export interface ReceiverLimits {
  /** Time for the headers of a request to arrive, 10 s. */
  readonly headersMs?: number | undefined;
  /** Time for a whole request to arrive, 13 s. */
  readonly requestMs?: number | undefined;
  /** How long an idle connection is kept, 65 s: longer than the usual load balancer. */
  readonly keepAliveMs?: number | undefined;
  /** Connections at once, 4096; a further one is closed as soon as it comes. */
  readonly connections?: number | undefined;
  /** How long closing waits for requests that are being answered, 10 s. */
  readonly drainMs?: number | undefined;
}

/** Options of {@link startReceiver}. */
export interface StartReceiverOptions {
  /** Gets every request, one without a host and one of HTTP/0.9 too. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Address to listen on. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** PEM texts; with them the server speaks HTTPS only. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Closes the server when aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly limits?: ReceiverLimits | undefined;
  /** Told of each connection that was closed because there were too many. */
  readonly onCrowded?: (() => void) | undefined;
}

/** A server that listens. */
export interface RunningReceiver {
  /** `http://127.0.0.1:9000`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets what is being received be answered, then ends; may be called more than once. */
  close(): Promise<void>;
  /**
   * Certificate and key for connections that begin from now on; those that stand are not touched.
   * @throws {AppError} `flag-invalid` when they cannot be used, or the server speaks plain HTTP; what was used before stays.
   */
  renewTls(tls: { readonly cert: string; readonly key: string }): void;
  /** Resolves once the server has ended. */
  readonly closed: Promise<void>;
}

/**
 * Serves `handler`.
 * @throws {AppError} `flag-invalid` naming port and host when the address is in use, forbidden or not of this machine, or when
 * certificate and key cannot be used; the signal's reason when it is aborted already.
 */
export async function startReceiver(options: StartReceiverOptions): Promise<RunningReceiver> {
  const { host, port, signal, limits = {} } = options;
  signal?.throwIfAborted();
  const answering = new Slots<ServerResponse>();
  let closing: Promise<void> | undefined;
  const server = build(options, (request, response) => {
    const slot = answering.add(response);
    response.once('close', () => {
      answering.remove(slot);
      if (closing !== undefined) server.closeIdleConnections();
    });
    if (closing !== undefined) response.setHeader('connection', 'close');
    options.handler(request, response);
  });
  if (options.onCrowded !== undefined) server.on('drop', options.onCrowded);
  await listen(server, host, port);
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  const close = (): Promise<void> => {
    closing ??= drain(server, answering, limits.drainMs ?? 10_000);
    return closing;
  };
  const onAbort = (): void => void close();
  signal?.addEventListener('abort', onAbort, { once: true });
  server.once('close', () => signal?.removeEventListener('abort', onAbort));
  const address = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  const url = `${options.tls === undefined ? 'http' : 'https'}://${name}:${address.port}`;
  const renewTls = (tls: { readonly cert: string; readonly key: string }): void => {
    try {
      if (!(server instanceof TlsServer)) throw new Error('the server speaks plain HTTP');
      server.setSecureContext(tls);
    } catch (error) {
      throw tlsError(error);
    }
  };
  return { url, port: address.port, close, closed, renewTls };
}

function build(options: StartReceiverOptions, handler: StartReceiverOptions['handler']): Server {
  const { limits = {}, tls } = options;
  const settings = {
    headersTimeout: limits.headersMs ?? 10_000,
    requestTimeout: limits.requestMs ?? 13_000,
    connectionsCheckingInterval: 1000,
    // Node's own refusal lets a request through that stands behind the refused one; the handler's does not.
    requireHostHeader: false,
    keepAliveTimeout: limits.keepAliveMs ?? 65_000,
  };
  const server = tls === undefined ? createServer(settings, handler) : buildTls({ ...settings, ...tls }, handler);
  // Enough of them to see that there are too many.
  server.maxHeadersCount = MAX_HEADERS * 2;
  server.maxConnections = limits.connections ?? DEFAULT_CONNECTIONS;
  return server;
}

function buildTls(settings: Parameters<typeof createTlsServer>[0], handler: StartReceiverOptions['handler']): Server {
  try {
    return createTlsServer(settings, handler);
  } catch (error) {
    throw tlsError(error);
  }
}

function tlsError(error: unknown): AppError {
  return new AppError(
    'flag-invalid',
    { zh: '无法提供 HTTPS：证书或私钥不可用', en: 'cannot serve HTTPS: the certificate or the key cannot be used' },
    {
      cause: error,
    },
  );
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    throw listenError(error, host, port);
  }
}

function listenError(error: unknown, host: string, port: number): AppError {
  const { code } = error as NodeJS.ErrnoException;
  const where = { zh: `无法监听 ${host} 的端口 ${port}`, en: `cannot listen on port ${port} of ${host}` };
  if (code === 'EADDRINUSE') {
    return new AppError(
      'flag-invalid',
      { zh: `${where.zh}：端口已被占用`, en: `${where.en}: the port is in use` },
      {
        cause: error,
        hint: { zh: '请用 --port 换一个。', en: 'Choose another one with --port.' },
      },
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const hint = {
      zh: '1024 以下的端口由系统保留；请用 --port 选择更大的端口。',
      en: 'Ports below 1024 are kept for the system; choose a higher one with --port.',
    };
    return new AppError(
      'flag-invalid',
      { zh: `${where.zh}：没有权限`, en: `${where.en}: no permission` },
      { cause: error, hint },
    );
  }
  return new AppError(
    'flag-invalid',
    { zh: `${where.zh}：${code ?? '未知错误'}`, en: `${where.en}: ${code ?? 'unknown error'}` },
    {
      cause: error,
      hint: { zh: '请用 --host 选择本机的地址。', en: 'Choose an address of this machine with --host.' },
    },
  );
}

async function drain(server: Server, answering: Slots<ServerResponse>, drainMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
  for (const response of answering.all()) {
    if (!response.headersSent) response.setHeader('connection', 'close');
  }
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, drainMs);
  await ended;
  clearTimeout(cut);
}
