import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SandboxRequest, SandboxResponse } from '../../src/sandbox/exchange.js';
import { initialState } from '../../src/sandbox/initial-state.js';
import { STORAGE_PATH } from '../../src/sandbox/recordings.js';
import { buildSandbox } from '../../src/sandbox/sandbox.js';
import type { SandboxState } from '../../src/sandbox/state.js';
import { wholeWav } from './whole-wav.js';
import { makeWorld, type World } from './bin.js';

/** A team whose calls were recorded: a sandbox on a port, its recordings, the CDRs of them in a file, and a profile. */
export interface RecordingShop {
  readonly world: World;
  /** Where recordings go. */
  readonly dir: string;
  /** `-p shop recordings download <CDRs> --dir <dir> …`. */
  download(...more: readonly string[]): readonly string[];
  /** Faults, clock and recordings of the sandbox; changes count at once. */
  readonly state: SandboxState;
  /** How often each file was asked of the storage, by session. */
  readonly asked: ReadonlyMap<string, number>;
  /** SHA-256 of each recording, by session. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Called before each request; resolving late holds the answer back. */
  onRequest: (target: string) => Promise<void> | void;
}

/** What is recorded. */
export interface ShopOptions {
  readonly recordings: number;
  /** Length of each; 8000 bytes a second. */
  readonly seconds: number;
  readonly seed: number;
  /** Where recordings go; a folder of the world unless given. */
  readonly dir?: string;
}

/** Opens a shop that closes with the test. */
export async function openShop({ recordings, seconds, seed, ...where }: ShopOptions): Promise<RecordingShop> {
  const world = await makeWorld();
  const state = initialState(seed);
  const core = buildSandbox({ state, now: () => new Date(), deliver: () => Promise.reject(new Error('no pushes')) });
  const hashes = new Map<string, string>();
  const asked = new Map<string, number>();
  const cdrs = join(world.folder, 'cdr.ndjson');
  const lines: string[] = [];
  // Few tones, so that thousands of hashes need not be made.
  const tones = Array.from({ length: 7 }, (_, tone) =>
    createHash('sha256').update(wholeWav(seconds, tone)).digest('hex'),
  );
  const end = Date.now() - 3_600_000;
  const platformTime = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  for (let n = 0; n < recordings; n += 1) {
    const session = `session-${String(n).padStart(5, '0')}`;
    const fileName = `${session}.wav`;
    const domain = 'recordings.sandbox.invalid';
    state.recordings.push({ fileName, domain, appKey: 'sandbox-axb-key', seconds, seed: n % 7, createdAt: end });
    hashes.set(session, tones[n % 7]!);
    const fee = {
      direction: '0',
      serviceType: '004',
      sessionId: session,
      icid: `icid-${n}`,
      bindNum: '+8617000000201',
      callInTime: platformTime(end - (seconds + 5) * 1000),
      fwdAnswerTime: platformTime(end - seconds * 1000),
      callEndTime: platformTime(end),
      recordFlag: '1',
      recordObjectName: fileName,
      recordDomain: domain,
    };
    lines.push(JSON.stringify({ eventType: 'fee', feeLst: [fee] }));
  }
  await writeFile(cdrs, `${lines.join('\n')}\n`);
  const dir = where.dir ?? join(world.folder, 'recordings');
  const shop: RecordingShop = {
    world,
    dir,
    state,
    asked,
    hashes,
    onRequest: () => undefined,
    download: (...more) => ['-p', 'shop', 'recordings', 'download', cdrs, '--dir', dir, ...more],
  };
  const server = createServer((incoming, outgoing) => {
    const target = incoming.url ?? '/';
    const { pathname } = new URL(target, 'http://x');
    const session = pathname.slice(STORAGE_PATH.length).replace(/\.wav$/, '');
    if (pathname.startsWith(STORAGE_PATH)) asked.set(session, (asked.get(session) ?? 0) + 1);
    const request: SandboxRequest = {
      method: incoming.method ?? 'GET',
      target,
      headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
      body: new Uint8Array(),
      remote: '127.0.0.1',
    };
    Promise.resolve(shop.onRequest(target))
      .then(() => core.handle(request))
      .then((response) => answer(outgoing, response))
      .catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await world.login(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return shop;
}

async function answer(outgoing: ServerResponse, response: SandboxResponse): Promise<void> {
  if (response.fault !== undefined) {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  outgoing.writeHead(response.status, response.headers);
  for await (const piece of response.body instanceof Uint8Array ? [response.body] : response.body) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(piece)) {
      await new Promise<void>((resolve) => outgoing.once('drain', resolve).once('close', resolve));
    }
  }
  outgoing.end();
}
