import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { removeStaleParts } from '../../../src/recordings/part-names.js';
import { send, serveFile, startRawStorage, type RawAnswer, type RawHandler } from '../../helpers/raw-storage.js';
import { failureOf } from '../bindings/memory-books.js';
import { openBench, soundOf, type DownloadBench } from './download-bench.js';

const ETAG = { etag: '"v1"' };
const SOUND = soundOf(20, 1);
const OTHER = soundOf(20, 2);
const LONG = soundOf(500, 3);

const ranges = (asked: readonly { headers: Readonly<Record<string, string>> }[]): (string | undefined)[] =>
  asked.map(({ headers }) => headers.range);

/** The first `bytes` of the answer's body, then the connection ends. */
const broken =
  (bytes: number, then: 'close' | 'reset' = 'close') =>
  (answer: RawAnswer): RawAnswer => ({ ...answer, body: answer.body?.subarray(0, bytes) ?? Buffer.alloc(0), then });

const changed =
  (headers: Record<string, string | number>) =>
  (answer: RawAnswer): RawAnswer => ({ ...answer, headers: { ...answer.headers, ...headers } });

async function partOf(bench: DownloadBench): Promise<{ part: string; note: string }> {
  const folder = join(bench.root, '2026-07-20');
  const names = await readdir(folder);
  const part = names.find((name) => /^\.a\.wav\.[0-9a-f]{16}\.part$/.test(name));
  if (part === undefined) throw new Error(`no part in ${names.join(' ')}`);
  return { part: join(folder, part), note: join(folder, `${part}.json`) };
}

describe('a body that breaks off', () => {
  it.each(['close', 'reset'] as const)('D2 (%s) goes on where it ended, by the ETag', async (then) => {
    const file = { bytes: SOUND, headers: ETAG };
    const storage = await startRawStorage(serveFile(file, broken(70_001, then)), serveFile(file));
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(ranges(storage.asked)).toEqual([undefined, 'bytes=70001-']);
    expect(storage.asked[1]?.headers['if-range']).toBe('"v1"');
    expect(bench.addresses()).toBe(2);
  });

  it('D2 before its head is asked for again, whole', async () => {
    const reset: RawHandler = (socket) => socket.resetAndDestroy();
    const storage = await startRawStorage(reset, serveFile({ bytes: SOUND, headers: ETAG }));
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(ranges(storage.asked)).toEqual([undefined, undefined]);
  });

  it.each<[string, Record<string, string>]>([
    ['without a validator', {}],
    ['with a weak ETag', { etag: 'W/"v1"' }],
    ['with an ETag that is none', { etag: 'v1' }],
    [
      'with a weak ETag and a date',
      {
        etag: 'W/"v1"',
        'last-modified': 'Mon, 20 Jul 2026 08:00:00 GMT',
        date: 'Mon, 20 Jul 2026 09:00:00 GMT',
      },
    ],
    [
      'changed within the minute',
      { 'last-modified': 'Mon, 20 Jul 2026 08:00:00 GMT', date: 'Mon, 20 Jul 2026 08:00:59 GMT' },
    ],
  ])('D2 %s begins anew', async (_, headers) => {
    const file = { bytes: SOUND, headers };
    const storage = await startRawStorage(serveFile(file, broken(70_000)), serveFile(file));
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(ranges(storage.asked)).toEqual([undefined, undefined]);
  });

  it('D2 goes on by a date that has stood for a minute', async () => {
    const dates = { 'last-modified': 'Mon, 20 Jul 2026 08:00:00 GMT', date: 'Mon, 20 Jul 2026 08:01:00 GMT' };
    const file = { bytes: SOUND, headers: dates };
    const storage = await startRawStorage(serveFile(file, broken(70_000)), serveFile(file));
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(storage.asked[1]?.headers).toMatchObject({ range: 'bytes=70000-', 'if-range': dates['last-modified'] });
  });

  it('D2 in chunks, without a length, goes on too', async () => {
    const chunked: RawHandler = send({
      headers: { ...ETAG, 'transfer-encoding': 'chunked' },
      body: Buffer.concat([Buffer.from('20000\r\n'), SOUND.subarray(0, 70_000)]),
    });
    const storage = await startRawStorage(chunked, serveFile({ bytes: SOUND, headers: ETAG }));
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(ranges(storage.asked)).toEqual([undefined, 'bytes=70000-']);
  });

  it('D2 again and again, does not use up its tries while 1 MiB comes each time', async () => {
    const file = { bytes: LONG, headers: ETAG };
    const storage = await startRawStorage(serveFile(file, broken(1_100_000)));
    const bench = await openBench(storage.url);
    await bench.download({ retries: 1 });
    await bench.expectWhole(LONG);
    expect(storage.asked).toHaveLength(4);
  });
});

