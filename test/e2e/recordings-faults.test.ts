import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { wholeWav } from '../helpers/whole-wav.js';
import { errorOf, makeWorld, until, type Json, type World } from '../helpers/bin.js';
import { startFaultProxy, type FaultProxy, type SeenRequest, type WireFault } from '../helpers/fault-proxy.js';

/** Rows D of the fault list with the real program: the sandbox behind a proxy that spoils answers on the wire. */

const A = '+8613800000001';
const B = '+8613800000002';
const X = '+8617000000201';
const SIGNATURES = ['x-aksk', 'x-wsse', 'authorization', 'cookie'];

const isRoot = process.getuid?.() === 0;
const canMount = ((): boolean => {
  if (!isRoot) return false;
  const probe = spawnSync('mktemp', ['-d'], { encoding: 'utf8' }).stdout.trim();
  const works = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]).status === 0;
  if (works) spawnSync('umount', [probe]);
  spawnSync('rmdir', [probe]);
  return works;
})();

interface Shop {
  readonly world: World;
  readonly dir: string;
  readonly cdrs: string;
  readonly proxy: FaultProxy;
  /** Content hash of every recording of the sandbox, by session. */
  readonly hashes: ReadonlyMap<string, string>;
  download(...more: string[]): string[];
  /** Requests for recordings, not for addresses. */
  fetched(): SeenRequest[];
  /** Invariant I. @returns the sessions whose recordings are there. */
  holds(): Promise<string[]>;
}

type Choose = (path: string, headers: Readonly<Record<string, string>>) => WireFault | undefined;

/** A shop whose calls of these lengths, seconds, were recorded; `choose` spoils answers of the storage. */
async function openShop(talks: readonly number[], choose: Choose = () => undefined): Promise<Shop> {
  const host = await makeWorld();
  const world = await makeWorld();
  const sandbox = await host.serve(['sandbox', 'start', '--port', '0']);
  await host.json(['-p', 'sandbox', 'bind', '--mode', 'axb', '-a', A, '-b', B, '-x', X, '--record', '--json']);
  const control = async (path: string, body?: Json): Promise<Json> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await (await fetch(`${sandbox.url}/_sandbox/${path}`, init)).json()) as Json;
  };
  const fees: Json[] = [];
  for (const talkSeconds of talks) fees.push((await control('calls', { from: B, to: X, talkSeconds })).fee as Json);
  const cdrs = join(world.folder, 'cdrs.json');
  await writeFile(cdrs, JSON.stringify({ eventType: 'fee', feeLst: fees }));
  const { recordings } = (await control('state')) as {
    recordings: { fileName: string; seconds: number; seed: number }[];
  };
  const byFile = new Map(recordings.map((one) => [one.fileName, one]));
  const hashes = new Map(
    fees.map((fee) => {
      const { seconds, seed } = byFile.get(fee.recordObjectName as string)!;
      return [fee.sessionId as string, createHash('sha256').update(wholeWav(seconds, seed)).digest('hex')];
    }),
  );
  const proxy = await startFaultProxy(sandbox.url, (path, headers) =>
    path.startsWith('/storage/') ? choose(path, headers) : undefined,
  );
  await world.login(proxy.url);
  const dir = join(world.folder, 'recordings');
  const fetched = (): SeenRequest[] => proxy.seen.filter(({ path }) => path.startsWith('/storage/'));
  return {
    world,
    dir,
    cdrs,
    proxy,
    hashes,
    download: (...more) => ['recordings', 'download', cdrs, '--dir', dir, '--concurrency', '16', ...more],
    fetched,
    holds: async () => {
      const found = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = found.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
      const archived = await readArchive(world);
      const there: string[] = [];
      for (const entry of files) {
        const path = join(entry.parentPath, entry.name);
        const hash = createHash('sha256')
          .update(await readFile(path))
          .digest('hex');
        const session = [...hashes].find(([, expected]) => expected === hash)?.[0];
        expect(session, `${path} is not whole`).toBeDefined();
        expect(archived.get(path)).toBe(hash);
        there.push(session!);
      }
      expect(archived.size).toBe(files.length);
      for (const { headers } of fetched()) expect(SIGNATURES.filter((name) => name in headers)).toEqual([]);
      return there;
    },
  };
}

