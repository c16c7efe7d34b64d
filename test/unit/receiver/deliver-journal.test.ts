import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliverJournal } from '../../../src/receiver/deliver-journal.js';
import { type DeliveryCounts, type DeliveryLimits, newCounts, pauseMs } from '../../../src/receiver/delivery.js';
import { buildForwarder, outcomeOf } from '../../../src/receiver/forward-push.js';
import type { FileJournal } from '../../../src/store/file/file-journal.js';
import { seededRandom } from '../../helpers/receiver-process.js';
import { openJournal, push, temporaryFolder } from '../store/samples.js';

const SEED = Number(process.env.DELIVERY_SEED ?? Math.floor(Math.random() * 1e9));

interface Taken {
  readonly body: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

interface Target {
  readonly url: URL;
  readonly taken: Taken[];
  /** Every request in turn: gives the status. */
  answer: (body: string) => number | Promise<number>;
  close(): Promise<void>;
}

async function startTarget(port = 0): Promise<Target> {
  const taken: Taken[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      void Promise.resolve(target.answer(body)).then((status) => {
        if (status === 200) taken.push({ body, url: request.url ?? '', headers: request.headers });
        response.writeHead(status).end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const target: Target = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    taken,
    answer: () => 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  onTestFinished(() => target.close());
  return target;
}

interface Running {
  readonly counts: DeliveryCounts;
  readonly lines: string[];
  readonly stop: () => Promise<void>;
}

const QUICK = { firstPauseMs: 5, longestPauseMs: 20, standByMs: 20, graceMs: 200 } as const;

function deliver(
  journal: FileJournal,
  url: URL,
  limits: Partial<DeliveryLimits> = {},
  beforeEach: () => void = () => undefined,
): Running {
  const stopping = new AbortController();
  const counts = newCounts();
  const lines: string[] = [];
  const forwarder = buildForwarder({ to: url, timeoutMs: 500, concurrency: 4 });
  const ended = deliverJournal({
    label: 'target',
    open: () => journal.consume('target'),
    wants: ({ kind }) => kind !== 'unknown',
    sessionsOf: ({ path }) => [path.split('/')[1] ?? ''],
    deliver: async (one, signal) => {
      beforeEach();
      return outcomeOf(await forwarder.send(one, signal));
    },
    counts,
    concurrency: 4,
    signal: stopping.signal,
    log: (line) => lines.push(line.en),
    limits: { ...QUICK, ...limits },
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
    forwarder.close();
  };
  onTestFinished(stop);
  return { counts, lines, stop };
}

/** A journal with its consumer made, so that everything from here on is handed on. */
async function openWatched(folder?: string): Promise<{ journal: FileJournal; folder: string }> {
  const place = folder ?? (await temporaryFolder());
  const journal = openJournal(place);
  await (await journal.consume('target')).close();
  return { journal, folder: place };
}

const sessions = (taken: readonly Taken[]): Record<string, string[]> => {
  const found: Record<string, string[]> = {};
  for (const { url, body } of taken) (found[url] ??= []).push(body);
  return found;
};

describe('deliverJournal', () => {
  it('hands on the bytes, the path and the headers as they came', async () => {
    const target = await startTarget();
    const { journal } = await openWatched();
    deliver(journal, target.url);
    const headers = {
      'content-type': 'application/json;charset=UTF-8',
      'x-aksk': 'UsernameToken Username="key",PasswordDigest="d",Nonce="n",Created="2026-11-22T08:00:00Z"',
      authorization: 'AKSK realm="SDP"',
      host: 'receiver.example',
      connection: 'close',
      'content-length': '999',
    };
    await journal.append(push('{ "a" : 1 }', { path: '/fee?x=1', headers }));
    await expect.poll(() => target.taken).toHaveLength(1);
    const [taken] = target.taken;
    expect(taken).toMatchObject({ body: '{ "a" : 1 }', url: '/fee?x=1' });
    expect(taken!.headers).toMatchObject({
      'content-type': headers['content-type'],
      'x-aksk': headers['x-aksk'],
      authorization: headers.authorization,
      host: target.url.host,
      'content-length': '11',
    });
  });

  it('hands on only the kinds that are wanted', async () => {
    const target = await startTarget();
    const { journal } = await openWatched();
    const { counts } = deliver(journal, target.url);
    await journal.append(push('"stray"', { kind: 'unknown' }));
    await journal.append(push('"wanted"'));
    await expect.poll(() => counts.delivered).toBe(1);
    expect(target.taken.map(({ body }) => body)).toEqual(['"wanted"']);
  });

  it(`keeps the order of each session while every third try fails (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const target = await startTarget();
    target.answer = () => (random() < 0.33 ? 500 : 200);
    const { journal } = await openWatched();
    const { counts, stop } = deliver(journal, target.url);
    const expected: Record<string, string[]> = {};
    const appended: Promise<unknown>[] = [];
    for (let n = 0; n < 300; n += 1) {
      const path = `/s${Math.floor(random() * 20)}`;
      (expected[path] ??= []).push(`${n}`);
      appended.push(journal.append(push(`${n}`, { path })));
    }
    await Promise.all(appended);
    await expect.poll(() => counts.delivered, { timeout: 10_000 }).toBe(300);
    await stop();
    console.log(`seed ${SEED}: 300 pushes, ${counts.retried} tries failed, ${target.taken.length} taken`);
    expect(sessions(target.taken)).toEqual(expected);
    expect(counts).toMatchObject({ failed: 0, waiting: 0 });
    expect(counts.retried).toBeGreaterThan(50);
  });

  it('tries again what failed by a defect of ours, and says so', async () => {
    const target = await startTarget();
    const { journal } = await openWatched();
    let failures = 1;
    const { lines, counts } = deliver(journal, target.url, {}, () => {
      if (failures-- > 0) throw new RangeError('+8613800000001');
    });
    await journal.append(push('{}'));
    await expect.poll(() => counts.delivered).toBe(1);
    expect([target.taken.length, counts.retried]).toEqual([1, 1]);
    expect(lines).toEqual(['target: it failed unexpectedly (RangeError); trying again']);
  });

  it('is held up by a push that always fails only in its own session', async () => {
    const target = await startTarget();
    target.answer = (body) => (body === '"bad"' ? 500 : 200);
    const { journal } = await openWatched();
    const { counts, lines } = deliver(journal, target.url, { giveUpMs: 1000 });
    await journal.append(push('"bad"', { path: '/one' }));
    await journal.append(push('"behind"', { path: '/one' }));
    for (let n = 0; n < 20; n += 1) await journal.append(push(`${n}`, { path: '/two' }));
    await expect.poll(() => target.taken.length).toBe(20);
    expect(target.taken.map(({ body }) => body)).not.toContain('"behind"');
    await expect.poll(() => counts.delivered, { timeout: 5000 }).toBe(21);
    expect(counts.failed).toBe(1);
    expect(lines.at(-1)).toMatch(
      /^target: push 2026-11-22\/host-4242-\d+:1 is given up: HTTP 500; it is in the journal$/,
    );
  });

  it('tries one push after another while nobody is there, and hands all on in order once somebody is', async () => {
    const target = await startTarget();
    const port = Number(target.url.port);
    await target.close();
    const { journal } = await openWatched();
    const { counts, lines } = deliver(journal, target.url);
    for (let n = 0; n < 50; n += 1) await journal.append(push(`${n}`, { path: `/s${n % 5}` }));
    await expect.poll(() => counts.retried).toBeGreaterThan(3);
    await expect.poll(() => counts.waiting).toBe(50);
    expect(counts).toMatchObject({ reachable: false, delivered: 0 });
    expect(lines[0]).toBe('target: it cannot be reached (ECONNREFUSED); trying again');
    const again = await startTarget(port);
    await expect.poll(() => counts.delivered).toBe(50);
    expect(counts.reachable).toBe(true);
    for (const [url, bodies] of Object.entries(sessions(again.taken))) {
      expect(bodies).toEqual(Array.from({ length: 10 }, (_, n) => `${n * 5 + Number(url.slice(2))}`));
    }
  });

  it('tries again what was answered too late', async () => {
    const target = await startTarget();
    let late = true;
    target.answer = (body) => {
      if (!late) return 200;
      late = false;
      return new Promise((resolve) => setTimeout(resolve, 2000, body === '' ? 200 : 204));
    };
    const { journal } = await openWatched();
    const { counts, lines } = deliver(journal, target.url);
    await journal.append(push('"slow"'));
    await expect.poll(() => counts.delivered, { timeout: 5000 }).toBe(1);
    expect(lines).toEqual(['target: no answer within 500 ms; trying again']);
  });

  it('holds no more than it may, and leaves the rest in the journal', async () => {
    const target = await startTarget();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    target.answer = () => gate.then(() => 200);
    const { journal } = await openWatched();
    const { counts } = deliver(journal, target.url, { heldPushes: 7, firstPauseMs: 1 });
    for (let n = 0; n < 30; n += 1) await journal.append(push(`${n}`, { path: `/${n}` }));
    await expect.poll(() => counts.waiting).toBe(7);
    open();
    await expect.poll(() => counts.delivered).toBe(30);
  });

  it('takes up after a stop what was not taken, and sends nothing twice that was', async () => {
    const target = await startTarget();
    target.answer = (body) => (Number(body) % 2 === 0 ? 200 : 500);
    const { journal } = await openWatched();
    const first = deliver(journal, target.url);
    for (let n = 0; n < 20; n += 1) await journal.append(push(`${n}`, { path: `/${n}` }));
    await expect.poll(() => first.counts.delivered).toBe(10);
    await first.stop();
    target.answer = () => 200;
    const second = deliver(journal, target.url);
    await expect.poll(() => second.counts.delivered).toBe(10);
    const bodies = target.taken.map(({ body }) => Number(body));
    expect(bodies.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('stands by while another process hands on, and takes over', async () => {
    const target = await startTarget();
    const { journal, folder } = await openWatched();
    const first = deliver(journal, target.url);
    await journal.append(push('"1"'));
    await expect.poll(() => first.counts.delivered).toBe(1);
    const other = openJournal(folder, { pid: 99 });
    const second = deliver(other, target.url);
    await expect.poll(() => second.lines).toEqual(['target: another process hands pushes on; this one stands by']);
    await first.stop();
    await other.append(push('"2"'));
    await expect.poll(() => second.counts.delivered).toBe(1);
    expect(target.taken.map(({ body }) => body)).toEqual(['"1"', '"2"']);
  });
});

describe('pauseMs', () => {
  it('doubles from a second to five minutes, less a tenth at most', () => {
    const limits = { firstPauseMs: 1000, longestPauseMs: 300_000 };
    const full = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
    for (const [index, seconds] of full.entries()) {
      const pause = pauseMs(index + 1, limits);
      expect(pause).toBeLessThanOrEqual(seconds * 1000);
      expect(pause).toBeGreaterThanOrEqual(seconds * 900);
    }
  });
});

describe('outcomeOf', () => {
  const answered = (status: number, retryAfter?: string) =>
    outcomeOf({ state: 'answered', status, contentType: undefined, retryAfter, body: Buffer.alloc(0) });

  it('takes any 2xx, and everything else for a reason to try again', () => {
    expect([200, 204, 299].map((status) => answered(status).state)).toEqual(['done', 'done', 'done']);
    expect([301, 400, 404, 429, 500].map((status) => answered(status).state)).toEqual(Array(5).fill('again'));
  });

  it('obeys Retry-After in seconds, to five minutes', () => {
    expect(answered(503, '7')).toEqual({ state: 'again', reason: 'HTTP 503', afterMs: 7000 });
    expect(answered(503, '31536000')).toMatchObject({ afterMs: 300_000 });
    expect(answered(503, '-5')).toMatchObject({ afterMs: 0 });
  });
});
