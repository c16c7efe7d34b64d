import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identifyPush } from '../../src/notifications/identify-push.js';
import { encodeJournalLine, preparePush } from '../../src/store/file/journal-line.js';
import { amount } from '../helpers/nightly.js';
import { type Json, makeWorld, type Running, until } from '../helpers/bin.js';

const PUSHES = amount('PRIVACY_CALL_REPLAY_PUSHES', 5000, 100_000);
const LINES = amount('PRIVACY_CALL_REPLAY_LINES', 100_000, 10_000_000);
const JOURNAL_LINES = amount('PRIVACY_CALL_JOURNAL_LINES', 50_000, 2_000_000);
const SEED = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Date.now() % 1_000_000);
const EVENTS = ['callin', 'callout', 'alerting', 'answer', 'disconnect'];
const CONCURRENCY = 16;
/** Days over which the lines of the journal are spread. */
const DAYS = 10;
const KILLS = 4;
const RESTARTS = 20;

/** The same numbers for the same seed, from 0 to 1. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pushOf(index: number): string {
  const statusInfo = { timestamp: '2026-11-22 00:00:00', sessionId: `s${Math.floor(index / 5)}`, index };
  return JSON.stringify({ eventType: EVENTS[index % 5], statusInfo });
}

/** The rows of NDJSON; what a kill cut off is left out. */
function rowsOf(stdout: string): Json[] {
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Json);
}