/** Lines of the archive: file → content hash. */
async function readArchive(world: World): Promise<Map<string, string>> {
  const found = await readdir(world.folder, { recursive: true });
  const file = found.find((name) => basename(name) === 'archive.ndjson');
  if (file === undefined) return new Map();
  const lines = (await readFile(join(world.folder, file), 'utf8')).split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const entry = JSON.parse(line) as { file: string; sha256: string };
      return [entry.file, entry.sha256];
    }),
  );
}

/** Paths of hidden files below `dir`: parts, notes and locks. */
async function hidden(dir: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  return names.filter((name) => basename(name).startsWith('.'));
}

/** Random numbers that a seed gives again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const page = (status: string, body: string, headers = ''): Buffer =>
  Buffer.from(`HTTP/1.1 ${status}\r\nconnection: close\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`);

const KINDS: Readonly<Record<string, (random: () => number) => WireFault>> = {
  'D2 reset before the head': () => ({ kind: 'refuse' }),
  'D2 reset in the body': (random) => ({ kind: 'reset', keep: Math.floor(random() * 90_000) }),
  'D2 cut body': (random) => ({ kind: 'cut', keep: Math.floor(random() * 90_000) }),
  'D3 HTTP/1.0 cut': (random) => ({ kind: 'http-1.0', keep: Math.floor(random() * 90_000) }),
  'D3 close-delimited cut': (random) => ({ kind: 'close-delimited', keep: Math.floor(random() * 90_000) }),
  'D4 longer than announced': () => ({ kind: 'longer' }),
  'D6 502': () => ({ kind: 'replace', answer: page('502 x', 'x') }),
  'D7 429 with Retry-After': () => ({ kind: 'replace', answer: page('429 x', 'x', 'retry-after: 1\r\n') }),
  'D12 403': () => ({ kind: 'replace', answer: page('403 x', '<Error/>') }),
  'D23 HTML': () => ({ kind: 'replace', answer: page('200 OK', '<html>wait</html>') }),
  'D23 JSON': () => ({ kind: 'replace', answer: page('200 OK', '{"error":1}') }),
  'D23 empty': () => ({ kind: 'replace', answer: page('200 OK', '') }),
  'D25 gzip': () => ({ kind: 'replace', answer: page('200 OK', 'x', 'content-encoding: gzip\r\n') }),
};

describe('rows D: recordings download against a storage that fails', () => {
  it('invariant I holds after every run, and a repeat completes the set', async () => {
    const seed = Number(process.env.SEED ?? 20_261_122);
    const count = Number(process.env.RECORDINGS ?? 120);
    const random = randomFrom(seed);
    const kinds = Object.entries(KINDS);
    const hits: Record<string, number> = {};
    const shop = await openShop(
      Array.from({ length: count }, () => 3 + Math.floor(random() * 12)),
      () => {
        if (random() >= 0.4) return undefined;
        const [name, make] = kinds[Math.floor(random() * kinds.length)]!;
        hits[name] = (hits[name] ?? 0) + 1;
        return make(random);
      },
    );
    const runs: (number | null)[] = [];
    for (let whole = 0; whole < count && runs.length < 6;) {
      const ended = await shop.world.run(shop.download('--retries', '2', '-o', 'ndjson'));
      runs.push(ended.code);
      whole = (await shop.holds()).length;
      expect([ended.code, whole]).toEqual([whole === count ? 0 : 3, whole]);
    }
    const fetches = shop.fetched();
    const resumed = fetches.filter(({ headers }) => headers.range !== undefined).length;
    console.log(
      `rows D: seed ${seed}, ${count} recordings, ${fetches.length} requests, ${resumed} by range, exits ${runs.join(' ')}, ${JSON.stringify(hits)}`,
    );
    expect(runs.at(-1)).toBe(0);
    expect(resumed).toBeGreaterThan(0);
    expect(Object.keys(hits)).toHaveLength(kinds.length);
    const before = fetches.length;
    expect((await shop.world.run(shop.download())).code).toBe(0);
    expect(shop.fetched()).toHaveLength(before);
  });

  it('D17 Ctrl-C in the middle: parked within 5 s, and the rest alone is fetched later', async () => {
    let first = true;
    const shop = await openShop([400], (): WireFault | undefined => {
      const fault: WireFault | undefined = first ? { kind: 'stall', keep: 2_500_000 } : undefined;
      first = false;
      return fault;
    });
    const running = shop.world.start(shop.download('-o', 'ndjson'));
    await until(async () => (await hidden(shop.dir)).some((name) => name.endsWith('.part.json')));
    const started = performance.now();
    const ended = await running.stop('SIGINT');
    expect(ended.code).toBe(130);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await shop.holds()).toEqual([]);
    expect((await hidden(shop.dir)).filter((name) => name.endsWith('.lock'))).toEqual([]);
    await shop.world.json(shop.download('--json'));
    expect(await shop.holds()).toHaveLength(1);
    expect(await hidden(shop.dir)).toEqual([]);
    const from = Number(/^bytes=(\d+)-$/.exec(shop.fetched()[1]?.headers.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(1_000_000);
    expect(from).toBeLessThanOrEqual(2_500_000);
  });

  it('D18 killed in the middle of a long file, goes on from the last checkpoint', async () => {
    let first = true;
    const shop = await openShop([2400], (): WireFault | undefined => {
      const fault: WireFault | undefined = first ? { kind: 'stall', keep: 18_500_000 } : undefined;
      first = false;
      return fault;
    });
    const running = shop.world.start(shop.download('-o', 'ndjson'));
    await until(async () => {
      const note = (await hidden(shop.dir)).find((name) => name.endsWith('.part.json'));
      if (note === undefined) return false;
      const { sizeBytes } = JSON.parse(await readFile(join(shop.dir, note), 'utf8')) as { sizeBytes: number };
      return sizeBytes > 17_000_000;
    });
    await running.stop('SIGKILL');
    expect(await shop.holds()).toEqual([]);
    await shop.world.json(shop.download('--json'));
    expect(await shop.holds()).toHaveLength(1);
    const [, second] = shop.fetched();
    const from = Number(/^bytes=(\d+)-$/.exec(second!.headers.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(17_000_000);
    console.log(`D18: of ${2400 * 8000} bytes ${from} were kept over a kill`);
  });

  it('D12 the signature of an address is told nowhere', async () => {
    const shop = await openShop([5, 5, 5], () => ({ kind: 'replace', answer: page('403 x', '<Error/>') }));
    const ended = await shop.world.run(shop.download('--debug', '-v', '--json'));
    expect(ended.code).toBe(3);
    const tokens = shop.fetched().map(({ path }) => /token=(\w+)/.exec(path)![1]!);
    // Each address once, and each of them renewed once.
    expect(tokens).toHaveLength(6);
    for (const token of tokens) expect(ended.stdout + ended.stderr).not.toContain(token);
    const kept = await readdir(shop.world.folder, { recursive: true, withFileTypes: true });
    for (const entry of kept.filter((one) => one.isFile())) {
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1');
      for (const token of tokens) expect(text).not.toContain(token);
    }
  });

  it.skipIf(!canMount)(
    'D14 a full disk: exit 14, no part left, finished ones kept, complete after space came',
    async () => {
      const shop = await openShop([60, 60, 60, 60, 60]);
      const disk = await mkdtemp(join(tmpdir(), 'privacy-call-disk-'));
      onTestFinished(async () => {
        spawnSync('umount', ['-l', disk]);
        await rm(disk, { recursive: true, force: true });
      });
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1200k', 'tmpfs', disk]).status).toBe(0);
      await mkdir(shop.dir);
      expect(spawnSync('mount', ['--bind', disk, shop.dir]).status).toBe(0);
      onTestFinished(() => void spawnSync('umount', ['-l', shop.dir]));
      const ended = await shop.world.run(shop.download('--concurrency', '1', '--json'));
      expect([ended.code, errorOf(ended).code]).toEqual([14, 'disk-full']);
      expect(await shop.holds()).toHaveLength(2);
      expect((await readdir(shop.dir, { recursive: true })).filter((name) => name.includes('.part'))).toEqual([]);
      spawnSync('mount', ['-o', 'remount,size=8m', disk]);
      expect((await shop.world.run(shop.download())).code).toBe(0);
      expect(await shop.holds()).toHaveLength(5);
    },
  );

  it.skipIf(!canMount)('D15 a read-only folder: exit 14 before anything is fetched', async () => {
    const shop = await openShop([5]);
    await mkdir(shop.dir);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', shop.dir]).status).toBe(0);
    onTestFinished(() => void spawnSync('umount', ['-l', shop.dir]));
    const ended = await shop.world.run(shop.download('--json'));
    expect([ended.code, errorOf(ended).code]).toEqual([14, 'storage-denied']);
    expect(shop.proxy.seen).toEqual([]);
  });
});
