import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { buildHttpTransport } from '../../../src/platform/http-transport.js';
import { HashThread } from '../../../src/recordings/hash-thread.js';
import { HashLost, localHash, type RunningHash } from '../../../src/recordings/running-hash.js';
import {
  downloadRecording,
  type DownloadOptions,
  type DownloadParts,
} from '../../../src/recordings/download-recording.js';
import { failureOf, MemoryLog } from '../bindings/memory-books.js';
import { cut, redirect, startStorage, status, whole, type StorageServer } from './storage-server.js';
import { wav } from './wav-bytes.js';
import type { RecordingItem } from '../../../src/recordings/plan-recordings.js';
import type { ArchiveEntry } from '../../../src/store/archive-entry.js';

const NOW = new Date('2026-07-20T08:00:00Z');
const SOUND = wav(16_000);
const OTHER = wav(8000);

let root: string;
let storage: StorageServer;
let archive: MemoryLog<ArchiveEntry>;
let pauses: number[];
let addresses: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'recordings-'));
  storage = await startStorage();
  archive = new MemoryLog();
  pauses = [];
  addresses = [];
});
afterEach(async () => {
  await storage.close();
  await rm(root, { recursive: true });
});

function parts(more: { endpoint?: string; address?: () => string } = {}): DownloadParts {
  return {
    platform: {
      application: { endpoint: more.endpoint ?? storage.url, appKey: 'k', signing: 'aksk', mode: 'axb' },
      recordingAddress: ({ fileName }) => {
        const address = more.address?.() ?? `${storage.url}/${fileName}?sig=${addresses.length}`;
        addresses.push(address);
        return Promise.resolve(address);
      },
    },
    transport: buildHttpTransport({ env: {} }),
    archive,
    now: () => NOW,
    sleep: (milliseconds) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    },
    random: () => 1,
  };
}

function item(fileName = 'a.wav'): RecordingItem {
  return {
    key: `ostor.example.com/${fileName}`,
    record: {
      kind: 'CallRecord',
      outcome: 'answered',
      sessionId: 's1',
      recording: { fileName, domain: 'ostor.example.com' },
      raw: {},
    },
    fetchBy: undefined,
    basis: 'unknown',
  };
}

function options(more: Partial<DownloadOptions> = {}): DownloadOptions {
  return { root, name: '2026-07-20/a.wav', timeoutMs: 5000, retries: 2, signal: new AbortController().signal, ...more };
}

