import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutgoingPush } from '../../../src/platform/push-request.js';
import {
  openPushTarget,
  type PushOutcome,
  type PushTarget,
  type PushTargetOptions,
} from '../../../src/platform/push-target.js';
import { closeServers, portOf, serve, textOf } from './http-servers.js';
import { TLS_TEST_CERTIFICATE, TLS_TEST_KEY } from './tls-test-certificate.js';

const targets: PushTarget[] = [];
afterEach(async () => {
  for (const target of targets.splice(0)) target.close();
  await closeServers();
});

function open(to: string, more: Partial<PushTargetOptions> = {}): PushTarget {
  const target = openPushTarget({ to: new URL(to), timeoutMs: 5000, concurrency: 1, ...more });
  targets.push(target);
  return target;
}

const pushOf = (text: string, more: Partial<OutgoingPush> = {}): OutgoingPush => ({
  path: '/fee',
  headers: { 'content-type': 'application/json' },
  bytes: Buffer.from(text),
  ...more,
});

const statusOf = (outcome: PushOutcome): unknown => (outcome.state === 'answered' ? outcome.answer.status : outcome);

/** A server of raw connections: what it was sent, and what it does with each piece. */
async function serveRaw(onPiece: (socket: Socket, connection: number) => void): Promise<string> {
  let connections = 0;
  const server = createServer((socket) => {
    const connection = (connections += 1);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      onPiece(socket, connection);
    });
  });
  return `http://127.0.0.1:${await portOf(server)}`;
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

describe('openPushTarget', () => {
  it('sends body and headers as they are, a large body too', async () => {
    const got: { body: string; headers: IncomingMessage['headers'] }[] = [];
    const url = await serve((request, response) => {
      void textOf(request).then((body) => {
        got.push({ body, headers: request.headers });
        response.end('yes');
      });
    });
    const large = `{"a":"${'x'.repeat(300_000)}"}`;
    const headers = { 'x-own': 'v; w', 'Transfer-Encoding': 'chunked', 'bad\r\nname': 'x', 'x-cut': 'a\r\nb: c' };
    const target = open(url);
    for (const text of ['{ }', large]) expect(statusOf(await target.send(pushOf(text, { headers })))).toBe(200);
    expect(got.map(({ body }) => body)).toEqual(['{ }', large]);
    expect(got[0]?.headers).toEqual({
      host: new URL(url).host,
      'x-own': 'v; w',
      'x-cut': 'a  b: c',
      connection: 'keep-alive',
      'content-length': '3',
    });
  });

  it('gives user and password of the address, but not before a signature', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const target = open(url.replace('//', '//me:p%40ss@'));
    await target.send(pushOf('{}'));
    await target.send(pushOf('{}', { headers: { authorization: 'AKSK realm="SDP"' } }));
    expect(seen).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`, 'AKSK realm="SDP"']);
  });

  it('takes a password with a % that nobody has coded as it stands', async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const target = open(url.replace('//', '//me:100%@'));
    expect(statusOf(await target.send(pushOf('{}')))).toBe(200);
    expect(seen).toEqual([`Basic ${Buffer.from('me:100%').toString('base64')}`]);
  });

  it('has no more connections than it may, and sends everything', async () => {
    let [now, most, taken] = [0, 0, 0];
    const server = createHttpServer((_, response) => {
      taken += 1;
      setImmediate(() => response.end());
    });
    server.on('connection', (socket) => {
      most = Math.max(most, (now += 1));
      socket.on('close', () => (now -= 1));
    });
    const target = open(`http://127.0.0.1:${await portOf(server)}`, { concurrency: 3 });
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => target.send(pushOf(`${index}`))));
    expect(new Set(outcomes.map(statusOf))).toEqual(new Set([200]));
    expect([most, taken]).toEqual([3, 50]);
  });

  it('opens a new connection where the server closes after each answer', async () => {
    const connections = new Set<number>();
    const url = await serveRaw((socket, connection) => {
      connections.add(connection);
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok');
    });
    const target = open(url);
    for (let count = 0; count < 3; count += 1) expect(statusOf(await target.send(pushOf('{}')))).toBe(200);
    expect(connections.size).toBe(3);
  });

  it('does not use a kept connection again that was closed meanwhile', async () => {
    const used: number[] = [];
    let closed: Promise<unknown> = Promise.resolve();
    const url = await serveRaw((socket, connection) => {
      used.push(connection);
      closed = new Promise((resolve) => socket.once('close', resolve));
      socket.end(OK);
    });
    const target = open(url);
    expect(statusOf(await target.send(pushOf('1')))).toBe(200);
    await closed;
    expect(statusOf(await target.send(pushOf('2')))).toBe(200);
    expect(used).toEqual([1, 2]);
  });

  it('does not send a push again whose connection broke when it had left: it may have been taken', async () => {
    let pieces = 0;
    const url = await serveRaw((socket) => {
      pieces += 1;
      if (pieces === 1) socket.write(OK);
      else socket.resetAndDestroy();
    });
    const target = open(url);
    expect(statusOf(await target.send(pushOf('1')))).toBe(200);
    expect(await target.send(pushOf('2'))).toMatchObject({ state: 'failed', code: 'ECONNRESET', connected: true });
    expect(pieces).toBe(2);
  });

  it('does not use a connection for longer than the server says it keeps it', async () => {
    const used: number[] = [];
    const url = await serveRaw((socket, connection) => {
      used.push(connection);
      socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 0\r\n\r\n');
    });
    const target = open(url, { concurrency: 2 });
    await target.send(pushOf('1'));
    await target.send(pushOf('2'));
    expect(used).toEqual([1, 2]);
  });

  it('gives up after its time, and the next push gets an answer', async () => {
    let pieces = 0;
    const url = await serveRaw((socket) => {
      pieces += 1;
      if (pieces > 1) socket.write(OK);
    });
    const target = open(url, { timeoutMs: 80 });
    expect(await target.send(pushOf('1'))).toEqual({ state: 'timeout' });
    expect(statusOf(await target.send(pushOf('2')))).toBe(200);
  });

  it('counts the time of the handshake too', async () => {
    const url = (await serveRaw(() => undefined)).replace('http:', 'https:');
    expect(await open(url, { timeoutMs: 80 }).send(pushOf('1'))).toEqual({ state: 'timeout' });
  });

  it('gives up what is under way and what waits when told, and when it is closed', async () => {
    const url = await serveRaw(() => undefined);
    const stop = new AbortController();
    const target = open(url);
    const told = [target.send(pushOf('1'), stop.signal), target.send(pushOf('2'), stop.signal)];
    stop.abort();
    expect(await Promise.all(told)).toEqual([{ state: 'aborted' }, { state: 'aborted' }]);
    const waiting = [target.send(pushOf('3')), target.send(pushOf('4'))];
    target.close();
    for (const outcome of await Promise.all(waiting)) expect(outcome.state).not.toBe('answered');
    expect(await target.send(pushOf('5'))).toEqual({ state: 'aborted' });
  });

  it('tells what does not speak HTTP', async () => {
    const url = await serveRaw((socket) => socket.write('SSH-2.0-x\r\n\r\n\r\n'));
    expect(await open(url).send(pushOf('1'))).toMatchObject({ state: 'failed', code: 'HPE_INVALID_STATUS' });
  });
});

