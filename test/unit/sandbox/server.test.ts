import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wordsIn } from '../../../src/domain/text-pair.js';
import { verifySignature } from '../../../src/platform/signing.js';
import { sandboxCredentials } from '../../../src/sandbox/initial-state.js';
import { type SandboxServer, type SandboxServerOptions, startSandboxServer } from '../../../src/sandbox/server.js';
import { openSandboxFolder } from '../../../src/sandbox/state-folder.js';
import { temporaryFolder } from '../../helpers/temporary-folder.js';
import { PATHS, read, request, signed, startReceiver, START } from './client.js';

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8617000000201';
const BIND = { callerNum: A, relationNum: X, calleeNum: B, recordFlag: 'true' };

let folder = '';
let server: SandboxServer;
let lines: string[] = [];

function start(more: Partial<SandboxServerOptions> = {}): Promise<SandboxServer> {
  return startSandboxServer({
    folder,
    port: 0,
    host: '127.0.0.1',
    now: () => START,
    pid: process.pid,
    signal: new AbortController().signal,
    log: (line) => lines.push(wordsIn(line, 'en')),
    ...more,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-server-'));
  lines = [];
  server = await start();
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** One request over the wire; rejects when the connection breaks. */
function send(
  method: string,
  target: string,
  options: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { port: server.port, host: '127.0.0.1', method, path: target, headers: options.headers ?? {} },
      (incoming) => {
        const pieces: Buffer[] = [];
        incoming.on('data', (piece: Buffer) => pieces.push(piece));
        incoming.on('end', () => {
          resolve({ status: incoming.statusCode!, headers: incoming.headers, body: Buffer.concat(pieces) });
        });
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}

const platform = (method: string, target: string, body?: unknown): Promise<Answer> =>
  send(method, target, { headers: signed('axb', START), body });

describe('startSandboxServer', () => {
  it('that cannot write down where it is to be found gives its port back', async () => {
    const other = await temporaryFolder();
    const { port } = server;
    await server.close();
    const failing = startSandboxServer({
      folder: other,
      port,
      host: '127.0.0.1',
      now: () => START,
      pid: process.pid,
      signal: new AbortController().signal,
      log: (line) => lines.push(wordsIn(line, 'en')),
      // Asked for once the folder is held: now a folder stands where the address is to be written.
      get tls() {
        mkdirSync(join(other, 'server.json'), { recursive: true });
        return undefined;
      },
    });
    await expect(failing).rejects.toMatchObject({ code: expect.any(String) });
    server = await start({ port });
    expect(server.port).toBe(port);
  });

  it('serves the interfaces, short connections, closing first', async () => {
    const answer = await platform('POST', PATHS.axb, BIND);
    expect([answer.status, answer.headers.connection, answer.headers.date]).toEqual([
      200,
      'close',
      'Sun, 22 Nov 2026 08:00:00 GMT',
    ]);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ resultcode: '0', relationNum: X });
    expect(lines[0]).toMatch(/^POST \/rest\/caas\/relationnumber\/partners\/v1\.0 200 \d+ ms$/);
  });

  it('takes HTTP/1.0, a whole URL in the request line, and no Host', async () => {
    const headers = Object.entries(signed('axb', START))
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');
    const target = `http://rtcpns.invalid${PATHS.axb}?relationNum=%2B8617000000201`;
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write(`GET ${target} HTTP/1.0\r\n${headers}\r\n`));
      let got = '';
      socket.on('data', (piece: Buffer) => (got += piece.toString()));
      socket.on('end', () => {
        resolve(got);
      });
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(text).toContain('"totalCount":0');
  });

  it('gives a recording at its own address', async () => {
    await platform('POST', PATHS.axb, BIND);
    const { fee } = await server.control.call({ from: A, to: X, talkSeconds: 20 });
    const { recordDomain, recordObjectName } = fee as { recordDomain: string; recordObjectName: string };
    const moved = await platform('GET', `${PATHS.recording}?recordDomain=${recordDomain}&fileName=${recordObjectName}`);
    expect(moved.status).toBe(301);
    expect(moved.headers.location).toMatch(new RegExp(`^${server.url}/storage/`));
    const file = await send('GET', new URL(moved.headers.location!).pathname + new URL(moved.headers.location!).search);
    expect([file.status, file.body.length]).toEqual([200, 160_058]);
  });

  it('pushes signed to a real server', async () => {
    const receiver = await startReceiver();
    try {
      await server.control.applications({ mode: 'axb', push: { cdr: `${receiver.url}/fee` } });
      await platform('POST', PATHS.axb, BIND);
      const { sessionId, pushes } = await server.control.call({ from: A, to: X });
      expect(pushes).toMatchObject([{ kind: 'fee', state: 'delivered', attempts: 1 }]);
      const [push] = receiver.received;
      expect(push).toMatchObject({ path: '/fee', body: { eventType: 'fee', feeLst: [{ sessionId }] } });
      const { appKey, appSecret } = sandboxCredentials('axb');
      const verdict = verifySignature(push!.headers, (key) => (key === appKey ? appSecret : undefined));
      expect(verdict).toMatchObject({ ok: true, appKey });
    } finally {
      await receiver.close();
    }
  });

  it('is where the commands of other processes go, and gives its state back when it ends', async () => {
    const sandbox = await openSandboxFolder({ folder, now: () => START, pid: process.pid, lockWaitMs: 200 });
    const answer = await read(await sandbox.handle(request('axb', 'POST', PATHS.axb, BIND)));
    expect(answer.json.resultcode).toBe('0');
    expect((await server.control.state()).axb).toHaveLength(1);
    const { fee } = await sandbox.control.call({ from: A, to: X, talkSeconds: 5 });
    const query = `recordDomain=${String(fee!.recordDomain)}&fileName=${String(fee!.recordObjectName)}`;
    const moved = await sandbox.handle(request('axb', 'GET', `${PATHS.recording}?${query}`));
    expect(moved.headers.location).toMatch(/^http:\/\/sandbox\.invalid\/storage\//);
    const storage = { ...request('axb', 'GET', moved.headers.location!), headers: {} };
    expect((await read(await sandbox.handle(storage))).bytes.length).toBe(40_058);
    await expect(sandbox.control.call({ from: A, to: '+8617000000999' })).rejects.toMatchObject({
      code: 'number-not-found',
    });
    await server.close();
    await server.closed;
    expect(await readdir(folder)).toEqual(['state.json']);
    expect((await sandbox.control.state()).axb).toHaveLength(1);
  });

  it('runs once in a folder', async () => {
    await expect(start()).rejects.toMatchObject({
      code: 'storage-locked',
      message: expect.stringContaining(server.url),
    });
  });

  it('names a port that cannot be had, and leaves the folder free', async () => {
    const other = await mkdtemp(join(tmpdir(), 'sandbox-other-'));
    await expect(start({ folder: other, port: server.port })).rejects.toMatchObject({ code: 'flag-invalid' });
    expect(await readdir(other)).toEqual([]);
    await rm(other, { recursive: true });
  });

  it('breaks connections as its faults tell', async () => {
    await server.control.fault({ kind: 'down', count: 1 });
    await expect(platform('POST', PATHS.axb, BIND)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await server.control.state()).axb).toHaveLength(0);
    await server.control.fault({ kind: 'lost-answer', count: 1 });
    await expect(platform('POST', PATHS.axb, BIND)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await server.control.state()).axb).toHaveLength(1);
    await server.control.fault({ kind: 'cut', count: 1 });
    await expect(platform('GET', `${PATHS.axb}?relationNum=%2B8617000000201`)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });

  it('is steered by no page of a browser, and takes no endless body', async () => {
    expect((await send('POST', '/_sandbox/reset', { headers: { origin: 'http://evil.invalid' } })).status).toBe(403);
    expect((await send('GET', '/_sandbox/state')).status).toBe(200);
    expect((await send('GET', '/_sandbox/none')).status).toBe(404);
    const large = await send('POST', PATHS.axb, { headers: signed('axb', START), body: 'x'.repeat(1_100_000) });
    expect(large.status).toBe(413);
  });

  it('saves soon after a change, and ends when it is told to', async () => {
    const stop = new AbortController();
    const own = await mkdtemp(join(tmpdir(), 'sandbox-own-'));
    const second = await start({ folder: own, signal: stop.signal });
    await second.control.clock({ set: '2027-01-01T00:00:00+08:00', freeze: true });
    stop.abort();
    await second.closed;
    const state = JSON.parse(await readFile(join(own, 'state.json'), 'utf8'));
    expect(state.clock).toEqual({ kind: 'fixed', at: Date.UTC(2026, 11, 31, 16) });
    await rm(own, { recursive: true });
  });
});
