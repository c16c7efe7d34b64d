import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFileStore } from '../../src/store/file/open-file-store.js';
import type { StoredPush } from '../../src/store/journal.js';
import { amount } from '../helpers/nightly.js';
import { post, seededRandom, startListening, startReceiverProcess } from '../helpers/receiver-process.js';

/** What is promised: nothing that was answered 200 is ever lost, whatever happens to the process or its disk. */

const KILLS = amount('DURABILITY_KILLS', 50, 200);
const SEED = Number(process.env.DURABILITY_SEED ?? Math.floor(Math.random() * 1e9));
const CONNECTIONS = 32;
const APPEND_CHILD = fileURLToPath(new URL('../helpers/append-child.mjs', import.meta.url));

const JOURNAL_CHILD = fileURLToPath(new URL('../helpers/journal-child.mjs', import.meta.url));

const canTrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;
const canMount = ((): boolean => {
  if (process.getuid?.() !== 0) return false;
  const probe = join(tmpdir(), `privacy-call-mount-${process.pid}`);
  spawnSync('mkdir', [probe]);
  const works = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]).status === 0;
  if (works) spawnSync('umount', [probe]);
  spawnSync('rmdir', [probe]);
  return works;
})();

const bodyOf = (n: number): string => `{"eventType":"fee","feeLst":[{"icid":"record-${n}","sessionId":"s${n}"}]}`;
const keyOf = (n: number): string => `fee:record-${n}`;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'privacy-call-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A tmpfs of its own, unmounted when the test ends. */
async function mountTmpfs(options: string): Promise<string> {
  const folder = await temporaryFolder();
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status).toBe(0);
  // Runs before the folder is removed: the last one registered is the first one run.
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

interface Found {
  readonly kept: Map<string, number>;
  readonly duplicates: Map<string, number>;
  readonly conflicts: number;
  readonly damaged: number;
}

/** What a reader sees afterwards: how often each key was kept, and how many repetitions were noted. */
async function readBack(folder: string): Promise<Found> {
  const store = await openFileStore({ folder, now: () => new Date(), pid: process.pid, hostname: 'reader' });
  const kept = new Map<string, number>();
  const duplicates = new Map<string, number>();
  let conflicts = 0;
  let damaged = 0;
  const bodies: StoredPush[] = [];
  for await (const push of store.journal.read({ duplicates: true, onDamage: () => (damaged += 1) })) {
    const counts = push.result === 'duplicate' ? duplicates : kept;
    counts.set(push.key ?? '', (counts.get(push.key ?? '') ?? 0) + 1);
    if (push.result === 'conflict') conflicts += 1;
    if (push.result === 'new') bodies.push(push);
  }
  await store.close();
  for (const { key, bytes } of bodies) {
    const n = Number(key?.replace('fee:record-', ''));
    expect(Buffer.from(bytes).toString()).toBe(bodyOf(n));
  }
  return { kept, duplicates, conflicts, damaged };
}

const sum = (counts: Map<string, number>): number => [...counts.values()].reduce((total, count) => total + count, 0);

