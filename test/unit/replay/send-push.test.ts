import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { verifySignature } from '../../../src/platform/signing.js';
import { buildSender, replayHeaders, type Sender, type SenderOptions } from '../../../src/replay/send-push.js';
import { failureOf } from '../bindings/memory-books.js';
import { pushItem } from './items.js';

interface Asked {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly port: number | undefined;
}

let server: Server;
let base: string;
let asked: Asked[];
let answer: (response: ServerResponse, request: IncomingMessage) => void;
let senders: Sender[];

beforeEach(async () => {
  asked = [];
  senders = [];
  answer = (response) => response.writeHead(200).end('ok');
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      asked.push({ request, body: Buffer.concat(parts), port: request.socket.remotePort });
      answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const sender of senders) sender.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function sender(more: Partial<SenderOptions> = {}): Sender {
  const built = buildSender({ to: new URL(base), timeoutMs: 5000, concurrency: 1, ...more });
  senders.push(built);
  return built;
}

const signal = new AbortController().signal;

describe('buildSender', () => {
  it('posts the saved bytes and headers, without those of the old connection', async () => {
    const headers = {
      'content-type': 'application/json;charset=UTF-8',
      'x-aksk': 'UsernameToken Username="k"',
      host: 'old.example.com',
      connection: 'close',
      'content-length': '3',
      'transfer-encoding': 'chunked',
      'keep-alive': 'x',
    };
    const bytes = Buffer.from('{ "a" : "录音" }\n');
    const result = await sender().send(pushItem('1', { bytes, headers, path: '/fee?x=1' }), signal);
    expect(result).toMatchObject({ status: 200, bodyText: 'ok' });
    expect(result.latencyMs).toBeGreaterThan(0);
    const [{ request, body }] = asked as [Asked];
    expect(body).toEqual(bytes);
    expect(request.method).toBe('POST');
    expect(request.url).toBe('/fee?x=1');
    expect(request.headers).toEqual({
      'content-type': 'application/json;charset=UTF-8',
      'x-aksk': 'UsernameToken Username="k"',
      host: new URL(base).host,
      connection: 'keep-alive',
      'content-length': String(bytes.length),
    });
  });

  it.each([
    ['/', '/fee?x=1', '/fee?x=1'],
    ['/hook', '/fee?x=1', '/hook'],
    ['/hook?k=v', '/fee', '/hook?k=v'],
    ['/', 'http://callback.example.com/fee?x=1', '/fee?x=1'],
    ['/', '/a b\r\nx: y', '/a%20bx:%20y'],
  ])('sends to %s what was saved for %s: %s', async (to, path, target) => {
    await sender({ to: new URL(to, base) }).send(pushItem('1', { path }), signal);
    expect(asked[0]?.request.url).toBe(target);
  });

  it('keeps its connection', async () => {
    const one = sender();
    await one.send(pushItem('1'), signal);
    await one.send(pushItem('2'), signal);
    expect(new Set(asked.map(({ port }) => port)).size).toBe(1);
  });

  it('keeps 64 KiB of the answer and reads the rest away', async () => {
    answer = (response) => response.writeHead(500).end('é'.repeat(100_000));
    const result = await sender().send(pushItem('1'), signal);
    expect(result.status).toBe(500);
    expect(result.bodyText).toBe('é'.repeat(32_768));
  });

  it('reports a silent target', async () => {
    answer = () => undefined;
    const failure = await failureOf(sender({ timeoutMs: 50 }).send(pushItem('1'), signal));
    expect(failure.code).toBe('network-timeout');
    expect(failure.message).toContain('no answer within 50 ms');
  });

  it('reports a broken connection', async () => {
    answer = (_, request) => request.socket.destroy();
    expect((await failureOf(sender().send(pushItem('1'), signal))).code).toBe('network-interrupted');
  });

  it('reports an answer that breaks off', async () => {
    answer = (response, request) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('abc', () => request.socket.destroy());
    };
    expect((await failureOf(sender().send(pushItem('1'), signal))).code).toBe('network-interrupted');
  });

  it('reports a target that is not there', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const failure = await failureOf(sender({ to: new URL(`http://127.0.0.1:${port}`) }).send(pushItem('1'), signal));
    expect(failure.code).toBe('network-unreachable');
    expect(failure.message).toBe(`127.0.0.1:${port} cannot be reached (ECONNREFUSED)`);
  });

  it('stops when told, with the reason it was told', async () => {
    const stop = new AbortController();
    answer = () => {
      stop.abort(new AppError('interrupted', 'stopped'));
    };
    expect((await failureOf(sender().send(pushItem('1'), stop.signal))).code).toBe('interrupted');
  });
});

describe('replayHeaders', () => {
  const headers = { 'Content-Type': 'application/json', authorization: 'WSSE old', 'x-wsse': 'old', 'X-AKSK': 'old' };

  it.each(['aksk', 'wsse'] as const)('signs anew by %s', (signing) => {
    const now = (): Date => new Date('2026-07-20T08:00:00.500Z');
    const signed = replayHeaders(pushItem('1', { headers }), {
      appKey: 'k',
      appSecret: 's',
      signing,
      now,
      nonce: () => 'n1',
    });
    expect(Object.keys(signed).sort()).toEqual(['Content-Type', 'authorization', `x-${signing}`]);
    expect(verifySignature(signed, (key) => (key === 'k' ? 's' : undefined))).toMatchObject({
      ok: true,
      nonce: 'n1',
      createdAt: new Date('2026-07-20T08:00:00Z'),
    });
  });

  it('keeps the saved signature otherwise', () => {
    expect(replayHeaders(pushItem('1', { headers }), undefined)).toEqual(headers);
  });
});
