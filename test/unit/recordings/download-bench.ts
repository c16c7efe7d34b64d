import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { buildHttpTransport } from '../../../src/platform/http-transport.js';
import {
  downloadRecording,
  type DownloadedRecording,
  type DownloadOptions,
  type DownloadParts,
} from '../../../src/recordings/download-recording.js';
import type { RecordingItem } from '../../../src/recordings/plan-recordings.js';
import type { ArchiveEntry } from '../../../src/store/archive-entry.js';
import { MemoryLog } from '../bindings/memory-books.js';

/** One recording, a folder for it and a storage that hands it out. */
export interface DownloadBench {
  readonly root: string;
  readonly archive: MemoryLog<ArchiveEntry>;
  readonly item: RecordingItem;
  /** Pauses between tries, milliseconds. */
  readonly pauses: number[];
  /** How often the platform was asked for an address. */
  readonly addresses: () => number;
  readonly parts: DownloadParts;
  download(options?: Partial<DownloadOptions>, parts?: Partial<DownloadParts>): Promise<DownloadedRecording>;
  /** Names of all files below the root, hidden ones too. */
  files(): Promise<string[]>;
  /** Invariant I: nothing but the whole file stands under the final name, and the archive says so. */
  expectWhole(bytes: Buffer): Promise<void>;
  expectAbsent(): Promise<void>;
}

const NAME = '2026-07-20/a.wav';

export async function openBench(url: string): Promise<DownloadBench> {
  const root = await mkdtemp(join(tmpdir(), 'privacy-call-fetch-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const archive = new MemoryLog<ArchiveEntry>();
  const pauses: number[] = [];
  let addresses = 0;
  const item: RecordingItem = {
    key: 'ostor.example.com/a.wav',
    record: {
      kind: 'CallRecord',
      outcome: 'answered',
      sessionId: 's1',
      recording: { fileName: 'a.wav', domain: 'ostor.example.com' },
      raw: {},
    },
    fetchBy: undefined,
    basis: 'unknown',
  };
  const parts: DownloadParts = {
    platform: {
      application: { endpoint: url, appKey: 'k', signing: 'aksk', mode: 'axb' },
      recordingAddress: () => Promise.resolve(`${url}/a.wav?token=canary-${(addresses += 1)}`),
    },
    transport: buildHttpTransport({ env: {} }),
    archive,
    now: () => new Date(),
    sleep: (milliseconds) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    },
    random: () => 1,
    pid: process.pid,
  };
  const files = async (): Promise<string[]> => {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .sort();
  };
  return {
    root,
    archive,
    item,
    pauses,
    addresses: () => addresses,
    parts,
    download: (options = {}, more = {}) =>
      downloadRecording({ ...parts, ...more }, item, {
        root,
        name: NAME,
        timeoutMs: 5000,
        retries: 2,
        signal: new AbortController().signal,
        ...options,
      }),
    files,
    expectWhole: async (bytes) => {
      expect(await files()).toEqual([NAME]);
      expect((await readFile(join(root, NAME))).equals(bytes)).toBe(true);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      expect(archive.lines).toMatchObject([{ file: join(root, NAME), sizeBytes: bytes.length, sha256 }]);
    },
    expectAbsent: async () => {
      expect((await files()).filter((name) => !name.includes('/.'))).toEqual([]);
      expect(archive.lines).toEqual([]);
    },
  };
}

/** A WAV as the platform records, every second of it different. */
export function soundOf(seconds: number, seed: number): Buffer {
  const head = Buffer.alloc(46);
  const length = seconds * 8000;
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(38 + length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(18, 16);
  head.writeUInt16LE(6, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 38, 'latin1');
  head.writeUInt32LE(length, 42);
  const sound = Buffer.alloc(length);
  for (let at = 0; at < length; at += 1) sound[at] = (at * 31 + (at >> 8) * 7 + seed) & 0xff;
  return Buffer.concat([head, sound]);
}
