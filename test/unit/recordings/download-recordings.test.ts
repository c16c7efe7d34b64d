import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../../src/errors.js';
import { buildHttpTransport } from '../../../src/platform/http-transport.js';
import { collect } from '../../../src/bindings/collect.js';
import {
  downloadRecordings,
  stopsRun,
  type RecordingResult,
  type RunOptions,
} from '../../../src/recordings/download-recordings.js';
import { parseNameTemplate } from '../../../src/recordings/recording-name.js';
import { failureOf, MemoryLog } from '../bindings/memory-books.js';
import { startStorage, status, whole, type Handler, type StorageServer } from './storage-server.js';
import { wav } from './wav-bytes.js';
import type { CallRecord } from '../../../src/domain/call-record.js';
import type { DownloadParts } from '../../../src/recordings/download-recording.js';
import type { RecordingItem, RecordingPlan } from '../../../src/recordings/plan-recordings.js';
import type { ArchiveEntry } from '../../../src/store/store.js';

const NOW = new Date('2026-07-20T08:00:00Z');
const PAST = new Date('2026-07-20T07:00:00Z');

let root: string;
let storage: StorageServer;
let archive: MemoryLog<ArchiveEntry>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'recordings-'));
  storage = await startStorage();
  archive = new MemoryLog();
});
afterEach(async () => {
  await storage.close();
  await rm(root, { recursive: true });
});

function parts(refusals: Readonly<Record<string, ErrorCode>> = {}): DownloadParts {
  return {
    platform: {
      application: { endpoint: storage.url, appKey: 'k', signing: 'aksk', mode: 'axb' },
      recordingAddress: ({ fileName }) => {
        const code = refusals[fileName];
        return code === undefined
          ? Promise.resolve(`${storage.url}/${fileName}`)
          : Promise.reject(new AppError(code, `refused: ${code}`));
      },
    },
    transport: buildHttpTransport({ env: {} }),
    archive,
    now: () => NOW,
    sleep: () => Promise.resolve(),
    random: () => 0,
  };
}

function record(name: string): CallRecord {
  return {
    kind: 'CallRecord',
    outcome: 'answered',
    sessionId: name,
    recording: { fileName: name, domain: 'd' },
    raw: {},
  };
}

function item(name: string, fetchBy?: Date): RecordingItem {
  return { key: `d/${name}`, record: record(name), fetchBy, basis: 'arrival' };
}

function plan(...names: string[]): RecordingPlan {
  return { toFetch: names.map((name) => item(name)), archived: [], tooShort: [], expired: [], withoutLocation: [] };
}

function options(more: Partial<RunOptions> = {}): RunOptions {
  return {
    root,
    template: parseNameTemplate('{session}.wav'),
    naming: { zone: 'UTC' },
    concurrency: 2,
    timeoutMs: 5000,
    retries: 0,
    signal: new AbortController().signal,
    ...more,
  };
}

function states(results: readonly RecordingResult[]): Record<string, string> {
  return Object.fromEntries(results.map((result) => [String(result.record.sessionId), result.state] as const));
}

