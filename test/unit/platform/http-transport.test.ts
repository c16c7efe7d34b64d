import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { buildHttpTransport, type HttpTransportOptions } from '../../../src/platform/http-transport.js';
import type { WireAnswer, WireRequest } from '../../../src/platform/transport.js';
import { TLS_TEST_CERTIFICATE, TLS_TEST_KEY } from './tls-test-certificate.js';

const open: (Server | TcpServer)[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function portOf(server: Server | TcpServer): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(handler: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await portOf(createServer(handler))}`;
}

interface Sent {
  readonly answer: WireAnswer;
  readonly bytes: Buffer;
}

async function send(
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
async function failureOf(promise: Promise<unknown>): Promise<{ code: string; reached: unknown; message: string }> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error as Error;
  expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain('secret-token');
  return { code: error.code, reached: 'reached' in error ? error.reached : undefined, message: error.message };
}

async function textOfBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of message) text += String(part);
  return text;
}

describe('buildHttpTransport', () => {
  it.each(['GET', 'POST', 'PUT', 'DELETE'] as const)(
    'sends a %s as it is told, and keeps the connection',
    async (method) => {
      let seen: {
        method?: string | undefined;
        url?: string | undefined;
        headers: IncomingMessage['headers'];
        body: string;
      };
      const url = await serve((request, response) => {
        void textOf(request).then((body) => {
          seen = { method: request.method, url: request.url, headers: request.headers, body };
          response.setHeader('X-Answer', 'yes');
          response.end('{}');
        });
      });
      const body = method === 'POST' || method === 'PUT' ? '{"a":"中"}' : undefined;
      const { answer, bytes } = await send(`${url}/p?x=%2B86&y=a%26b`, { method, body });
      expect(answer.status).toBe(200);
      expect(answer.headers['x-answer']).toBe('yes');
      expect(bytes.toString()).toBe('{}');
      expect(seen!).toMatchObject({ method, url: '/p?x=%2B86&y=a%26b', body: body ?? '' });
      expect(seen!.headers).toMatchObject({ 'accept-encoding': 'identity', 'x-aksk': 'secret-token' });
      expect(seen!.headers.connection).not.toBe('close');
    },
  );

  it('shares connections among questions, never with a change', async () => {
    const ports: (number | undefined)[] = [];
    const url = new URL(
      await serve((request, response) => {
        ports.push(request.socket.remotePort);
        response.end();
      }),
    );
    const transport = buildHttpTransport({ env: {} });
    for (const method of ['GET', 'GET', 'DELETE', 'DELETE'] as const) {
      const { body } = await transport.send({
        method,
        url,
        headers: {},
        timeoutMs: 5000,
        signal: new AbortController().signal,
      });
      await textOfBody(body);
    }
    expect(new Set(ports).size).toBe(3);
    expect(ports[0]).toBe(ports[1]);
  });

  it('never follows a redirect, so the signature goes nowhere else', async () => {
    let second = 0;
    const elsewhere = await serve((_, response) => {
      second += 1;
      response.end();
    });
    const url = await serve((_, response) => {
      response.writeHead(301, { location: `${elsewhere}/rec.wav` }).end();
    });
    const { answer } = await send(url);
    expect([answer.status, answer.headers.location, second]).toEqual([301, `${elsewhere}/rec.wav`, 0]);
  });

  it('hands a packed body over as it came, and a refusal too', async () => {
    const packed = gzipSync('x'.repeat(1000));
    const url = await serve((_, response) => {
      response.writeHead(503, { 'content-encoding': 'gzip', 'retry-after': '7' }).end(packed);
    });
    const { answer, bytes } = await send(url);
    expect([answer.status, answer.headers['retry-after'], bytes.equals(packed)]).toEqual([503, '7', true]);
  });

  it('sends once, whatever comes', async () => {
    let count = 0;
    const url = await serve((_, response) => {
      count += 1;
      response.writeHead(500).end();
    });
    await send(url);
    expect(count).toBe(1);
  });

  it('tells a lost answer from a refused connection', async () => {
    const url = await serve((request) => {
      request.socket.destroy();
    });
    expect(await failureOf(send(url, { method: 'POST', body: '{}' }))).toMatchObject({
      code: 'network-interrupted',
      reached: 'maybe',
    });
    const port = await portOf(createTcpServer());
    await new Promise((resolve) => open.pop()!.close(resolve));
    expect(await failureOf(send(`http://127.0.0.1:${port}`))).toEqual({
      code: 'network-unreachable',
      reached: 'no',
      message: '127.0.0.1 cannot be reached (ECONNREFUSED)',
    });
  });

  it('rejects a body that is cut', async () => {
    const cut =
      (headers: Record<string, string>) =>
      (_: IncomingMessage, response: ServerResponse): void => {
        response.writeHead(200, headers).write('half', () => response.socket?.destroy());
      };
    for (const headers of [{ 'content-length': '100' }, { 'transfer-encoding': 'chunked' }]) {
      expect(await failureOf(send(await serve(cut(headers))))).toMatchObject({
        code: 'network-interrupted',
        reached: 'maybe',
      });
    }
  });

  it('waits for the head, and for each part of the body, no longer than it is told', async () => {
    const silent = await serve(() => undefined);
    expect(await failureOf(send(silent, { timeoutMs: 50 }))).toMatchObject({
      code: 'network-timeout',
      reached: 'maybe',
    });
    const stalling = await serve((_, response) => {
      response.writeHead(200).write('x');
    });
    expect(await failureOf(send(stalling, { timeoutMs: 50 }))).toMatchObject({
      code: 'network-timeout',
      reached: 'maybe',
    });
  });

  it('stops by the signal, with its reason, before, during and after the head', async () => {
    const reason = new AppError('interrupted', 'stopped');
    await expect(send('http://127.0.0.1:1', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const head = new AbortController();
    const silent = await serve(() => {
      head.abort(reason);
    });
    await expect(send(silent, { signal: head.signal })).rejects.toBe(reason);
    const body = new AbortController();
    const stalling = await serve((_, response) => {
      response.writeHead(200).write('x');
    });
    const answer = await buildHttpTransport({ env: {} }).send({
      method: 'GET',
      url: new URL(stalling),
      headers: {},
      timeoutMs: 5000,
      signal: body.signal,
    });
    const reading = (async () => {
      for await (const _ of answer.body) body.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  it('closes the connection when the body is not read to its end', async () => {
    let closed: Promise<void> | undefined;
    const url = await serve((request, response) => {
      closed = new Promise((resolve) => request.socket.once('close', resolve));
      response.writeHead(200).write('x'.repeat(10));
    });
    const { body } = await buildHttpTransport({ env: {} }).send({
      method: 'GET',
      url: new URL(url),
      headers: {},
      timeoutMs: 5000,
      signal: new AbortController().signal,
    });
    for await (const _ of body) break;
    await closed;
    expect(closed).toBeDefined();
  });

  it('names what does not speak HTTP', async () => {
    const port = await portOf(createTcpServer((socket) => socket.end('SSH-2.0-x\r\n\r\n', () => socket.destroy())));
    expect(await failureOf(send(`http://127.0.0.1:${port}`))).toMatchObject({ code: 'answer-unreadable' });
  });

  it('refuses plain HTTP beyond this machine, unless told', async () => {
    expect(await failureOf(send('http://platform.example/'))).toEqual({
      code: 'config-invalid',
      reached: undefined,
      message: 'platform.example may not be called without encryption (http:)',
    });
    // .invalid is never a name: RFC 2606.
    expect(await failureOf(send('http://platform.invalid/', {}, { allowPlain: true }))).toMatchObject({
      code: 'network-unreachable',
      reached: 'no',
    });
  });
});

describe('buildHttpTransport over TLS', () => {
  async function serveTls(): Promise<string> {
    const server = createTlsServer({ cert: TLS_TEST_CERTIFICATE, key: TLS_TEST_KEY }, (_, response) =>
      response.end('ok'),
    );
    return `https://localhost:${await portOf(server)}`;
  }

  it('refuses a certificate that nobody vouches for, before anything is sent', async () => {
    expect(await failureOf(send(await serveTls()))).toEqual({
      code: 'network-tls',
      reached: 'no',
      message: 'the TLS connection to localhost was refused: DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  it('refuses it also for another host than the excepted one', async () => {
    const insecureHosts = ['elsewhere.example'];
    expect(await failureOf(send(await serveTls(), {}, { insecureHosts }))).toMatchObject({ code: 'network-tls' });
  });

  it('accepts it for the excepted host', async () => {
    const { bytes } = await send(await serveTls(), {}, { insecureHosts: ['localhost'] });
    expect(bytes.toString()).toBe('ok');
  });

  it('accepts it with its CA file, and names an unusable one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'privacy-call-'));
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, TLS_TEST_CERTIFICATE);
    const { bytes } = await send(await serveTls(), {}, { caFile });
    expect(bytes.toString()).toBe('ok');
    await rm(folder, { recursive: true });
    expect(await failureOf(send(await serveTls(), {}, { caFile }))).toMatchObject({ code: 'config-invalid' });
  });

  it('does not take a plain server for a TLS one', async () => {
    const url = (await serve((_, response) => response.end())).replace('http:', 'https:');
    expect(await failureOf(send(url))).toMatchObject({ code: 'network-tls', reached: 'no' });
  });
});

describe('buildHttpTransport through a proxy', () => {
  async function serveProxy(status: number): Promise<{ proxy: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', (request: IncomingMessage, socket: NodeJS.WritableStream & { destroy(): void }) => {
      asked.push(request.url ?? '');
      if (status !== 200) {
        socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
        return;
      }
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const there = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        there.pipe(socket);
        (socket as unknown as NodeJS.ReadableStream).pipe(there);
      });
      there.on('error', () => {
        socket.destroy();
      });
      socket.on('error', () => there.destroy());
    });
    return { proxy: `http://127.0.0.1:${await portOf(server)}`, asked };
  }

  it('goes through it, except where NO_PROXY says', async () => {
    const url = await serve((_, response) => response.end('ok'));
    const { proxy, asked } = await serveProxy(200);
    expect((await send(url, {}, { env: { HTTP_PROXY: proxy } })).bytes.toString()).toBe('ok');
    expect(asked).toEqual([new URL(url).host]);
    expect((await send(url, {}, { proxy, env: { NO_PROXY: '127.0.0.1' } })).bytes.toString()).toBe('ok');
    expect(asked).toHaveLength(1);
  });

  it('names the proxy that refuses', async () => {
    const { proxy } = await serveProxy(407);
    expect(await failureOf(send('https://platform.example/', {}, { proxy }))).toEqual({
      code: 'network-proxy',
      reached: 'no',
      message: 'the proxy 127.0.0.1 refused with HTTP 407 on the way to platform.example',
    });
  });

  it('names the proxy that is not there', async () => {
    expect(
      await failureOf(send('https://platform.example/', {}, { proxy: 'http://proxy.invalid:3128' })),
    ).toMatchObject({
      code: 'network-proxy',
      reached: 'no',
    });
    expect(await failureOf(send('https://platform.example/', {}, { proxy: 'http://:x' }))).toMatchObject({
      code: 'config-invalid',
    });
  });
});
