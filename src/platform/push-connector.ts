import type { IncomingMessage } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { FailedProxy } from '../domain/network-failure.js';
import { isLoopback } from './is-loopback.js';
import { authoritiesOf, isVerified, type Network } from './network.js';
import { proxyForUrl } from './proxy-for-url.js';
import { basicAuthorization } from './url-user.js';

/** The proxy failed, not the server behind it. `code` is that of the network; empty where the proxy answered. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  readonly code: string;
  readonly proxy: FailedProxy;

  constructor(code: string, proxy: FailedProxy) {
    super(`the proxy ${proxy.host} failed`);
    this.code = code;
    this.proxy = proxy;
  }
}

/** Gives a connection that stands, TLS included. Rejects with the error of the network, or a {@link ProxyFailure}. */
export type Connector = (signal: AbortSignal) => Promise<Socket>;

/**
 * The way to a server that pushes are sent to. The proxies of the environment are not for servers of this machine.
 * @throws AppError `config-invalid` for a proxy that cannot be used.
 */
export function buildConnector(to: URL, network: Network): Connector {
  const isSecure = to.protocol === 'https:';
  const host = to.hostname.replace(/^\[|\]$/g, '');
  const port = Number(to.port === '' ? (isSecure ? 443 : 80) : to.port);
  const tls = {
    servername: isIP(host) === 0 ? host : '',
    rejectUnauthorized: isVerified(network, to.hostname),
    ca: authoritiesOf(network),
  };
  const proxy =
    network.proxy === undefined && isLoopback(to.hostname) ? undefined : proxyForUrl(to, network.env, network.proxy);
  if (proxy === undefined) {
    return (signal) =>
      settled(signal, isSecure ? 'secureConnect' : 'connect', () =>
        isSecure ? connectSecure({ host, port, ...tls }) : connectPlain({ host, port }),
      );
  }
  return async (signal) => {
    const tunnel = await throughProxy(proxy, { host, port }, signal);
    if (!isSecure) return tunnel;
    return settled(signal, 'secureConnect', () => connectSecure({ socket: tunnel, ...tls, host }));
  };
}

/** Waits until a new connection stands. */
function settled(signal: AbortSignal, event: string, open: () => Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = open();
    const onAbort = (): void => {
      socket.destroy(Object.assign(new Error('given up'), { code: 'ABORT_ERR' }));
    };
    const onError = (error: Error): void => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
    };
    const onClose = (): void => {
      onError(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('close', onClose);
    socket.once(event, () => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      socket.off('close', onClose);
      resolve(socket);
    });
  });
}

/** A tunnel by CONNECT. */
async function throughProxy(
  proxy: URL,
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const { request } = await (proxy.protocol === 'https:' ? import('node:https') : import('node:http'));
  const name = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const user = basicAuthorization(proxy);
  return new Promise((resolve, reject) => {
    const asking = request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port,
      path: name,
      headers: {
        host: name,
        ...(user === undefined ? {} : { 'proxy-authorization': user }),
      },
      agent: false,
      signal,
    });
    const refused = ({ statusCode: httpStatus = 0 }: IncomingMessage): ProxyFailure =>
      new ProxyFailure('', { host: proxy.hostname, httpStatus });
    asking.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(refused(answer));
      }
    });
    asking.once('response', (answer) => {
      answer.destroy();
      reject(refused(answer));
    });
    asking.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      reject(new ProxyFailure(code, { host: proxy.hostname }));
    });
    asking.end();
  });
}