describe('downloadRecordings', () => {
  it('gives one result for each record of the plan', async () => {
    storage.serve('/good', whole(wav(8000)));
    storage.serve('/bad', status(500));
    const entry = { key: 'd/kept', at: NOW, file: '/kept.wav', sizeBytes: 1, sha256: '' };
    const work: RecordingPlan = {
      toFetch: [item('good'), item('bad'), item('late', PAST), item('missing')],
      archived: [{ ...item('kept'), entry }],
      tooShort: [record('short')],
      expired: [item('over', PAST)],
      withoutLocation: [record('nowhere')],
    };
    const run = downloadRecordings(
      parts({ late: 'recording-not-found', missing: 'recording-not-found' }),
      work,
      options(),
    );
    const results = await collect(run);
    expect(states(results)).toEqual({
      good: 'saved',
      bad: 'failed',
      late: 'expired',
      missing: 'failed',
      kept: 'already',
      short: 'too-short',
      over: 'expired',
      nowhere: 'failed',
    });
    const saved = results.find((result) => result.state === 'saved');
    expect(saved).toMatchObject({ file: join(root, 'good.wav'), durationSeconds: 1, sizeBytes: wav(8000).length });
    const bad = results.find((result) => result.record.sessionId === 'bad');
    expect(bad).toMatchObject({ reason: 'the storage answered HTTP 500', error: { code: 'platform-failure' } });
  });

  it('fetches nothing that it has saved before', async () => {
    storage.serve('/one', whole(wav(8000)));
    await collect(downloadRecordings(parts(), plan('one'), options()));
    expect(states(await collect(downloadRecordings(parts(), plan('one'), options())))).toEqual({ one: 'already' });
    expect(storage.asked).toHaveLength(1);
    await rm(join(root, 'one.wav'));
    expect(states(await collect(downloadRecordings(parts(), plan('one'), options())))).toEqual({ one: 'saved' });
  });

  it('keeps recordings of one name apart', async () => {
    storage.serve('/one', whole(wav(8000)));
    storage.serve('/two', whole(wav(9000)));
    const run = downloadRecordings(parts(), plan('one', 'two'), options({ template: parseNameTemplate('{x}.wav') }));
    const sizes = (await collect(run)).map((result) => result.sizeBytes);
    expect(new Set(sizes)).toEqual(new Set([wav(8000).length, wav(9000).length]));
    expect(await readdir(root)).toHaveLength(2);
  });

  it('never has more under way than allowed', async () => {
    let under = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    // Each answer waits for a second request; the last one, that is alone, for nobody.
    const handler: Handler = (response) => {
      under += 1;
      most = Math.max(most, under);
      waiting.push(() => {
        under -= 1;
        whole(wav(800))(response, '');
      });
      if (under === 2 || storage.asked.length === 5) for (const go of waiting.splice(0)) go();
    };
    const names = ['1', '2', '3', '4', '5'];
    for (const name of names) storage.serve(`/${name}`, handler);
    expect(await collect(downloadRecordings(parts(), plan(...names), options()))).toHaveLength(5);
    expect(most).toBe(2);
  });

  it.each(['address-blocked', 'signature-rejected', 'account-frozen', 'disk-full'] as const)(
    'starts nothing more after %s, and ends what is under way',
    async (code) => {
      storage.serve('/one', whole(wav(8000)));
      const results: RecordingResult[] = [];
      const run = async (): Promise<void> => {
        const work = downloadRecordings(
          parts({ blocked: code }),
          plan('one', 'blocked', 'never', 'never-too'),
          options(),
        );
        for await (const result of work) results.push(result);
      };
      expect((await failureOf(run())).code).toBe(code);
      expect(states(results)).toEqual(expect.objectContaining({ one: 'saved' }));
      expect(states(results)).not.toHaveProperty('never-too');
    },
  );

  it('throws the reason of a stop', async () => {
    const stop = new AbortController();
    storage.serve('/one', () => {
      stop.abort(new AppError('interrupted', 'stopped'));
    });
    const run = collect(downloadRecordings(parts(), plan('one', 'two', 'three'), options({ signal: stop.signal })));
    expect((await failureOf(run)).code).toBe('interrupted');
    expect(await readdir(root)).toEqual([]);
  });

  it('leaves no half file when the reader stops', async () => {
    storage.serve('/one', whole(wav(8000)));
    storage.serve('/two', (response) => {
      response.writeHead(200, { 'content-length': 99_999 });
      response.write(wav(8000));
    });
    expect(states(await collect(downloadRecordings(parts(), plan('one', 'two'), options()), 1))).toEqual({
      one: 'saved',
    });
    expect(await readdir(root)).toEqual(['one.wav']);
  });
});

describe('stopsRun', () => {
  it.each([
    ['network-timeout', false],
    ['recording-not-found', false],
    ['storage-failed', false],
    ['flow-control', false],
    ['storage-denied', true],
    ['clock-skewed', true],
    ['interrupted', true],
  ] as const)('%s: %s', (code, stops) => {
    expect(stopsRun(new AppError(code, 'x'))).toBe(stops);
  });

  it('takes anything unexpected for a reason to stop', () => {
    expect(stopsRun(new TypeError('x'))).toBe(true);
  });
});