describe('durability of the receiver', () => {
  it(
    `R1: kill -9 × ${KILLS} under ${CONNECTIONS} connections loses nothing acknowledged (seed ${SEED})`,
    { timeout: 60_000 + KILLS * 5000 },
    async () => {
      const random = seededRandom(SEED);
      const folder = await temporaryFolder();
      const sends = new Map<number, number>();
      const acks = new Map<number, number>();
      const unacknowledged: number[] = [];
      let next = 0;
      let slowestReadyMs = 0;
      for (let round = 0; round <= KILLS; round += 1) {
        const begun = performance.now();
        const receiver = await startListening(folder);
        slowestReadyMs = Math.max(slowestReadyMs, performance.now() - begun);
        const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
        let running = true;
        const lastRound = round === KILLS;
        const worker = async (): Promise<void> => {
          while (running) {
            const n = unacknowledged.pop() ?? (lastRound ? undefined : next++);
            if (n === undefined) return;
            sends.set(n, (sends.get(n) ?? 0) + 1);
            const status = await post(receiver.port, bodyOf(n), { agent });
            if (status === 200) acks.set(n, (acks.get(n) ?? 0) + 1);
            else unacknowledged.push(n);
          }
        };
        const workers = Array.from({ length: CONNECTIONS }, worker);
        if (!lastRound) {
          // The moment of the kill is the point of the test, not a wait for something.
          await delay(20 + random() * 200);
          const killed = receiver.kill('SIGKILL');
          running = false;
          await killed;
        }
        await Promise.all(workers);
        agent.destroy();
        if (lastRound) expect(await receiver.kill('SIGTERM')).toBe(0);
      }
      const { kept, duplicates, conflicts, damaged } = await readBack(folder);
      const sent = [...sends.values()].reduce((total, count) => total + count, 0);
      console.log(
        `R1 seed ${SEED}: ${sent} pushes sent of ${sends.size} records, ${acks.size} acknowledged, ${kept.size} found, ` +
          `${sum(duplicates)} duplicates, ${damaged} damaged lines, ready within ${Math.round(slowestReadyMs)} ms`,
      );
      expect(acks.size).toBe(sends.size);
      expect([...acks.keys()].filter((n) => !kept.has(keyOf(n)))).toEqual([]);
      expect([...kept].filter(([, count]) => count !== 1)).toEqual([]);
      expect([kept.size, conflicts]).toEqual([sends.size, 0]);
      for (const [n, times] of sends) {
        const lines = 1 + (duplicates.get(keyOf(n)) ?? 0);
        // Each acknowledgement is a line; a line without one was written when the kill came.
        expect(lines, keyOf(n)).toBeGreaterThanOrEqual(acks.get(n) ?? 0);
        expect(lines, keyOf(n)).toBeLessThanOrEqual(times);
      }
    },
  );

  const faults = ['1', '2', '3', '6', '13', '20', '1+', '4+'];
  it.runIf(canTrace)(
    `R3: a sync that fails (at call ${faults.join(', ')}) is never acknowledged`,
    { timeout: 120_000 },
    async () => {
      for (const when of faults) {
        const folder = await temporaryFolder();
        const strace = [
          'strace',
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-e',
          'trace=fdatasync',
          '-e',
          `inject=fdatasync:error=EIO:when=${when}`,
        ];
        const receiver = await startListening(folder, strace);
        onTestFinished(() => void receiver.child.kill('SIGKILL'));
        const statuses: (number | undefined)[] = [];
        const health: (number | undefined)[] = [];
        for (let n = 0; n < 15; n += 1) {
          statuses.push(await post(receiver.port, bodyOf(n)));
          health.push(await post(receiver.port, '', { method: 'GET', path: '/healthz' }));
        }
        const answered200 = statuses.flatMap((status, n) => (status === 200 ? [n] : []));
        const { kept, damaged } = await readBack(folder);
        console.log(
          `R3 at ${when}: 15 pushes sent, ${answered200.length} acknowledged, ${kept.size} found, ${damaged} damaged lines, no seed`,
        );
        expect(health).toEqual(statuses);
        expect([...kept.keys()]).toEqual(answered200.map(keyOf));
        const first = Math.ceil(Number.parseInt(when, 10) / 2) - 1;
        const expected = Array.from({ length: 15 }, (_, n) =>
          n === first || (n > first && when.endsWith('+')) ? 503 : 200,
        );
        expect(statuses).toEqual(expected);
        receiver.child.kill('SIGKILL');
      }
    },
  );

  it.runIf(canTrace)(
    'R3: a sync that fails refuses both groups that need it; what was refused is new when it comes again',
    { timeout: 60_000 },
    async () => {
      // Each push is a group; its second sync is the first of the next one, the last sync is that of the last group alone.
      const append = (folder: string, keys: readonly string[], fault: readonly string[] = []): unknown => {
        const [command, ...before] = [...fault, process.execPath, JOURNAL_CHILD];
        const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
        return JSON.parse(spawnSync(command, [...before, folder, ...keys], { env, encoding: 'utf8' }).stdout);
      };
      const outcomes = {
        1: ['refused', 'new', 'new', 'duplicate'],
        2: ['refused', 'refused', 'new', 'new'],
        3: ['new', 'refused', 'refused', 'new'],
        4: ['new', 'new', 'refused', 'refused'],
        5: ['new', 'new', 'new', 'refused'],
      };
      for (const [when, expected] of Object.entries(outcomes)) {
        const folder = await temporaryFolder();
        const fault = ['-e', 'trace=fdatasync', '-e', `inject=fdatasync:error=EIO:when=${when}`];
        const keys = ['a', 'b', 'c', 'b'];
        expect([when, append(folder, keys, ['strace', '-f', '-qq', '-o', '/dev/null', ...fault])]).toEqual([
          when,
          expected,
        ]);
        const kept = keys.filter((_, n) => expected[n] === 'new');
        const again = ['a', 'b', 'c'].map((key) => (kept.includes(key) ? 'duplicate' : 'new'));
        expect([when, append(folder, ['a', 'b', 'c'])]).toEqual([when, again]);
        const store = await openFileStore({ folder, now: () => new Date(), pid: process.pid, hostname: 'reader' });
        const bodies: string[] = [];
        for await (const { bytes } of store.journal.read()) bodies.push(Buffer.from(bytes).toString());
        await store.close();
        expect(bodies.sort()).toEqual(['{"key":"a"}', '{"key":"b"}', '{"key":"c"}']);
      }
    },
  );

  it.runIf(canMount)(
    'R4: a full disk is answered 503, and served again once there is space',
    { timeout: 60_000 },
    async () => {
      const folder = await mountTmpfs('size=512k');
      const filler = join(folder, 'filler');
      await writeFile(filler, Buffer.alloc(256 * 1024));
      const data = join(folder, 'data');
      const receiver = await startListening(data);
      onTestFinished(() => void receiver.child.kill('SIGKILL'));
      const acknowledged: number[] = [];
      let refused = 0;
      let n = 0;
      while (refused < 20 && n < 20_000) {
        const status = await post(receiver.port, bodyOf(n));
        expect([200, 503]).toContain(status);
        if (status === 200) acknowledged.push(n);
        else refused += 1;
        n += 1;
      }
      expect(refused).toBe(20);
      expect(await post(receiver.port, '', { method: 'GET', path: '/healthz' })).toBe(503);
      expect([...(await readBack(data)).kept.keys()]).toEqual(expect.arrayContaining(acknowledged.map(keyOf)));
      await rm(filler);
      expect(await post(receiver.port, bodyOf(n))).toBe(200);
      acknowledged.push(n);
      expect(await post(receiver.port, '', { method: 'GET', path: '/healthz' })).toBe(200);
      const { kept, damaged } = await readBack(data);
      console.log(
        `R4: ${n + 1} pushes sent, ${acknowledged.length} acknowledged, ${kept.size} found, ${damaged} damaged lines, no seed`,
      );
      expect(acknowledged.filter((one) => !kept.has(keyOf(one)))).toEqual([]);
      expect(await receiver.kill('SIGTERM')).toBe(0);
    },
  );

  it('R5: a data folder that cannot be made ends the start with 14 and one sentence', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const outcome = await startReceiverProcess(join(folder, 'file', 'data'));
    expect(outcome).toMatchObject({ state: 'ended', code: 14 });
    expect((outcome as { stderr: string }).stderr).toMatch(
      /^cannot write the journal .*: a part of the path is a file, not a folder \(ENOTDIR\)\n$/,
    );
  });

  it.runIf(canMount)('R5: a read-only data folder ends the start with 14 and one sentence', async () => {
    const folder = await mountTmpfs('ro,size=64k');
    const outcome = await startReceiverProcess(folder);
    expect(outcome).toMatchObject({ state: 'ended', code: 14 });
    expect((outcome as { stderr: string }).stderr).toMatch(
      /^cannot write the journal .*: the file system is read-only\n$/,
    );
  });

  it('R5: a data folder removed while it runs is answered 503, until it is back', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const receiver = await startListening(folder);
    onTestFinished(() => void receiver.child.kill('SIGKILL'));
    expect(await post(receiver.port, bodyOf(0))).toBe(200);
    await rm(folder, { recursive: true });
    for (let n = 1; n <= 3; n += 1) expect(await post(receiver.port, bodyOf(n))).toBe(503);
    expect(existsSync(folder)).toBe(false);
    await mkdir(folder, { mode: 0o700 });
    expect(await post(receiver.port, bodyOf(4))).toBe(200);
    expect([...(await readBack(folder)).kept.keys()]).toEqual([keyOf(4)]);
    console.log(
      'R5: 5 pushes sent, 2 acknowledged, 1 found (the other was removed with its folder), 0 duplicates, no seed',
    );
    expect(await receiver.kill('SIGTERM')).toBe(0);
  });

  it(
    `keyed log: three processes append, one of them killed ten times, nothing acknowledged is lost (seed ${SEED})`,
    { timeout: 120_000 },
    async () => {
      const random = seededRandom(SEED);
      const folder = await temporaryFolder();
      const acknowledged: string[] = [];
      const append = (prefix: string, count: number): { child: ReturnType<typeof spawn>; closed: Promise<unknown> } => {
        const child = spawn(process.execPath, [APPEND_CHILD, folder, prefix, String(count)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        createInterface({ input: child.stdout }).on('line', (key) => acknowledged.push(key));
        return { child, closed: once(child, 'close') };
      };
      const steady = [append('one', 100), append('two', 100)];
      for (let round = 0; round < 10; round += 1) {
        const victim = append(`victim-${round}`, 100_000);
        await once(victim.child.stdout!, 'data');
        await delay(random() * 60);
        victim.child.kill('SIGKILL');
        await victim.closed;
      }
      await Promise.all(steady.map(({ closed }) => closed));
      const store = await openFileStore({ folder, now: () => new Date(), pid: process.pid, hostname: 'reader' });
      const found = new Set<string>();
      for await (const { key } of store.inventory.entries()) found.add(key);
      console.log(`keyed log seed ${SEED}: ${acknowledged.length} entries acknowledged, ${found.size} found`);
      expect(steady.map(({ child }) => child.exitCode)).toEqual([0, 0]);
      expect(acknowledged.filter((key) => !found.has(key))).toEqual([]);
      expect(acknowledged.length).toBeGreaterThanOrEqual(210);
    },
  );
});
