import { execFileSync } from 'node:child_process';
import { constants, readdirSync } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorOf, type Json, makeWorld, until, type World } from '../helpers/bin.js';
import { wavFacts } from '../helpers/wav-facts.js';

/** What is promised to whoever stops the program: nothing half done is left behind, and the exit code tells. */

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8617000000201';
const FEE = '{"eventType":"fee","feeLst":[{"icid":"record-1","sessionId":"session-1"}]}';
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Serves on a free port until the test ends. */
async function serve(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Opens a pipe to write as soon as somebody reads it. */
async function openOnceRead(fifo: string): Promise<FileHandle> {
  let held: FileHandle | undefined;
  await until(async () => {
    held = await open(fifo, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
    return held !== undefined;
  });
  if (held === undefined) throw new Error('nobody reads the pipe');
  return held;
}

/** A POST whose head the server has taken, its body not yet sent. */
async function openPost(
  url: string,
  length: number,
): Promise<{ finish: (body: string) => Promise<number | undefined> }> {
  const headers = { expect: '100-continue', 'content-type': 'application/json', 'content-length': length };
  const outgoing = httpRequest(url, { method: 'POST', headers });
  const answered = new Promise<number | undefined>((resolve) => {
    outgoing.on('response', (response) => {
      response.resume().on('end', () => {
        resolve(response.statusCode);
      });
    });
    outgoing.on('error', () => {
      resolve(undefined);
    });
  });
  const taken = new Promise<void>((resolve) => outgoing.once('continue', resolve));
  outgoing.flushHeaders();
  await taken;
  return {
    finish: (body) => {
      outgoing.end(body);
      return answered;
    },
  };
}

describe.each(SIGNALS)('%s', (signal) => {
  it('on listen: a push under way is kept and answered, then it ends with 0', async () => {
    const world = await makeWorld();
    const receiver = await world.serve(['-p', 'sandbox', 'listen', '--port', '0', '--verify', 'off', '-o', 'ndjson']);
    const post = await openPost(receiver.url, FEE.length);
    const stopped = receiver.stop(signal);
    expect(await post.finish(FEE)).toBe(200);
    const { code, stdout, stderr } = await stopped;
    expect([code, stderr]).toEqual([0, `listening on ${receiver.url}\n`]);
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Json).result as string);
    expect(results).toEqual(['ready', 'new']);
    const kept = await world.json(['-p', 'sandbox', 'cdr', 'list', '--json']);
    expect(kept.items).toMatchObject([{ sessionId: 'session-1', icid: 'record-1' }]);
  });

  it('on sandbox start: the state is saved, the folder free, and it ends with 0', async () => {
    const world = await makeWorld();
    const sandbox = await world.serve(['sandbox', 'start', '--port', '0']);
    const bound = await world.json(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', B, '--json']);
    expect((await sandbox.stop(signal)).code).toBe(0);
    const folder = join(world.home, '.local/state/privacy-call/sandbox');
    expect(await readdir(folder)).toEqual(['state.json']);
    const found = await world.json(['-p', 'sandbox', 'query', '--id', bound.item.subscriptionId as string, '--json']);
    expect(found.count).toBe(1);
  });

  it(`during a question without answer: ends with ${CODES[signal]}, one line and no more`, async () => {
    const world = await makeWorld();
    let asked = false;
    await world.login(await serve(() => (asked = true)));
    const query = world.start(['query', '-x', X]);
    await until(() => asked);
    const { code, stdout, stderr } = await query.stop(signal);
    expect([code, stderr]).toEqual([
      CODES[signal],
      signal === 'SIGINT' ? 'error: stopped by Ctrl-C\n' : 'error: stopped by SIGTERM\n',
    ]);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['inspect', '-'],
    ['login', 'shop', '--app-key', 'key', '--secret-stdin'],
    ['-p', 'sandbox', 'bind', '--mode', 'axb', '--file', '-', '--dry-run'],
  ])('while standard input says nothing: %s %s', async (...argv) => {
    const world = await makeWorld();
    const waiting = world.start(argv, { pipes: true });
    // More than a pipe holds: it is written only when somebody reads, who then waits for the rest.
    await new Promise((resolve) => waiting.child.stdin?.write('\n'.repeat(4_000_000), resolve));
    const ended = await waiting.stop(signal);
    expect([ended.code, ended.stderr]).toEqual([
      CODES[signal],
      signal === 'SIGINT' ? 'error: stopped by Ctrl-C\n' : 'error: stopped by SIGTERM\n',
    ]);
  });

  it.each([
    ['inspect', 'fifo'],
    ['cdr', 'stats', 'fifo', '--reader', 'full'],
    ['replay', 'fifo', '--to', 'http://127.0.0.1:1'],
    ['answers', 'test', 'fifo', 'fifo'],
    ['-p', 'sandbox', 'numbers', 'import', 'fifo'],
  ])('while who writes to a pipe says nothing: %s %s', async (...argv) => {
    const world = await makeWorld();
    execFileSync('mkfifo', [join(world.folder, 'fifo')]);
    const waiting = world.start(argv, { cwd: world.folder });
    const held = await openOnceRead(join(world.folder, 'fifo'));
    const ended = await waiting.stop(signal);
    await held.close();
    expect([ended.code, ended.stderr]).toEqual([
      CODES[signal],
      signal === 'SIGINT' ? 'error: stopped by Ctrl-C\n' : 'error: stopped by SIGTERM\n',
    ]);
  });

  it('while nobody writes to a pipe', async () => {
    const world = await makeWorld();
    execFileSync('mkfifo', [join(world.folder, 'fifo')]);
    const waiting = world.start(['inspect', 'fifo'], { cwd: world.folder });
    await until(() => waiting.stdout() !== '');
    expect((await waiting.stop(signal)).code).toBe(CODES[signal]);
  });

  it('a third one ends it where a thread that waits for a pipe keeps it from ending', async () => {
    const { world, dir, front } = await shopWithRecordings();
    front.whole = Infinity;
    const { items } = await world.json(['recordings', 'download', '--dir', dir, '--json']);
    const [, saved] = items as { file: string }[];
    await rm(saved?.file ?? '');
    execFileSync('mkfifo', [saved?.file ?? '']);
    const waiting = world.start(['recordings', 'verify', '--all', '-o', 'ndjson']);
    await until(() => waiting.stdout() !== '');
    // Two that come at once count as one.
    const signals = setInterval(() => waiting.child.kill(signal), 50);
    const ended = await waiting.ended;
    clearInterval(signals);
    expect(ended.signal).toBe(signal);
  });

  it('during a bind without answer: the ledger keeps the doubt', async () => {
    const world = await makeWorld();
    let asked = false;
    await world.login(await serve(() => (asked = true)));
    const bind = world.start(['bind', '-a', A, '-b', B, '-x', X, '--json']);
    await until(() => asked);
    const ended = await bind.stop(signal);
    expect([ended.code, ended.stdout, errorOf(ended).exitCode]).toEqual([CODES[signal], '', CODES[signal]]);
    const listed = await world.json(['bindings', 'list', '--state', 'in-doubt', '--json']);
    expect(listed.items).toMatchObject([{ a: A, b: B, x: X, state: 'in-doubt' }]);
  });
});

/** A shop with six recorded calls; its platform lies behind a front that hands out so many recordings and half of each further one. */
async function shopWithRecordings(): Promise<{
  world: World;
  dir: string;
  sessions: string[];
  front: { whole: number; halved: number };
}> {
  const host = await makeWorld();
  const world = await makeWorld();
  const sandbox = await host.serve(['sandbox', 'start', '--port', '0']);
  const front = { whole: 2, halved: 0 };
  const url = await serve((incoming, outgoing) => {
    const target = new URL(incoming.url ?? '/', sandbox.url);
    // The name by which it was asked stays, so that the addresses it gives lead here.
    const options = { method: incoming.method ?? 'GET', headers: incoming.headers };
    const onward = httpRequest(target, options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (!target.pathname.startsWith('/storage/') || (front.whole -= 1) >= 0) {
        answer.pipe(outgoing);
        return;
      }
      const half = Number(answer.headers['content-length']) / 2;
      let sent = 0;
      answer.on('data', (piece: Buffer) => {
        const part = piece.subarray(0, Math.max(0, half - sent));
        sent += part.length;
        if (part.length === 0) return;
        outgoing.write(part, () => {
          if (sent >= half) front.halved += 1;
        });
      });
    });
    incoming.pipe(onward);
  });
  await world.login(url);
  const receiver = await world.serve(['-p', 'shop', 'listen', '--port', '0']);
  await world.json(['bind', '-a', A, '-b', B, '-x', X, '--record', '--json']);
  const sessions: string[] = [];
  for (let n = 0; n < 6; n += 1) {
    const talk = ['--from', B, '--to', X, '--talk', '20s', '--push', receiver.url];
    const called = await host.json(['sandbox', 'call', ...talk, '--json']);
    sessions.push(called.item.sessionId as string);
  }
  await receiver.stop();
  return { world, dir: join(world.folder, 'recordings'), sessions, front };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('recordings download, stopped in the middle of files', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    '%s: what has its name is whole, and the next run completes',
    { timeout: 120_000 },
    async (signal) => {
      const { world, dir, sessions, front } = await shopWithRecordings();
      const download = ['recordings', 'download', '--dir', dir, '--concurrency', '3', '-o', 'ndjson'];
      const running = world.start(download);
      const parts = (): number =>
        readdirSync(dir, { recursive: true }).filter((name) => String(name).endsWith('.part')).length;
      // Two are whole and told, three hang at their half: sent, and a file of each has been begun.
      await until(() => front.halved === 3 && running.stdout().split('\n').length === 3 && parts() === 3);
      const ended = await running.stop(signal);
      expect([ended.code, ended.signal]).toEqual(signal === 'SIGKILL' ? [null, signal] : [CODES[signal], null]);
      const left = await filesBelow(dir);
      const named = left.filter((file) => !basename(file).startsWith('.'));
      expect(named).toHaveLength(2);
      for (const file of named) expect(wavFacts(file)).toMatchObject({ format: 6, sound: 160_000, promised: 160_000 });
      // What was under way stays as hidden parts: with a note to go on from, unless the process was killed so early.
      const hidden = left.filter((file) => basename(file).startsWith('.')).map((file) => basename(file));
      expect(hidden.filter((name) => name.endsWith('.part'))).toHaveLength(3);
      expect(hidden.filter((name) => name.endsWith('.part.json'))).toHaveLength(signal === 'SIGKILL' ? 0 : 3);
      const before = await Promise.all(named.map((file) => readFile(file)));

      front.whole = Infinity;
      const { items } = await world.json([...download.slice(0, -2), '--json']);
      const all = items as { state: string; file: string; record: { sessionId: string } }[];
      expect(all.map(({ record }) => record.sessionId).sort()).toEqual(sessions.sort());
      const states = all.map(({ state }) => state).sort();
      expect(states).toEqual(['already', 'already', 'saved', 'saved', 'saved', 'saved']);
      for (const { file } of all) expect(wavFacts(file).sound).toBe(160_000);
      expect(await Promise.all(named.map((file) => readFile(file)))).toEqual(before);
    },
  );
});
