import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../../src/errors.js';
import { buildHttpTransport } from '../../../src/platform/http-transport.js';
import { collect } from '../../../src/bindings/collect.js';
import {
  downloadRecordings,
  type RecordingResult,
  type RunOptions,
  type RunParts,
} from '../../../src/recordings/download-recordings.js';
import { parseNameTemplate } from '../../../src/recordings/recording-name.js';
import { failureOf, MemoryLog } from '../bindings/memory-books.js';
import { startStorage, status, whole, type Handler, type StorageServer } from './storage-server.js';
import { wav } from './wav-bytes.js';
import type { CallRecord } from '../../../src/domain/call-record.js';
import type { RecordingItem, RecordingPlan } from '../../../src/recordings/plan-recordings.js';
import type { ArchiveEntry } from '../../../src/store/archive-entry.js';
import type { RecordingNote } from '../../../src/store/recording-note.js';

const NOW = new Date('2026-07-20T08:00:00Z');
const PAST = new Date('2026-07-20T07:00:00Z');

let root: string;
let storage: StorageServer;
let archive: MemoryLog<ArchiveEntry>;
let notes: MemoryLog<RecordingNote>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'recordings-'));
  storage = await startStorage();
  archive = new MemoryLog();
  notes = new MemoryLog();
});
afterEach(async () => {
  await storage.close();
  await rm(root, { recursive: true });
});