describe('the rest of another version is never put behind a part', () => {
  const half = serveFile({ bytes: SOUND, headers: ETAG }, broken(70_000));
  const other = { bytes: OTHER, headers: { etag: '"v2"' } };

  it.each<[string, RawHandler]>([
    ['200 instead of 206', send({ headers: { etag: '"v2"', 'content-length': OTHER.length }, body: OTHER })],
    [
      'another first byte',
      serveFile({ ...other, headers: ETAG }, changed({ 'content-range': 'bytes 69999-160045/160046' })),
    ],
    [
      'another total',
      serveFile({ ...other, headers: ETAG }, changed({ 'content-range': 'bytes 70000-160044/160045' })),
    ],
    [
      'a part of the rest',
      serveFile({ ...other, headers: ETAG }, changed({ 'content-range': 'bytes 70000-100000/160046' })),
    ],
    ['an unknown total', serveFile({ ...other, headers: ETAG }, changed({ 'content-range': 'bytes 70000-160045/*' }))],
    ['no Content-Range', serveFile({ ...other, headers: ETAG }, changed({ 'content-range': '' }))],
    [
      'nonsense for a range',
      serveFile({ ...other, headers: ETAG }, changed({ 'content-range': 'bytes 70000-1e5/160046' })),
    ],
    ['another length', serveFile({ ...other, headers: ETAG }, changed({ 'content-length': 5 }))],
    ['another ETag', serveFile({ ...other, headers: ETAG }, changed({ etag: '"v2"' }))],
    ['416', send({ line: 'HTTP/1.1 416 Range Not Satisfiable', headers: { 'content-length': 0 } })],
  ])('D5 %s', async (_, second) => {
    const storage = await startRawStorage(half, second, serveFile(other));
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(OTHER);
    expect(ranges(storage.asked).slice(0, 2)).toEqual([undefined, 'bytes=70000-']);
    expect(ranges(storage.asked).slice(2)).toEqual(storage.asked.length === 3 ? [undefined] : []);
  });

  it('D5 whatever the storage does, in any order: one version or nothing', async () => {
    const seed = Number(process.env.SEED ?? 20_260_722);
    const versions = [
      { bytes: SOUND, headers: { etag: '"v1"' } },
      { bytes: OTHER, headers: { etag: '"v2"' } },
    ];
    const step = fc.record({
      version: fc.nat(1),
      cut: fc.option(fc.nat(SOUND.length), { nil: undefined }),
      lie: fc.constantFrom('none', 'range', 'length', 'etag', 'ignore', '416', '500'),
    });
    let fetched = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        const handlers = steps.map(({ version, cut, lie }): RawHandler => {
          const file = versions[version]!;
          const spoil = (answer: RawAnswer): RawAnswer => {
            let spoilt = answer;
            if (lie === 'range') spoilt = changed({ 'content-range': 'bytes 1-2/3' })(spoilt);
            if (lie === 'length') spoilt = changed({ 'content-length': SOUND.length + 1 })(spoilt);
            if (lie === 'etag') spoilt = changed({ etag: '"v9"' })(spoilt);
            if (lie === 'ignore') spoilt = { headers: file.headers, body: file.bytes };
            if (lie === '416' || lie === '500')
              spoilt = { line: `HTTP/1.1 ${lie} x`, headers: { 'content-length': 0 } };
            return cut === undefined ? spoilt : broken(cut)(spoilt);
          };
          return serveFile(file, spoil);
        });
        const storage = await startRawStorage(...handlers, serveFile(versions[0]!));
        const bench = await openBench(storage.url);
        try {
          await bench.download({ retries: 3 });
          const [line] = bench.archive.lines;
          const bytes = await readFile(line!.file);
          expect(bytes.equals(SOUND) || bytes.equals(OTHER)).toBe(true);
          fetched += 1;
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          await bench.expectAbsent();
        }
      }),
      { seed, numRuns: Number(process.env.RUNS ?? 60) },
    );
    console.log(`D5: seed ${seed}, ${fetched} of ${Number(process.env.RUNS ?? 60)} runs ended with the whole file`);
    expect(fetched).toBeGreaterThan(20);
  });
});