/** Refuses one of five tries, at most twice the same push, and can be taken away for a while. */
class PoorTarget {
  /** Indices of pushes in the order of their acknowledgements. */
  readonly acked: number[] = [];
  requests = 0;
  readonly #random: () => number;
  readonly #refused = new Map<number, number>();
  #server: Server | undefined;
  #port = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async open(): Promise<void> {
    this.#server = createServer((incoming, outgoing) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('error', () => undefined);
      incoming.on('end', () => {
        this.requests += 1;
        const { index } = (JSON.parse(Buffer.concat(pieces).toString()) as { statusInfo: { index: number } })
          .statusInfo;
        const refused = this.#refused.get(index) ?? 0;
        if (refused < 2 && this.#random() < 0.2) {
          this.#refused.set(index, refused + 1);
          outgoing.writeHead(500).end();
          return;
        }
        this.acked.push(index);
        outgoing.writeHead(200).end();
      });
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async die(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}

describe('a replay to a server that fails, and that is killed itself', () => {
  it(
    'delivers every push at least once, each call in order, and goes on where it was',
    { timeout: 3_600_000 },
    async () => {
      const world = await makeWorld();
      const random = randomOf(SEED);
      const file = join(world.folder, 'saved.ndjson');
      await write(file, PUSHES, pushOf);
      const target = new PoorTarget(random);
      await target.open();
      onTestFinished(() => target.die());
      const sending = ['--as-platform', '--time-scale', '10000x', '--concurrency', String(CONCURRENCY)];
      const runs = [world.start(['replay', file, '--to', target.url, ...sending, '-o', 'ndjson'])];
      const steps = [
        ...Array.from({ length: KILLS }, () => 'kill'),
        ...Array.from({ length: RESTARTS }, () => 'restart'),
      ].map((what) => ({ what, at: Math.floor(random() * PUSHES * 0.95) }));
      for (const { what, at } of steps.sort((one, other) => one.at - other.at)) {
        await until(() => target.acked.length >= at);
        if (what === 'restart') {
          await target.die();
          await delay(random() * 50);
          await target.open();
          continue;
        }
        await runs.at(-1)?.stop('SIGKILL');
        runs.push(world.start(['replay', '--resume', 'last', '-o', 'ndjson']));
      }
      const ends = await Promise.all(runs.map((run) => run.ended));

      // The platform gives a push up after seven tries, here within 1.8 s: now and then one meets nothing but restarts.
      const givenUp = ends.flatMap(({ stdout }) => rowsOf(stdout)).filter(({ ok }) => ok === false);
      expect(givenUp.length).toBeLessThanOrEqual(PUSHES / 100);
      for (const verdict of givenUp) expect(verdict).toMatchObject({ attempts: 7 });
      const { items } = await world.json(['replay', '--list-runs', '--json']);
      const { failed } = (items as Json[])[0] as { failed: number };
      expect(items).toMatchObject([{ state: 'ended', sent: PUSHES, failed }]);
      // A kill can keep a line from the screen that stands in the run.
      expect(failed).toBeGreaterThanOrEqual(givenUp.length);
      expect(ends.at(-1)?.code, ends.at(-1)?.stderr).toBe(failed === 0 ? 0 : 10);
      const inTurn = new Set(target.acked);
      if (failed > 0) {
        const again = await world.json(['replay', '--failed-of', 'last', ...sending, '--json']);
        expect(again.count).toBe(failed);
      }

      const found = new Set(target.acked);
      const duplicates = target.acked.length - found.size;
      console.log(
        `P1 seed ${SEED}: pushes ${PUSHES}, requests ${target.requests}, acknowledged ${target.acked.length}, found ${found.size}, duplicates ${duplicates}, given up ${failed}, kills ${KILLS}, restarts ${RESTARTS}`,
      );
      expect(found.size).toBe(PUSHES);
      const last = new Map<number, number>();
      const seen = new Set<number>();
      const disordered: number[] = [];
      for (const index of target.acked) {
        if (seen.has(index) || !inTurn.has(index)) continue;
        seen.add(index);
        const call = Math.floor(index / 5);
        if ((last.get(call) ?? -1) > index) disordered.push(index);
        last.set(call, index);
      }
      expect(disordered).toEqual([]);
      // What was under way at a kill, or was answered and not yet noted, is sent again; nothing else is.
      expect(duplicates).toBeLessThanOrEqual((KILLS * 4 + RESTARTS) * CONCURRENCY);
    },
  );
});

describe('a replay of a part of much', () => {
  it('streams', { timeout: 3_600_000 }, async () => {
    const world = await makeWorld();
    const file = join(world.folder, 'large.ndjson');
    await write(file, LINES, (index) => `${pushOf(index).slice(0, -1)},"pad":"${'x'.repeat(400)}"}`);
    const started = performance.now();
    const wanted = `s${Math.floor(LINES / 5) - 1}`;
    const replay = world.start(['replay', file, '--session', wanted, '--to', 'http://127.0.0.1:1', '-n', '--json']);
    const peakKb = await peakMemory(replay);
    const { code, stdout } = await replay.ended;
    const seconds = (performance.now() - started) / 1000;
    console.log(`P2 lines ${LINES}, peak ${Math.round(peakKb / 1024)} MB, ${seconds.toFixed(1)} s`);
    expect([code, (JSON.parse(stdout) as Json).count]).toEqual([0, 5]);
    expect(peakKb).toBeGreaterThan(20_000);
    expect(peakKb).toBeLessThan(150 * 1024);
  });
});

describe('a replay of a part of a long journal', () => {
  it('streams, and remembers no more than a day of keys', { timeout: 3_600_000 }, async () => {
    const world = await makeWorld();
    const journal = join(world.home, '.local/share/privacy-call/default/journal');
    const now = Date.now();
    const perDay = Math.ceil(JOURNAL_LINES / DAYS);
    for (let day = DAYS; day > 0; day -= 1) {
      const begin = now - day * 86_400_000;
      const folder = join(journal, new Date(begin).toISOString().slice(0, 10));
      await mkdir(folder, { recursive: true });
      const file = join(folder, `host-1-${begin}.ndjson`);
      await write(file, perDay, (index) => {
        const bytes = Buffer.from(`${pushOf((DAYS - day) * perDay + index).slice(0, -1)},"pad":"${'x'.repeat(200)}"}`);
        const { kind, key } = identifyPush(bytes);
        const at = new Date(begin + index);
        const push = { at, kind, key, remote: '192.0.2.1', path: '/', headers: { host: 'a' }, bytes, isJson: true };
        return encodeJournalLine(preparePush(push), index + 1, 'new')
          .toString('latin1')
          .slice(0, -1);
      });
    }
    const started = performance.now();
    const wanted = `s${Math.floor((DAYS * perDay) / 5) - 1}`;
    const replay = world.start(['replay', '--session', wanted, '--to', 'http://127.0.0.1:1', '-n', '--json']);
    const peakKb = await peakMemory(replay);
    const { code, stdout } = await replay.ended;
    const seconds = (performance.now() - started) / 1000;
    console.log(`P2 journal lines ${DAYS * perDay}, peak ${Math.round(peakKb / 1024)} MB, ${seconds.toFixed(1)} s`);
    expect([code, (JSON.parse(stdout) as Json).count]).toEqual([0, 5]);
    expect(peakKb).toBeGreaterThan(20_000);
    expect(peakKb).toBeLessThan(150 * 1024);
  });
});

async function write(file: string, count: number, lineOf: (index: number) => string): Promise<void> {
  const out = createWriteStream(file);
  for (let index = 0; index < count; index += 1) if (!out.write(`${lineOf(index)}\n`)) await once(out, 'drain');
  out.end();
  await once(out, 'close');
}

/** The most memory that the process held, in KB. */
async function peakMemory({ child, ended }: Running): Promise<number> {
  let over = false;
  void ended.then(() => (over = true));
  const isOver = (): boolean => over;
  let peakKb = 0;
  while (!isOver()) {
    try {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      break;
    }
    await delay(20);
  }
  return peakKb;
}
