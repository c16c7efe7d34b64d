import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { Connection } from '../../../src/http/connection.js';
import { requestHead } from '../../../src/http/request-head.js';

const open: { server: Server; sockets: Set<Socket> }[] = [];

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

/** A server that hands each request's text to `answer`. */
async function serve(answer: (socket: Socket, request: string) => void): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (request) => {
      answer(socket, request.toString('latin1'));
    });
  });
  open.push({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

async function connect(url: URL): Promise<Connection> {
  const connection = new Connection({ url, verified: true });
  await connection.connected();
  return connection;
}

const get = (url: URL): { method: string; head: string } => ({
  method: 'GET',
  head: requestHead({ method: 'GET', url, headers: {} }),
});

async function bodyOf(connection: Connection): Promise<string> {
  let text = '';
  for (let piece = await connection.next(); piece !== undefined; piece = await connection.next()) {
    text += piece.toString('latin1');
  }
  return text;
}

const wait = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Writes `text` in pieces of `size`, each in a packet of its own as far as the system allows. */
async function drip(socket: Socket, text: string, size: number): Promise<void> {
  for (let at = 0; at < text.length && !socket.destroyed; at += size) {
    socket.write(text.slice(at, at + size), 'latin1');
    await wait();
  }
}

describe('Connection', () => {
  it('takes one answer after the other, however they are cut', async () => {
    const answers = [
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end',
    ];
    for (const size of [1, 2, 7, 1000]) {
      let asked = 0;
      const url = await serve((socket) => {
        const text = answers[asked] ?? '';
        asked += 1;
        void drip(socket, text, size).then(() => asked === answers.length && socket.end());
      });
      const connection = await connect(url);
      const seen: [number, string][] = [];
      for (const _ of answers) {
        expect(connection.isFree).toBe(true);
        const { status } = await connection.send(get(url));
        seen.push([status, await bodyOf(connection)]);
      }
      expect(seen).toEqual([
        [200, 'hello'],
        [404, 'abc'],
        [204, ''],
        [200, 'to the end'],
      ]);
      expect(connection.isFree).toBe(false);
    }
  });

  it('takes a large body whole and unchanged while its reader is slow', async () => {
    const content = Buffer.alloc(3_000_000);
    for (let index = 0; index < content.length; index += 4) content.writeUInt32LE(index, index);
    const url = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`);
      socket.write(content);
    });
    const connection = await connect(url);
    await connection.send(get(url));
    const parts: Buffer[] = [];
    for (let piece = await connection.next(); piece !== undefined; piece = await connection.next()) {
      await wait();
      parts.push(Buffer.from(piece));
    }
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  it('sends a body behind its head', async () => {
    let request = '';
    const url = await serve((socket, text) => {
      request += text;
      if (request.endsWith('whole')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    const connection = await connect(url);
    const target = new URL('/a?b=c', url);
    const head = requestHead({ method: 'POST', url: target, headers: { 'X-Name': 'v' }, bodyBytes: 5 });
    const { status } = await connection.send({ method: 'POST', head, body: Buffer.from('whole') });
    expect(status).toBe(200);
    expect(request).toBe(
      `POST /a?b=c HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\nX-Name: v\r\ncontent-length: 5\r\n\r\nwhole`,
    );
  });

  it.each([
    ['a body longer than announced', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc', 'HPE_UNEXPECTED_CONTENT'],
    ['chunks that are none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'HPE_INVALID_CHUNK_SIZE'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'HPE_INVALID_STATUS'],
    ['a head without an end', `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(20_000)}`, 'HPE_HEADER_OVERFLOW'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n', 'HPE_INVALID_STATUS'],
  ])('refuses %s', async (_, text, code) => {
    const url = await serve((socket) => socket.write(text, 'latin1'));
    const connection = await connect(url);
    const exchange = connection.send(get(url)).then(() => bodyOf(connection));
    await expect(exchange).rejects.toMatchObject({ code });
    expect(connection.isFree).toBe(false);
  });

  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('hands over what came before a body with %s broke off', async (_, text) => {
    const url = await serve((socket) => socket.end(text));
    const connection = await connect(url);
    await connection.send(get(url));
    expect((await connection.next())?.toString()).toBe('abc');
    await expect(connection.next()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('tells a kept connection that was closed before its answer from a broken answer', async () => {
    let asked = 0;
    const url = await serve((socket) => {
      asked += 1;
      if (asked % 2 === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      else if (asked === 2) socket.destroy();
      else socket.end('HTTP/1.1 200');
    });
    for (const name of ['ClosedBefore', 'Error']) {
      const connection = await connect(url);
      await connection.send(get(url));
      expect(await bodyOf(connection)).toBe('');
      await expect(connection.send(get(url))).rejects.toMatchObject({ name, code: 'ECONNRESET' });
    }
    const url2 = await serve((socket) => socket.destroy());
    const fresh = await connect(url2);
    await expect(fresh.send(get(url2))).rejects.toMatchObject({ name: 'Error', code: 'ECONNRESET' });
  });

  it('is of no more use once the server says something unasked', async () => {
    const url = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      setImmediate(() => socket.write('HTTP/1.1 408 Too late\r\n\r\n'));
    });
    const connection = await connect(url);
    await connection.send(get(url));
    expect(await bodyOf(connection)).toBe('');
    await expect.poll(() => connection.isFree).toBe(false);
  });

  it('ends an exchange under way with the reason it is destroyed for', async () => {
    const url = await serve(() => undefined);
    const connection = await connect(url);
    const exchange = connection.send(get(url));
    connection.destroy(new Error('enough'));
    await expect(exchange).rejects.toThrow('enough');
  });

  it('is free again behind a body that nobody wanted but that has come', async () => {
    const url = await serve((socket) => socket.write('HTTP/1.1 301 M\r\nContent-Length: 4\r\n\r\nmove'));
    const connection = await connect(url);
    await connection.send(get(url));
    connection.leave();
    expect(connection.isFree).toBe(true);
    await connection.send(get(url));
    expect(await bodyOf(connection)).toBe('move');
  });
});

describe('requestHead', () => {
  it.each([
    ['a', 'b\r\nc: d'],
    ['a b', 'c'],
    ['a', 'b\0'],
    ['a', '中'],
  ])('refuses the header %j: %j', (name, value) => {
    const url = new URL('http://localhost/');
    expect(() => requestHead({ method: 'GET', url, headers: { [name]: value } })).toThrow(TypeError);
  });
});
