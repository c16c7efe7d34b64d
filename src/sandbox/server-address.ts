import { readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { writeFileAtomic } from '../disk/write-file-atomic.js';
import { AppError } from '../errors.js';
import type { SandboxRequest, SandboxResponse } from './exchange.js';
import { SANDBOX_ENDPOINT } from './state.js';

/** Where a running server of this folder is reached. */
export interface ServerAddress {
  readonly pid: number;
  readonly url: string;
  /** Its certificate (PEM), when it speaks TLS. */
  readonly certificate?: string | undefined;
}

function fileOf(folder: string): string {
  return join(folder, 'server.json');
}

/** The server that has announced itself in `folder`; it may have died since. */
export async function readServerAddress(folder: string): Promise<ServerAddress | undefined> {
  try {
    const address = JSON.parse(await readFile(fileOf(folder), 'utf8')) as Partial<ServerAddress>;
    return typeof address.url === 'string' ? { pid: 0, ...address, url: address.url } : undefined;
  } catch {
    return undefined;
  }
}

/** Announces a server. */
export async function writeServerAddress(folder: string, address: ServerAddress): Promise<void> {
  await writeFileAtomic(fileOf(folder), JSON.stringify(address));
}

/** Takes the announcement back. */
export async function removeServerAddress(folder: string): Promise<void> {
  await rm(fileOf(folder), { force: true });
}

async function* bodyOf(incoming: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  try {
    yield* incoming;
  } catch (error) {
    throw new AppError(
      'network-interrupted',
      { zh: '沙箱服务在应答中途断开了连接', en: 'the sandbox server broke the connection in the middle of the answer' },
      {
        cause: error,
      },
    );
  }
}

/**
 * Hands a request on to a running server, as one from this process: addresses in its answer are those of the process.
 * @returns `undefined` when nobody listens there (any more). A connection that breaks later is a `reset-after`.
 */
export function forwardRequest(address: ServerAddress, request: SandboxRequest): Promise<SandboxResponse | undefined> {
  return new Promise((resolve) => {
    const base = new URL(address.url);
    const target = request.target.replace(/^https?:\/\/[^/?]*/i, '');
    const options = {
      host: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port,
      method: request.method,
      path: target,
      headers: {
        ...request.headers,
        host: new URL(SANDBOX_ENDPOINT).host,
        'content-length': String(request.body.length),
      },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      // The server's own certificate is the only one trusted, whatever name it carries.
      ...(address.certificate === undefined ? {} : { ca: address.certificate, checkServerIdentity: () => undefined }),
    };
    const send = base.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = send(options, (incoming) => {
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      );
      resolve({ status: incoming.statusCode ?? 0, headers, body: bodyOf(incoming) });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ECONNREFUSED' || error.code === 'EADDRNOTAVAIL';
      resolve(nobody ? undefined : { status: 0, headers: {}, body: new Uint8Array(), fault: 'reset-after' });
    });
    outgoing.end(request.body);
  });
}