describe('a part that was left behind', () => {
  /** Interrupted with `bytes` of the file on disk. */
  async function parked(
    file: { bytes: Buffer; headers: Record<string, string> },
    bytes: number,
    ...later: RawHandler[]
  ) {
    const stop = new AbortController();
    const storage = await startRawStorage(
      serveFile(file, (answer) => ({ ...broken(bytes)(answer), then: 'stall' })),
      ...later,
    );
    const bench = await openBench(storage.url);
    const run = bench.download({
      signal: stop.signal,
      progress: ({ receivedBytes }) => {
        if (receivedBytes === bytes) stop.abort(new AppError('interrupted', 'stopped'));
      },
    });
    expect((await failureOf(run)).code).toBe('interrupted');
    return { bench, storage };
  }
  const file = { bytes: SOUND, headers: ETAG };

  it('D17 by an interruption is completed by the next run', async () => {
    const { bench, storage } = await parked(file, 70_000, serveFile(file));
    const { part, note } = await partOf(bench);
    expect((await stat(part)).mode & 0o777).toBe(0o600);
    expect((await stat(note)).mode & 0o777).toBe(0o600);
    expect(await bench.files()).toHaveLength(2);
    const seen: (number | undefined)[] = [];
    await bench.download({ progress: ({ receivedBytes, totalBytes }) => seen.push(receivedBytes, totalBytes) });
    await bench.expectWhole(SOUND);
    expect(storage.asked[1]?.headers).toMatchObject({ range: 'bytes=70000-', 'if-range': '"v1"' });
    expect(seen[0]).toBeGreaterThan(70_000);
    expect(seen.slice(-2)).toEqual([SOUND.length, SOUND.length]);
  });

  it('D2 and breaks off again goes on where it ended then, not where it was left behind', async () => {
    const again = serveFile(file, broken(20_000));
    const { bench, storage } = await parked(file, 70_000, again, again, serveFile(file));
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(ranges(storage.asked)).toEqual([undefined, 'bytes=70000-', 'bytes=90000-', 'bytes=110000-']);
  });

  it('without a validator is removed', async () => {
    const { bench } = await parked({ bytes: SOUND, headers: {} }, 70_000);
    expect(await bench.files()).toEqual([]);
  });

  it('is kept when the tries are used up by the network, not when the file is damaged', async () => {
    const storage = await startRawStorage(serveFile(file, broken(70_000)), (socket) => socket.resetAndDestroy());
    const bench = await openBench(storage.url);
    expect((await failureOf(bench.download())).code).toBe('network-interrupted');
    expect(await bench.files()).toHaveLength(2);
    await bench.expectAbsent();
    const page = { bytes: Buffer.from('<html>'), headers: ETAG };
    const damaged = await openBench((await startRawStorage(serveFile(page))).url);
    expect((await failureOf(damaged.download())).code).toBe('recording-damaged');
    expect(await damaged.files()).toEqual([]);
  });

  it.each<[string, (paths: { part: string; note: string }) => Promise<void>]>([
    [
      'was changed',
      async ({ part }) => {
        const bytes = await readFile(part);
        bytes[60_000] = (bytes[60_000] ?? 0) ^ 1;
        await writeFile(part, bytes);
      },
    ],
    ['was cut', async ({ part }) => writeFile(part, (await readFile(part)).subarray(0, 50_000))],
    ['has a torn note', async ({ note }) => writeFile(note, (await readFile(note)).subarray(0, 30))],
    ['has a note of another form', ({ note }) => writeFile(note, '{"v":2}')],
    ['has an empty note', ({ note }) => writeFile(note, '')],
    [
      'has a note with a line break',
      async ({ note }) => writeFile(note, (await readFile(note, 'utf8')).replace('v1', '\\r\\nx: y')),
    ],
  ])('and %s is not used', async (_, harm) => {
    const { bench, storage } = await parked(file, 70_000, serveFile(file));
    await harm(await partOf(bench));
    await bench.download();
    expect(bench.archive.lines).toHaveLength(1);
    expect((await readFile(bench.archive.lines[0]!.file)).equals(SOUND)).toBe(true);
    expect(storage.asked[1]?.headers.range).toBeUndefined();
  });

  it('is used up to what its note says, where more stands there', async () => {
    const { bench, storage } = await parked(file, 70_000, serveFile(file));
    const { part } = await partOf(bench);
    await writeFile(part, Buffer.concat([await readFile(part), Buffer.alloc(9999)]));
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(storage.asked[1]?.headers.range).toBe('bytes=70000-');
  });

  it('goes after eight days, and what a killed try has left after one', async () => {
    const bench = await openBench('http://127.0.0.1:1');
    const now = new Date('2026-07-20T08:00:00Z');
    const hash = '0123456789abcdef';
    const names: [string, number, boolean][] = [
      [`.a.wav.${hash}.part`, 8.1, true],
      [`.a.wav.${hash}.part.json`, 8.1, true],
      [`.b.wav.${hash}.part`, 7.9, false],
      [`.c.wav.${hash}.01234567.part`, 1.1, true],
      [`.d.wav.${hash}.01234567.part`, 0.9, false],
      [`e.wav.${hash}.part`, 99, false],
      ['.f.part', 99, false],
      ['g.wav', 99, false],
    ];
    for (const [name, days] of names) {
      const at = new Date(now.getTime() - days * 86_400_000);
      await writeFile(join(bench.root, name), 'x');
      await utimes(join(bench.root, name), at, at);
    }
    await removeStaleParts(bench.root, now);
    expect(await bench.files()).toEqual(
      names
        .filter(([, , goes]) => !goes)
        .map(([name]) => name)
        .sort(),
    );
    await removeStaleParts(join(bench.root, 'not-there'), now);
  });
});

