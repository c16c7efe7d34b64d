import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import { amount } from '../helpers/nightly.js';
import { post, startListening } from '../helpers/receiver-process.js';

/** A receiver that runs for long: no memory, no open file and no pause grows with the time. */

const SECONDS = amount('SOAK_SECONDS', 0, 1800);
const RATE = Number(process.env.SOAK_RATE ?? 500);
const SEGMENT_MS = Math.min(60_000, (SECONDS * 1000) / 10);
const CONNECTIONS = 64;
const MIB = 1024 * 1024;
/** What the table of known keys takes for each push at most, while it grows: by design, for a day. */
const BYTES_A_KEY = 25;

const bodyOf = (n: number): string =>
  `{"eventType":"fee","feeLst":[{"icid":"record-${n}","sessionId":"s${n}"}]}`.padEnd(2048);

function isSocket(descriptor: string): boolean {
  try {
    return readlinkSync(descriptor).startsWith('socket:');
  } catch {
    // Closed since it was listed.
    return true;
  }
}

describe.runIf(SECONDS > 0 && existsSync('/proc/self/status'))('a soak', () => {
  it(`R9: ${SECONDS} s at ${RATE} a second`, { timeout: SECONDS * 2000 + 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'privacy-call-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const receiver = await startListening(join(folder, 'data'), [], { RECEIVER_SEGMENT_MS: String(SEGMENT_MS) });
    onTestFinished(() => void receiver.child.kill('SIGKILL'));
    const proc = `/proc/${String(receiver.child.pid)}`;
    const rss = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`${proc}/status`, 'utf8'))?.[1]) * 1024;
    // Not its connections: how many there are is for the sender to say.
    const files = (): number => readdirSync(`${proc}/fd`).filter((fd) => !isSocket(`${proc}/fd/${fd}`)).length;
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const samples: { rss: number; files: number; sent: number }[] = [];
    let [sent, missed, acknowledged, longestMs, longestProbeMs] = [0, 0, 0, 0, 0];
    const begun = performance.now();
    let sampledAt = begun;
    const under = new Set<Promise<void>>();
    const one = async (n: number): Promise<void> => {
      const sentAt = performance.now();
      if ((await post(receiver.port, bodyOf(n), { agent })) === 200) acknowledged += 1;
      longestMs = Math.max(longestMs, performance.now() - sentAt);
    };
    // What the disk by itself, or this process, holds up is no pause of the receiver.
    let isRunning = true;
    const probe = async (): Promise<void> => {
      const file = await open(join(folder, 'probe'), 'w');
      while (isRunning) {
        const before = performance.now();
        await file.write('x'.repeat(4096));
        await file.datasync();
        longestProbeMs = Math.max(longestProbeMs, performance.now() - before);
        await delay(20);
      }
      await file.close();
    };
    const probing = probe();
    for (let now = begun; now < begun + SECONDS * 1000; now = performance.now()) {
      const due = Math.floor(((now - begun) / 1000) * RATE);
      // No more than have a connection: what waits for one here is no pause of the receiver either.
      while (sent + missed < due && under.size < CONNECTIONS) {
        const work = one(sent++);
        under.add(work);
        void work.finally(() => under.delete(work));
      }
      missed = Math.max(missed, due - sent);
      if (now - sampledAt > (SECONDS * 1000) / 60) {
        sampledAt = now;
        samples.push({ rss: rss(), files: files(), sent });
      }
      const before = performance.now();
      await delay(5);
      longestProbeMs = Math.max(longestProbeMs, performance.now() - before - 5);
    }
    await Promise.all(under);
    isRunning = false;
    await probing;
    agent.destroy();
    expect(await receiver.kill('SIGTERM')).toBe(0);

    const store = await openFileStore({
      folder: join(folder, 'data'),
      now: () => new Date(),
      pid: process.pid,
      hostname: 'reader',
    });
    const found = new Set<string | undefined>();
    for await (const { key } of store.journal.read()) found.add(key);
    await store.close();
    // After a sixth: minute 5 of 30.
    const [warm, last] = [samples[Math.floor(samples.length / 6)]!, samples.at(-1)!];
    const grownMib = (last.rss - warm.rss) / MIB;
    const tableMib = ((last.sent - warm.sent) * BYTES_A_KEY) / MIB;
    console.log(
      `R9: ${sent} pushes sent (${missed} left out while the machine was busy), ${acknowledged} acknowledged, ${found.size} found, 0 duplicates, memory ${Math.round(warm.rss / MIB)} to ` +
        `${Math.round(last.rss / MIB)} MiB (of it known keys up to ${Math.round(tableMib)}), open files ${warm.files} to ${last.files}, ` +
        `longest answer ${Math.round(longestMs)} ms (here and on the disk ${Math.round(longestProbeMs)} ms), no seed`,
    );
    expect([acknowledged, found.size]).toEqual([sent, sent]);
    expect(grownMib).toBeLessThanOrEqual(20 + tableMib);
    expect(Math.abs(last.files - warm.files)).toBeLessThanOrEqual(2);
    expect(longestMs).toBeLessThanOrEqual(250 + 3 * longestProbeMs);
  });
});
