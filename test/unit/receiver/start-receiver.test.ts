import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver, type StartReceiverOptions } from '../../../src/receiver/start-receiver.js';
import { run, send, sendRaw } from './running.js';

const start = async (options: Partial<StartReceiverOptions> = {}): ReturnType<typeof startReceiver> => {
  const handler: StartReceiverOptions['handler'] = (incoming, response) => {
    incoming.resume();
    incoming.on('end', () => response.end('ok'));
  };
  const receiver = await startReceiver({ handler, host: '127.0.0.1', port: 0, limits: { drainMs: 500 }, ...options });
  onTestFinished(() => receiver.close());
  return receiver;
};

describe('startReceiver', () => {
  it('picks a free port and tells where it is', async () => {
    const receiver = await start();
    expect(receiver.url).toBe(`http://127.0.0.1:${receiver.port}`);
    expect((await send(receiver.url, { body: '{}' })).text).toBe('ok');
  });

  it('names the port that is in use, and an address that is not ours', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toMatchObject({
      code: 'flag-invalid',
      message: `cannot listen on port ${port} of 127.0.0.1: the port is in use`,
    });
    await expect(start({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'flag-invalid' });
  });

  it('refuses a certificate that is none', async () => {
    await expect(start({ tls: { cert: 'x', key: 'y' } })).rejects.toMatchObject({ code: 'flag-invalid' });
  });

  it('answers what is in flight when it closes, and takes nothing more', async () => {
    const receiver = await run();
    let open = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      receiver.journal.gate = new Promise((release) => (open = release));
      const append = receiver.journal.append.bind(receiver.journal);
      receiver.journal.append = (push) => {
        resolve();
        return append(push);
      };
    });
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => {
      agent.destroy();
    });
    const answer = new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
      const outgoing = request(receiver.url, { method: 'POST', agent }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, connection: response.headers.connection });
      });
      outgoing.on('error', reject);
      outgoing.end('{}');
    });
    await arrived;
    const closing = receiver.close();
    await expect(send(receiver.url, { body: '{}' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    open();
    expect(await answer).toEqual({ status: 200, connection: 'close' });
    await closing;
    await receiver.closed;
  });

  it('closes idle connections at once and slow ones after the time to drain', async () => {
    const receiver = await start();
    const idle = connect(receiver.port, '127.0.0.1');
    const slow = connect(receiver.port, '127.0.0.1', () =>
      slow.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{'),
    );
    const ended = [idle, slow].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.on('error', () => undefined);
          socket.on('close', () => {
            resolve();
          });
        }),
    );
    await send(receiver.url, { body: '{}' });
    await receiver.close();
    await Promise.all(ended);
    await receiver.close();
  });

  it('ends with its signal', async () => {
    const controller = new AbortController();
    const receiver = await start({ signal: controller.signal });
    controller.abort(new Error('stop'));
    await receiver.closed;
    await expect(start({ signal: controller.signal })).rejects.toThrow('stop');
  });

  it('closes a connection that is one too many, and takes the next once there is room', async () => {
    let crowded = 0;
    const receiver = await start({ limits: { connections: 1 }, onCrowded: () => (crowded += 1) });
    const first = connect(receiver.port, '127.0.0.1');
    await new Promise((resolve) => first.once('connect', resolve));
    await expect(send(receiver.url, { body: '{}' })).rejects.toThrow();
    expect(crowded).toBe(1);
    first.destroy();
    await expect
      .poll(() =>
        send(receiver.url, { body: '{}' }).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it('cuts a sender that is too slow', async () => {
    const receiver = await start({ limits: { headersMs: 200, requestMs: 400 } });
    expect(await sendRaw(receiver.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{')).toMatch(
      /^HTTP\/1\.1 408 /,
    );
  });

  it.each([
    ['both lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} '],
    ['two equal lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}'],
    ['a length below nothing', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\n{}'],
    ['an unknown coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a coding behind chunks', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'],
    ['bare line feeds', 'POST / HTTP/1.1\nHost: a\nContent-Length: 2\n\n{}'],
    ['a NUL', 'POST / HTTP/1.1\r\nHost: a\r\nX: \0\r\nContent-Length: 2\r\n\r\n{}'],
    [
      'a chunk size that is none',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
    ],
    ['a header of 20 KB', `POST / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\nContent-Length: 2\r\n\r\n{}`],
    [
      'a chunk extension of 20 KB',
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    ],
    ['1,500 headers', `POST / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(1500)}Content-Length: 2\r\n\r\n{}`],
    ['a signed length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}'],
    ['no host', 'POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}'],
    ['no host for the health', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['a request line of HTTP/0.9', 'POST /\r\n\r\n'],
    ['a blank before the colon', 'POST / HTTP/1.1\r\nHost : a\r\nContent-Length: 2\r\n\r\n{}'],
    ['a folded header', 'POST / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01'],
  ])('S3: closes on %s, and nothing behind it reaches the handler', async (_name, text) => {
    const receiver = await run();
    const answer = await sendRaw(
      receiver.port,
      `${text}POST /smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(receiver.journal.pushes.map(({ path }) => path)).not.toContain('/smuggled');
  });
});