/** Every file below the root, hidden ones too. */
async function files(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

describe('downloadRecording', () => {
  it('saves the file and then archives it', async () => {
    storage.serve('/a.wav', whole(SOUND));
    const { entry, notes } = await downloadRecording(parts(), item(), options());
    expect(entry).toEqual({
      key: 'ostor.example.com/a.wav',
      at: NOW,
      file: join(root, '2026-07-20/a.wav'),
      sizeBytes: SOUND.length,
      sha256: createHash('sha256').update(SOUND).digest('hex'),
      durationSeconds: 2,
      sessionId: 's1',
    });
    expect(notes).toEqual([]);
    expect(archive.lines).toEqual([entry]);
    expect(await readFile(entry.file)).toEqual(SOUND);
    expect((await stat(entry.file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, '2026-07-20'))).mode & 0o777).toBe(0o700);
    expect(await files()).toEqual(['2026-07-20/a.wav']);
  });

  it('sends no signature to the storage, not over redirects either', async () => {
    storage.serve('/a.wav', redirect('//b', 301));
    storage.serve('/b', redirect('//c?x=1', 307));
    storage.serve('/c', redirect('/d', 303));
    storage.serve('/d', whole(SOUND));
    await downloadRecording(parts(), item(), options());
    expect(storage.asked.map(({ path }) => path)).toEqual(['/a.wav?sig=0', '/b', '/c?x=1', '/d']);
    for (const { headers } of storage.asked) {
      expect(headers['accept-encoding']).toBe('identity');
      for (const name of ['x-aksk', 'x-wsse', 'authorization', 'cookie']) expect(headers).not.toHaveProperty(name);
    }
  });

  it('uses the direct address where the record names no file', async () => {
    storage.serve('/direct', whole(SOUND));
    const direct = { ...item(), record: { ...item().record, recording: { url: `${storage.url}/direct?sig=1` } } };
    expect((await downloadRecording(parts(), direct, options())).entry.sizeBytes).toBe(SOUND.length);
    expect(addresses).toEqual([]);
  });

  it.each([
    ['too many redirects', redirect('/a.wav'), 'more than 3 redirects'],
    ['a redirect to nowhere', status(302), 'redirects to nowhere'],
    ['a redirect to another scheme', redirect('file:///etc/passwd'), 'not https:'],
  ])('refuses %s', async (_, handler, why) => {
    storage.serve('/a.wav', handler);
    const failure = await failureOf(downloadRecording(parts(), item(), options()));
    expect(failure.code).toBe('answer-unreadable');
    expect(failure.message).toContain(why);
    expect(await files()).toEqual([]);
  });

  it.each([
    'http://storage.example.com/a.wav',
    'https://127.0.0.1/a.wav',
    'https://localhost/a.wav',
    'https://169.254.169.254/a.wav',
    'https://10.0.0.1/a.wav',
    'https://2130706433/a.wav',
    'https://[::1]/a.wav',
    'https://[::ffff:127.0.0.1]/a.wav',
    'https://[fd00::1]/a.wav',
    'nonsense',
  ])('of a real platform never goes to %s', async (address) => {
    const real = parts({ endpoint: 'https://rtcpns.cn-north-1.myhuaweicloud.com', address: () => address });
    const failure = await failureOf(downloadRecording(real, item(), options()));
    expect(failure.code).toBe('answer-unreadable');
    expect(storage.asked).toEqual([]);
  });

  it.each([
    ['a cut body with a length', cut(SOUND, 'length')],
    ['a cut chunked body', cut(SOUND, 'chunked')],
    ['a cut body that ends with the connection', cut(SOUND, 'close')],
    ['a body with a wrong, smaller length', whole(SOUND.subarray(0, 9000))],
    ['a server fault', status(503)],
    ['flow control', status(429)],
    ['a page with status 200', whole(Buffer.from('<html>wait</html>'))],
  ])('tries again after %s', async (_, handler) => {
    storage.serve('/a.wav', handler, whole(SOUND));
    const { entry } = await downloadRecording(parts(), item(), options());
    expect(await readFile(entry.file)).toEqual(SOUND);
    expect(pauses).toEqual([500]);
    expect(await files()).toEqual(['2026-07-20/a.wav']);
  });

  it.each([
    ['cut bodies', cut(SOUND, 'length'), 'network-interrupted'],
    ['cut bodies without a length', cut(SOUND, 'close'), 'recording-damaged'],
    ['packed bodies', whole(SOUND, { 'content-encoding': 'gzip' }), 'recording-damaged'],
    ['pages', whole(Buffer.from('<html>wait</html>')), 'recording-damaged'],
    ['faults', status(500), 'platform-failure'],
  ])('gives up after the retries on nothing but %s, and leaves nothing', async (_, handler, code) => {
    storage.serve('/a.wav', handler);
    expect((await failureOf(downloadRecording(parts(), item(), options()))).code).toBe(code);
    expect(pauses).toEqual([500, 1000]);
    expect(await files()).toEqual([]);
    expect(archive.lines).toEqual([]);
  });

  it('shows what a page is by its first bytes', async () => {
    storage.serve('/a.wav', whole(Buffer.from('<html>')));
    const failure = await failureOf(downloadRecording(parts(), item(), options({ retries: 0 })));
    expect(failure.message).toBe(
      'not the whole recording: not a WAV file but an HTML page: it starts with 3c 68 74 6d 6c 3e',
    );
  });

  it.each([
    ['7', 7000],
    ['Mon, 20 Jul 2026 08:00:30 GMT', 30_000],
    ['31536000', 600_000],
    ['Mon, 20 Jul 2020 08:00:30 GMT', 500],
    ['soon', 500],
  ])('obeys Retry-After: %s', async (text, pause) => {
    storage.serve('/a.wav', status(503, { 'retry-after': text, date: NOW.toUTCString() }), whole(SOUND));
    await downloadRecording(parts(), item(), options());
    expect(pauses).toEqual([pause]);
  });

  it.each([-86_400_000, -600_000, 600_000, 86_400_000])(
    'D20 counts a date in Retry-After by the clock of the storage, ours being %i ms off',
    async (skewMs) => {
      const busy = { 'retry-after': 'Mon, 20 Jul 2026 08:00:30 GMT', date: NOW.toUTCString() };
      storage.serve('/a.wav', status(503, busy), whole(SOUND));
      const now = (): Date => new Date(NOW.getTime() + skewMs);
      await downloadRecording({ ...parts(), now }, item(), options());
      expect(pauses).toEqual([30_000]);
    },
  );

  it('D12 asks for one fresh address after 403', async () => {
    storage.serve('/a.wav', status(403), whole(SOUND));
    await downloadRecording(parts(), item(), options());
    expect(addresses).toHaveLength(2);
    expect(pauses).toEqual([]);
  });

  it.each([404, 410])('D13 takes %i as the end of it: no further try', async (code) => {
    storage.serve('/a.wav', status(code), whole(SOUND));
    expect((await failureOf(downloadRecording(parts(), item(), options()))).code).toBe('recording-not-found');
    expect([storage.asked.length, addresses.length, pauses]).toEqual([1, 1, []]);
  });

  it('asks for no second fresh address', async () => {
    storage.serve('/a.wav', status(403));
    expect((await failureOf(downloadRecording(parts(), item(), options()))).code).toBe('recording-not-found');
    expect(addresses).toHaveLength(2);
  });

  it('does not try again when the platform refuses the address', async () => {
    const usual = parts();
    const recordingAddress = (): Promise<string> => Promise.reject(new AppError('network-timeout', 'no answer'));
    const refused = { ...usual, platform: { ...usual.platform, recordingAddress } };
    expect((await failureOf(downloadRecording(refused, item(), options()))).code).toBe('network-timeout');
    expect(pauses).toEqual([]);
  });

  it('leaves an existing file with other content alone and saves beside it', async () => {
    await mkdir(join(root, '2026-07-20'));
    await writeFile(join(root, '2026-07-20/a.wav'), OTHER);
    storage.serve('/a.wav', whole(SOUND));
    const { entry } = await downloadRecording(parts(), item(), options());
    const mark = createHash('sha256').update('ostor.example.com/a.wav').digest('hex').slice(0, 8);
    expect(entry.file).toBe(join(root, `2026-07-20/a~${mark}.wav`));
    expect(await readFile(join(root, '2026-07-20/a.wav'))).toEqual(OTHER);
    expect(await readFile(entry.file)).toEqual(SOUND);
  });

  it('takes an existing file with the same content as the recording', async () => {
    storage.serve('/a.wav', whole(SOUND));
    await downloadRecording(parts(), item(), options());
    const { entry } = await downloadRecording(parts(), item(), options());
    expect(entry.file).toBe(join(root, '2026-07-20/a.wav'));
    expect(await files()).toEqual(['2026-07-20/a.wav']);
  });

  it('leaves an existing file alone when the download fails', async () => {
    await mkdir(join(root, '2026-07-20'));
    await writeFile(join(root, '2026-07-20/a.wav'), OTHER);
    storage.serve('/a.wav', cut(SOUND, 'length'));
    await failureOf(downloadRecording(parts(), item(), options()));
    expect(await files()).toEqual(['2026-07-20/a.wav']);
    expect(await readFile(join(root, '2026-07-20/a.wav'))).toEqual(OTHER);
  });

  it('does not follow a symbolic link out of the folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await symlink(outside, join(root, '2026-07-20'));
    storage.serve('/a.wav', whole(SOUND));
    expect((await failureOf(downloadRecording(parts(), item(), options()))).code).toBe('storage-denied');
    expect(await readdir(outside)).toEqual([]);
    expect(storage.asked).toEqual([]);
    await rm(outside, { recursive: true });
  });

  it.skipIf(process.getuid?.() === 0)('reports a folder that cannot be written before it asks', async () => {
    await chmod(root, 0o500);
    expect((await failureOf(downloadRecording(parts(), item(), options()))).code).toBe('storage-denied');
    expect(storage.asked).toEqual([]);
    await chmod(root, 0o700);
  });

  it('reports a file in place of the folder', async () => {
    await writeFile(join(root, '2026-07-20'), 'x');
    expect((await failureOf(downloadRecording(parts(), item(), options()))).code).toBe('storage-failed');
  });

  it('hashes a large file in a thread, the same as without', async () => {
    const large = wav(9 * 1024 * 1024 + 4321);
    const hashes = new HashThread();
    storage.serve('/a.wav', whole(large, { etag: '"1"' }));
    const { entry } = await downloadRecording({ ...parts(), pid: process.pid, hashes }, item(), options());
    await hashes.close();
    expect(entry.sha256).toBe(createHash('sha256').update(large).digest('hex'));
    expect((await readFile(entry.file)).equals(large)).toBe(true);
  });

  it('begins a large file anew, without a thread, when the thread is lost', async () => {
    const large = wav(9 * 1024 * 1024);
    const lost: RunningHash = { ...localHash(), digest: () => Promise.reject(new HashLost('gone')) };
    const begun = [lost];
    storage.serve('/a.wav', whole(large));
    const hashes = { begin: () => begun.pop() };
    const { entry } = await downloadRecording({ ...parts(), hashes }, item(), options());
    expect(entry.sha256).toBe(createHash('sha256').update(large).digest('hex'));
    expect(storage.asked).toHaveLength(2);
    expect(pauses).toEqual([]);
    expect(await files()).toEqual(['2026-07-20/a.wav']);
  });

  it('D15 makes a folder again that goes while the body is on its way', async () => {
    storage.serve('/a.wav', (response) => {
      void rm(join(root, '2026-07-20'), { recursive: true }).then(() => {
        response.writeHead(200, { 'content-length': SOUND.length }).end(SOUND);
      });
    });
    const { entry } = await downloadRecording(parts(), item(), options());
    expect(await readFile(entry.file)).toEqual(SOUND);
    expect(await files()).toEqual(['2026-07-20/a.wav']);
  });

  it('stops in the middle of a body when told, and leaves nothing', async () => {
    const stop = new AbortController();
    storage.serve('/a.wav', (response) => {
      response.writeHead(200, { 'content-length': SOUND.length });
      response.write(SOUND.subarray(0, 5000), () => {
        stop.abort(new AppError('interrupted', 'stopped'));
      });
    });
    const failure = await failureOf(downloadRecording(parts(), item(), options({ signal: stop.signal })));
    expect(failure.code).toBe('interrupted');
    expect(await files()).toEqual([]);
  });
});
