import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { buildHttpTransport } from '../../../src/platform/http-transport.js';
import { closeServers, failureOf, portOf, send, serve, textOf, textOfBody } from './http-servers.js';

afterEach(closeServers);

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

  it.each([
    ['asks for a file once more at once', true, 3, 200],
    ['does not send a signed question twice', false, 2, 'network-interrupted'],
  ] as const)('when a kept connection was just closed, %s', async (_, isFile, seen, outcome) => {
    let requests = 0;
    const url = new URL(
      await serve((request, response) => {
        requests += 1;
        if (requests === 2) request.socket.resetAndDestroy();
        else response.end();
      }),
    );
    const transport = buildHttpTransport({ env: {} });
    const { signal } = new AbortController();
    const get = async (): Promise<number> => {
      const answer = await transport.send({ method: 'GET', url, headers: {}, timeoutMs: 5000, signal, isFile });
      await textOfBody(answer.body);
      return answer.status;
    };
    expect(await get()).toBe(200);
    expect(await get().catch((error: unknown) => (error as AppError).code)).toBe(outcome);
    expect(requests).toBe(seen);
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
    await closeServers();
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

  it('refuses plain HTTP beyond this machine', async () => {
    expect(await failureOf(send('http://platform.example/'))).toEqual({
      code: 'config-invalid',
      reached: undefined,
      message: 'platform.example may not be called without encryption (http:)',
    });
  });

  it('names a host that there is not', async () => {
    // .invalid is never a name: RFC 2606.
    expect(await failureOf(send('https://platform.invalid/'))).toMatchObject({
      code: 'network-unreachable',
      reached: 'no',
    });
  });
});