describe('openPushTarget over TLS', () => {
  async function serveTls(): Promise<string> {
    const server = createTlsServer({ cert: TLS_TEST_CERTIFICATE, key: TLS_TEST_KEY }, (_, response) =>
      response.end('ok'),
    );
    return `https://localhost:${await portOf(server)}`;
  }

  it('refuses a certificate that nobody vouches for, before anything is sent', async () => {
    const outcome = await open(await serveTls()).send(pushOf('1'));
    expect(outcome).toMatchObject({ state: 'failed', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', connected: false });
  });

  it.each([
    ['with its CA', { ca: TLS_TEST_CERTIFICATE }, 200],
    ['for the excepted host', { insecureHosts: ['localhost'] }, 200],
    ['not for another one', { insecureHosts: ['elsewhere.example'] }, { state: 'failed' }],
  ])('accepts it %s', async (_, network, expected) => {
    const outcome = await open(await serveTls(), { network: { env: {}, ...network } }).send(pushOf('1'));
    if (typeof expected === 'number') expect(statusOf(outcome)).toBe(expected);
    else expect(outcome).toMatchObject(expected);
  });
});

describe('openPushTarget through a proxy', () => {
  async function serveProxy(status: number): Promise<{ proxy: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createHttpServer();
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
      if (status !== 200) {
        socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
        return;
      }
      const [host, port] = (request.url ?? '').split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    return { proxy: `http://127.0.0.1:${await portOf(server)}`, asked };
  }

  it('goes through the one that is given, once for several pushes, TLS inside', async () => {
    const { proxy, asked } = await serveProxy(200);
    const tls = createTlsServer({ cert: TLS_TEST_CERTIFICATE, key: TLS_TEST_KEY }, (_, response) => response.end());
    const name = `127.0.0.1:${await portOf(tls)}`;
    const target = open(`https://${name}`, {
      network: { env: {}, proxy: proxy.replace('//', '//u:p@'), ca: TLS_TEST_CERTIFICATE },
    });
    for (const text of ['1', '2']) expect(statusOf(await target.send(pushOf(text)))).toBe(200);
    expect(asked).toEqual([`${name} Basic ${Buffer.from('u:p').toString('base64')}`]);
  });

  it('asks the proxy of the environment, but not for a server of this machine', async () => {
    const { proxy, asked } = await serveProxy(502);
    const network = { env: { HTTP_PROXY: proxy } };
    const outcome = await open('http://shop.example', { network }).send(pushOf('1'));
    expect(outcome).toMatchObject({
      state: 'failed',
      code: '',
      connected: false,
      proxy: { host: '127.0.0.1', httpStatus: 502 },
    });
    const url = await serve((_, response) => response.end());
    expect(statusOf(await open(url, { network }).send(pushOf('1')))).toBe(200);
    expect(asked).toEqual(['shop.example:80 ']);
  });
});