describe('two downloads of one recording', () => {
  it('D21 the later one waits for the earlier one and takes its file: one download', async () => {
    let release: () => void = () => undefined;
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    const slow: RawHandler = (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\netag: "v1"\r\ncontent-length: ${LONG.length}\r\n\r\n`);
      socket.write(LONG.subarray(0, 2_000_000));
      void isReleased.then(() => socket.end(LONG.subarray(2_000_000)));
    };
    const storage = await startRawStorage(slow);
    const bench = await openBench(storage.url);
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const first = bench.download({
      progress: ({ receivedBytes }) => {
        if (receivedBytes === 2_000_000) begun();
      },
    });
    await hasBegun;
    while (!(await bench.files()).some((name) => name.endsWith('.part.json'))) await new Promise(setImmediate);
    const second = bench.download();
    release();
    const [one, other] = await Promise.all([first, second]);
    expect(other.entry).toEqual(one.entry);
    expect(storage.asked).toHaveLength(1);
    await bench.expectWhole(LONG);
  });

  it('D21 begun at the same time, both small: the loser discards', async () => {
    const storage = await startRawStorage(serveFile({ bytes: SOUND, headers: ETAG }));
    const bench = await openBench(storage.url);
    await Promise.all([bench.download(), bench.download(), bench.download()]);
    expect(await bench.files()).toEqual(['2026-07-20/a.wav']);
    expect(new Set(bench.archive.lines.map(({ sha256 }) => sha256)).size).toBe(1);
  });

  it('D21 begun at the same time, both large: one goes on, the others take its file', async () => {
    const storage = await startRawStorage(serveFile({ bytes: LONG, headers: ETAG }));
    const bench = await openBench(storage.url);
    await Promise.all([bench.download(), bench.download(), bench.download()]);
    await bench.expectWhole(LONG);
  });

  it('D21 a part whose process is gone is taken over', async () => {
    const file = { bytes: LONG, headers: ETAG };
    const storage = await startRawStorage(serveFile(file));
    const bench = await openBench(storage.url);
    const stop = new AbortController();
    const run = bench.download({
      signal: stop.signal,
      progress: ({ receivedBytes }) => {
        if (receivedBytes > 2_500_000) stop.abort(new AppError('interrupted', 'stopped'));
      },
    });
    await failureOf(run);
    const { part } = await partOf(bench);
    await writeFile(`${part}.lock`, JSON.stringify({ token: 'x', pid: 4_194_303, world: '', startedTicks: '' }));
    const old = new Date(Date.now() - 120_000);
    await utimes(`${part}.lock`, old, old);
    await bench.download();
    await bench.expectWhole(LONG);
    expect(storage.asked[1]?.headers.range).toMatch(/^bytes=\d{7}-$/);
  });
});