function parts(refusals: Readonly<Record<string, ErrorCode | AppError>> = {}): RunParts {
  const platform: Awaited<ReturnType<RunParts['platformOf']>> = {
    application: { endpoint: storage.url, appKey: 'k', signing: 'aksk', mode: 'axb' },
    recordingAddress: ({ fileName }) => {
      const refusal = refusals[fileName];
      if (refusal === undefined) return Promise.resolve(`${storage.url}/${fileName}`);
      return Promise.reject(typeof refusal === 'string' ? new AppError(refusal, `refused: ${refusal}`) : refusal);
    },
  };
  return {
    platformOf: () => Promise.resolve(platform),
    transport: buildHttpTransport({ env: {} }),
    archive,
    recordingNotes: notes,
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
    expect(bad).toMatchObject({ reason: { en: 'the storage answered HTTP 500' }, error: { code: 'platform-failure' } });
  });

  it('fetches nothing that it has saved before', async () => {
    storage.serve('/one', whole(wav(8000)));
    await collect(downloadRecordings(parts(), plan('one'), options()));
    expect(states(await collect(downloadRecordings(parts(), plan('one'), options())))).toEqual({ one: 'already' });
    expect(storage.asked).toHaveLength(1);
    await rm(join(root, 'one.wav'));
    expect(states(await collect(downloadRecordings(parts(), plan('one'), options())))).toEqual({ one: 'already' });
    const again = { key: 'd/one', at: NOW, state: 'again' } as const;
    const asked = { ...plan(), toFetch: [{ ...item('one'), note: again }] };
    expect(states(await collect(downloadRecordings(parts(), asked, options())))).toEqual({ one: 'saved' });
    expect(notes.lines).toMatchObject([{ key: 'd/one', state: 'settled' }]);
  });

  it('notes what failed, and settles it once it is saved', async () => {
    storage.serve('/one', status(500), whole(wav(8000)));
    await collect(downloadRecordings(parts(), plan('one'), options()));
    expect(notes.lines).toEqual([
      {
        key: 'd/one',
        at: NOW,
        state: 'failed',
        reason: 'the storage answered HTTP 500',
        reasonZh: '存储应答 HTTP 500',
        code: 'platform-failure',
      },
    ]);
    const second = { ...plan(), toFetch: [{ ...item('one'), note: notes.lines[0] }] };
    await collect(downloadRecordings(parts(), second, options()));
    expect((await notes.get('d/one'))?.state).toBe('settled');
  });

  it('finishes although nothing can be noted', async () => {
    notes.full = true;
    storage.serve('/one', status(500));
    expect(states(await collect(downloadRecordings(parts(), plan('one'), options())))).toEqual({ one: 'failed' });
  });

  it.each([
    ['past its days', { fetchBy: PAST }, 'expired', 'expired'],
    ['3 s long', { talkSeconds: 3 }, 'too-short', 'too-short'],
    ['the first of the run', {}, 'failed', 'arrears'],
    ['after another that was found', { after: 'found' }, 'failed', 'wrong-name'],
  ] as const)('1012007 for a recording %s', async (_, facts, state, missing) => {
    const answer = { httpStatus: 403, resultcode: '1012007', resultdesc: 'The record does not exist' };
    const refusal = new AppError('recording-not-found', 'refused', { platform: answer });
    storage.serve('/found', whole(wav(8000)));
    const one = item('gone', 'fetchBy' in facts ? facts.fetchBy : undefined);
    const talkSeconds = 'talkSeconds' in facts ? facts.talkSeconds : 60;
    const gone = { ...one, record: { ...one.record, talkSeconds } };
    const work = { ...plan(...('after' in facts ? [facts.after] : [])) };
    const run = downloadRecordings(
      parts({ gone: refusal }),
      { ...work, toFetch: [...work.toFetch, gone] },
      options({ concurrency: 1 }),
    );
    expect((await collect(run)).at(-1)).toMatchObject({ state, missing, hint: { en: expect.any(String) as string } });
  });

  it('D8 a storage that stalls on one recording keeps no other from coming', async () => {
    const others = ['1', '2', '3', '4', '5', '6'];
    storage.serve('/slow', (response) => {
      response.writeHead(200, { 'content-length': 99_999 });
      response.write(wav(800));
    });
    for (const name of others) storage.serve(`/${name}`, whole(wav(8000)));
    const pace = { idleMs: 1000, windowBytes: 1, windowMs: 1000 };
    const results = await collect(downloadRecordings(parts(), plan('slow', ...others), options({ pace })));
    expect(results.map(({ record: { sessionId }, state }) => [sessionId, state])).toEqual([
      ...others.map((name) => [name, 'saved']),
      ['slow', 'failed'],
    ]);
  });

  it("D20 judges the seven days by the platform's clock where it is known", async () => {
    const answer = { httpStatus: 403, resultcode: '1012007', resultdesc: 'The record does not exist' };
    const refusal = new AppError('recording-not-found', 'refused', { platform: answer });
    const stranger = new AppError('recording-not-found', 'the storage does not hand it out (HTTP 404)');
    const inAnHour = new Date(NOW.getTime() + 3_600_000);
    const work = { ...plan(), toFetch: [item('gone', inAnHour), item('other', inAnHour)] };
    const told = parts({ gone: refusal, other: stranger });
    expect(states(await collect(downloadRecordings(told, work, options())))).toEqual({
      gone: 'failed',
      other: 'failed',
    });
    const platformNow = (): Date => new Date(NOW.getTime() + 86_400_000);
    const results = await collect(downloadRecordings({ ...told, platformNow }, work, options()));
    expect(states(results)).toEqual({ gone: 'expired', other: 'expired' });
    expect(results.find(({ record: { sessionId } }) => sessionId === 'gone')?.missing).toBe('expired');
  });

  it('starts nothing new after so many failures, and names what it left', async () => {
    for (const name of ['1', '2', '3', '4']) storage.serve(`/${name}`, status(500));
    const run = downloadRecordings(parts(), plan('1', '2', '3', '4'), options({ concurrency: 1, maxErrors: 2 }));
    const results = await collect(run);
    expect(results.map(({ state }) => state)).toEqual(['failed', 'failed', 'waiting', 'waiting']);
    expect(results.at(-1)?.reason?.en).toBe('not tried: too many others failed');
    expect(storage.asked).toHaveLength(2);
  });

  it('waits for its window, and starts nothing new once that has closed', async () => {
    const log: string[] = [];
    const window = {
      ready: () => {
        log.push(`ready after ${storage.asked.length}`);
        return Promise.resolve();
      },
      isOpen: () => storage.asked.length < 2,
    };
    for (const name of ['1', '2', '3']) storage.serve(`/${name}`, whole(wav(8000)));
    const run = downloadRecordings(parts(), plan('1', '2', '3'), options({ concurrency: 1, window }));
    expect(states(await collect(run))).toEqual({ 1: 'saved', 2: 'saved', 3: 'waiting' });
    expect(log).toEqual(['ready after 0']);
  });

  it('follows each file: those saved now, and those of before', async () => {
    storage.serve('/new', whole(wav(8000)));
    const entry = { key: 'd/kept', at: NOW, file: '/kept.wav', sizeBytes: 1, sha256: '' };
    const FAILED = { zh: '命令以 1 退出', en: 'the command ended with 1' };
    const followed: [string, boolean][] = [];
    const run = downloadRecordings(
      parts(),
      { ...plan('new'), archived: [{ ...item('kept'), entry }] },
      options({
        follow: ({ item: { key }, fresh }) => {
          followed.push([key, fresh]);
          return Promise.resolve(fresh ? { commandError: FAILED } : undefined);
        },
      }),
    );
    const results = await collect(run);
    expect(followed).toEqual([
      ['d/kept', false],
      ['d/new', true],
    ]);
    expect(results.at(-1)).toMatchObject({ state: 'saved', reason: { en: 'the command ended with 1' } });
    expect(notes.lines).toMatchObject([
      { key: 'd/new', state: 'command-failed', reason: FAILED.en, reasonZh: FAILED.zh },
    ]);
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
