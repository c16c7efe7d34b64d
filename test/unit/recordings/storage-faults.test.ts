import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import type { PaceLimits } from '../../../src/recordings/body-pace.js';
import type { DownloadOptions } from '../../../src/recordings/download-recording.js';
import { send, serveFile, startRawStorage, type RawHandler } from '../../helpers/raw-storage.js';
import { failureOf } from '../bindings/memory-books.js';
import { openBench, soundOf } from './download-bench.js';
import { chunk, wav } from './wav-bytes.js';

const ETAG = { etag: '"v1"' };
const SOUND = soundOf(20, 1);
const FILE = { bytes: SOUND, headers: ETAG };
const GOOD = serveFile(FILE);
const HASTY: PaceLimits = { idleMs: 100, windowBytes: 1000, windowMs: 300 };

const head =
  (lines: string): RawHandler =>
  (socket) =>
    socket.write(`HTTP/1.1 200 OK\r\n${lines}\r\n\r\n`);

describe('a body that is not what was announced', () => {
  it.each<[string, RawHandler]>([
    [
      'a smaller length than the file has',
      send({ headers: { 'content-length': 70_000 }, body: SOUND.subarray(0, 70_000) }),
    ],
    [
      'a chunked body that is cut',
      send({
        headers: { 'transfer-encoding': 'chunked' },
        body: Buffer.concat([Buffer.from('ffff\r\n'), SOUND.subarray(0, 65_535)]),
      }),
    ],
    [
      'a chunked body without its last chunk',
      send({
        headers: { 'transfer-encoding': 'chunked' },
        body: Buffer.concat([Buffer.from('271e\r\n'), SOUND.subarray(0, 10_014), Buffer.from('\r\n')]),
      }),
    ],
    ['a body that ends with the connection, cut', send({ body: SOUND.subarray(0, 70_000) })],
    ['HTTP/1.0, cut', send({ line: 'HTTP/1.0 200 OK', body: SOUND.subarray(0, 70_000) })],
    [
      'HTTP/1.0 with a length, cut',
      send({ line: 'HTTP/1.0 200 OK', headers: { 'content-length': SOUND.length }, body: SOUND.subarray(0, 70_000) }),
    ],
  ])('D3 %s is no recording', async (_, cut) => {
    const storage = await startRawStorage(cut, GOOD);
    const bench = await openBench(storage.url);
    const { notes } = await bench.download();
    expect([storage.asked.length, notes]).toEqual([2, []]);
    await bench.expectWhole(SOUND);
  });

  it.each([
    ['HTTP/1.0 200 OK', SOUND, []],
    ['HTTP/1.1 200 OK', SOUND, []],
    ['HTTP/1.0 200 OK', wav(16_000, { stated: 0 }), [/does not state/, /suspect/]],
    ['HTTP/1.1 200 OK', wav(16_000, { stated: 0xffff_ffff }), [/does not state/, /suspect/]],
  ])('D3 %s without a length is taken, with a note where nothing tells its length', async (line, body, notes) => {
    // A header without the length of the sound has no length of the file either.
    const bytes = Buffer.from(body);
    if (notes.length > 0) bytes.writeUInt32LE(0xffff_ffff, 4);
    const bench = await openBench((await startRawStorage(send({ line, body: bytes }))).url);
    const { notes: told } = await bench.download();
    expect(told.map(({ en }) => en)).toEqual(notes.map((note) => expect.stringMatching(note) as string));
    await bench.expectWhole(bytes);
  });

  it.each<[string, number]>([
    ['in the middle of the sound', 70_000],
    ['right behind the file', SOUND.length],
  ])('D4 more than announced, %s: one whole file, nothing else', async (_, length) => {
    const longer = send({
      headers: { 'content-length': length },
      body: Buffer.concat([SOUND, Buffer.alloc(5000, 0x41)]),
    });
    const storage = await startRawStorage(longer, GOOD);
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(SOUND);
  });

  it('D25 asks for no packing and takes none', async () => {
    for (const encoding of ['gzip', 'br', 'identity, gzip']) {
      const packed = gzipSync(SOUND);
      const storage = await startRawStorage(
        send({ headers: { 'content-encoding': encoding, 'content-length': packed.length }, body: packed }),
      );
      const bench = await openBench(storage.url);
      expect((await failureOf(bench.download())).code).toBe('recording-damaged');
      expect(storage.asked[0]?.headers['accept-encoding']).toBe('identity');
      await bench.expectAbsent();
    }
  });

  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /the file is empty/],
    ['an HTML page', Buffer.from('<!DOCTYPE html><p>\u001b[2Jwait'), /HTML page: it starts with 3c 21/],
    ['JSON', Buffer.from('{"error":1}'), /JSON: it starts with 7b/],
    ['XML', Buffer.from('<?xml version="1.0"?><Error/>'), /XML/],
    ['MP3', Buffer.from('ID3\u0004\0\0\0\0\0\0\0\0'), /MP3/],
    ['text', Buffer.from('hello world, hello'), /not a WAV file/],
    ['a header alone', SOUND.subarray(0, 46), /./],
    ['a cut header', SOUND.subarray(0, 30), /./],
    ['a size that is too large', wav(1000, { stated: 1001 * 8 }), /cut off/],
  ])('D23 %s with status 200 is no recording', async (_, body, why) => {
    const bench = await openBench((await startRawStorage(serveFile({ bytes: body, headers: ETAG }))).url);
    const failure = await failureOf(bench.download({ retries: 0 }));
    expect(failure.code).toBe('recording-damaged');
    expect(failure.message).toMatch(why);
    // Nothing of the page itself must reach a terminal.
    expect(failure.message).not.toMatch(/[\u0000-\u001f]/);
    expect(await bench.files()).toEqual([]);
    await bench.expectAbsent();
  });

  it('D23 5 GB are refused by their length, before a byte of them is written', async () => {
    const storage = await startRawStorage(head('content-length: 5000000000'));
    const bench = await openBench(storage.url);
    const failure = await failureOf(bench.download());
    expect(failure).toMatchObject({
      code: 'recording-damaged',
      message: expect.stringMatching(/5 GB or more/) as string,
    });
    expect(storage.asked).toHaveLength(1);
    await bench.expectAbsent();
  });

  it('D23 extra chunks around the sound are taken', async () => {
    const bytes = wav(16_000, { before: [chunk('LIST', Buffer.alloc(30))], after: [chunk('LIST', Buffer.alloc(31))] });
    const bench = await openBench((await startRawStorage(serveFile({ bytes }))).url);
    await bench.download();
    await bench.expectWhole(bytes);
  });
});

describe('a storage that is slow or busy', () => {
  it.each<[string, RawHandler]>([
    ['stalls behind its head', head(`content-length: ${SOUND.length}`)],
    [
      'stalls in the middle',
      send({ headers: { ...ETAG, 'content-length': SOUND.length }, body: SOUND.subarray(0, 70_000), then: 'stall' }),
    ],
    [
      'drips',
      (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${SOUND.length}\r\n\r\n`);
        const timer = setInterval(() => socket.write('R'), 20);
        socket.on('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ])('D8 %s is left and asked again', async (_, slow) => {
    const storage = await startRawStorage(slow, GOOD);
    const bench = await openBench(storage.url);
    await bench.download({ pace: HASTY });
    await bench.expectWhole(SOUND);
    expect(storage.asked).toHaveLength(2);
  });

  it('D8 is named in the failure', async () => {
    const bench = await openBench((await startRawStorage(head(`content-length: ${SOUND.length}`))).url);
    const failure = await failureOf(bench.download({ pace: HASTY, retries: 0 }));
    expect([failure.code, failure.message]).toEqual([
      'network-timeout',
      'the storage sends too slowly: nothing for 0.1 s',
    ]);
  });

  it('D8 our own limit of bandwidth is no slowness of the storage', async () => {
    const storage = await startRawStorage(GOOD);
    const bench = await openBench(storage.url);
    let taken = 0;
    await bench.download({
      pace: HASTY,
      throttle: async (bytes) => {
        taken += bytes;
        await new Promise((resolve) => setTimeout(resolve, 150));
      },
    });
    await bench.expectWhole(SOUND);
    expect([storage.asked.length, taken]).toEqual([1, SOUND.length]);
  });

  it('D7 Retry-After holds everybody, for ten minutes at most', async () => {
    const busy = (value: string): RawHandler =>
      send({ line: 'HTTP/1.1 429 x', headers: { 'retry-after': value, 'content-length': 0 } });
    const storage = await startRawStorage(busy('31536000'), busy('-5'), busy('7'), GOOD);
    const bench = await openBench(storage.url);
    const held: number[] = [];
    let asked = 0;
    const pause: DownloadOptions['pause'] = {
      ready: () => {
        asked += 1;
        return Promise.resolve();
      },
      hold: (milliseconds) => held.push(milliseconds),
    };
    await bench.download({ pause, retries: 3 });
    expect([bench.pauses, held]).toEqual([
      [600_000, 1000, 7000],
      [600_000, 7000],
    ]);
    // Address and file, four times.
    expect(asked).toBe(8);
    await bench.expectWhole(SOUND);
  });

  it.each([500, 502, 503, 504])(
    'D6 %i for ever is given up after its tries, each later than the last',
    async (code) => {
      const storage = await startRawStorage(send({ line: `HTTP/1.1 ${code} x`, headers: { 'content-length': 0 } }));
      const bench = await openBench(storage.url);
      expect((await failureOf(bench.download({ retries: 5 }))).message).toBe(`the storage answered HTTP ${code}`);
      expect(storage.asked).toHaveLength(6);
      expect(bench.pauses).toEqual([500, 1000, 2000, 4000, 8000]);
    },
  );
});

describe('addresses', () => {
  it('D9 a chain of six is not followed to its end; relative ones are followed', async () => {
    const to = (location: string): RawHandler =>
      send({ line: 'HTTP/1.1 302 x', headers: { location, 'content-length': 0 } });
    const long = await startRawStorage(to('/1'), to('/2'), to('/3'), to('/4'), to('/5'), to('/6'), GOOD);
    const failure = await failureOf((await openBench(long.url)).download());
    expect(failure.message).toBe(`more than 3 redirects; the last one by ${new URL(long.url).host}`);
    expect(long.asked.map(({ path }) => path).slice(1)).toEqual(['/1', '/2', '/3']);
    const relative = await startRawStorage(to('b/c?x=1'), to('../d'), GOOD);
    const bench = await openBench(relative.url);
    await bench.download();
    expect(relative.asked.map(({ path }) => path).slice(1)).toEqual(['/b/c?x=1', '/d']);
    await bench.expectWhole(SOUND);
  });

  it.each(['', 'http://[', '//user:secret@127.0.0.1/', 'file:///etc/passwd', 'data:audio/wav,RIFF'])(
    'D9 a redirect to "%s" is not followed',
    async (location) => {
      const storage = await startRawStorage(
        send({ line: 'HTTP/1.1 302 x', headers: { location, 'content-length': 0 } }),
      );
      const bench = await openBench(storage.url);
      const failure = await failureOf(bench.download());
      expect(failure.code).toBe('answer-unreadable');
      expect(failure.message).not.toContain('secret');
      expect(storage.asked).toHaveLength(1);
    },
  );

  it('D10 a range goes over redirects, a signature never', async () => {
    const redirect = send({ line: 'HTTP/1.1 307 x', headers: { location: '/b', 'content-length': 0 } });
    const half: RawHandler = serveFile(FILE, (answer) => ({ ...answer, body: SOUND.subarray(0, 50_000) }));
    const storage = await startRawStorage(redirect, half, redirect, GOOD);
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(storage.asked.map(({ headers }) => headers.range)).toEqual([
      undefined,
      undefined,
      'bytes=50000-',
      'bytes=50000-',
    ]);
    for (const { headers } of storage.asked) {
      for (const name of ['x-aksk', 'x-wsse', 'authorization', 'cookie']) expect(headers).not.toHaveProperty(name);
    }
  });

  it('D12 a signature that ran out: a fresh address, and on from there', async () => {
    const expired = send({ line: 'HTTP/1.1 403 x', headers: { 'content-length': 8 }, body: Buffer.from('<Error/>') });
    const half: RawHandler = serveFile(FILE, (answer) => ({ ...answer, body: SOUND.subarray(0, 50_000) }));
    const storage = await startRawStorage(half, expired, GOOD);
    const bench = await openBench(storage.url);
    await bench.download();
    await bench.expectWhole(SOUND);
    expect(storage.asked.map(({ path, headers }) => [path, headers.range])).toEqual([
      ['/a.wav?token=canary-1', undefined],
      ['/a.wav?token=canary-2', 'bytes=50000-'],
      ['/a.wav?token=canary-3', 'bytes=50000-'],
    ]);
  });

  it('D12 a direct address that is dead is not asked again', async () => {
    const storage = await startRawStorage(send({ line: 'HTTP/1.1 403 x', headers: { 'content-length': 0 } }));
    const bench = await openBench(storage.url);
    Object.assign(bench.item.record.recording!, { fileName: undefined, url: `${storage.url}/direct.wav?token=canary` });
    expect((await failureOf(bench.download())).code).toBe('recording-not-found');
    expect(storage.asked).toHaveLength(1);
  });

  it('D12 no failure tells the query of an address, not even in its cause', async () => {
    const answers: RawHandler[] = [
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.end('nonsense\r\n\r\n'),
      send({ line: 'HTTP/1.1 302 x', headers: { location: 'http://[canary', 'content-length': 0 } }),
      send({ line: 'HTTP/1.1 403 x', headers: { 'content-length': 0 } }),
      send({ line: 'HTTP/1.1 500 x', headers: { 'content-length': 0 } }),
      send({ headers: { 'content-length': 6 }, body: Buffer.from('<html>') }),
      send({ headers: { 'content-length': 60 }, body: Buffer.from('RIFF') }),
      head('content-length: 100'),
    ];
    for (const answer of answers) {
      const bench = await openBench((await startRawStorage(answer)).url);
      const failure = await failureOf(bench.download({ retries: 0, pace: HASTY }));
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('canary');
    }
    for (const address of ['http://[canary', 'canary', 'https://10.0.0.1/?canary', 'http://example.com/?canary']) {
      const bench = await openBench('http://127.0.0.1:1');
      const platform = {
        application: { ...bench.parts.platform.application, endpoint: 'https://platform.example.com' },
        recordingAddress: () => Promise.resolve(address),
      };
      const failure = await failureOf(bench.download({}, { platform }));
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain('canary');
    }
  });
});

describe('the folder', () => {
  it('D15 that vanishes in the middle: no file, and the next run makes it anew', async () => {
    const storage = await startRawStorage(GOOD);
    const bench = await openBench(storage.url);
    const gone = rm(join(bench.root, '2026-07-20'), { recursive: true, force: true });
    await gone;
    const failure = await failureOf(
      bench.download({ throttle: () => rm(join(bench.root, '2026-07-20'), { recursive: true, force: true }) }),
    );
    expect(failure.code).toBe('storage-failed');
    await bench.expectAbsent();
    await bench.download();
    await bench.expectWhole(SOUND);
  });

  it.each<[string, RawHandler]>([
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['a cut body', serveFile(FILE, (answer) => ({ ...answer, body: SOUND.subarray(0, 50_000) }))],
    ['a page', serveFile({ bytes: Buffer.from('<html>') })],
    ['another recording', serveFile({ bytes: soundOf(20, 9) })],
    ['a failure', send({ line: 'HTTP/1.1 500 x', headers: { 'content-length': 0 } })],
    ['a refusal', send({ line: 'HTTP/1.1 404 x', headers: { 'content-length': 0 } })],
  ])('D24 a good file stays as it is, whatever comes: %s', async (_, handler) => {
    const bench = await openBench((await startRawStorage(handler)).url);
    const file = join(bench.root, '2026-07-20/a.wav');
    await mkdir(join(bench.root, '2026-07-20'));
    await writeFile(file, SOUND);
    await bench.download({ retries: 1 }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(AppError);
    });
    expect((await readFile(file)).equals(SOUND)).toBe(true);
    expect(bench.archive.lines.filter((line) => line.file === file)).toEqual([]);
  });

  it('a link to elsewhere in place of the part is not followed', async () => {
    const storage = await startRawStorage(
      serveFile(FILE, (answer) => ({ ...answer, body: SOUND.subarray(0, 50_000), then: 'close' })),
      (socket) => socket.resetAndDestroy(),
    );
    const bench = await openBench(storage.url);
    await failureOf(bench.download());
    const part = (await bench.files()).find((name) => name.endsWith('.part'))!;
    const victim = join(bench.root, 'victim');
    await writeFile(victim, 'precious');
    await rm(join(bench.root, part));
    const { symlink } = await import('node:fs/promises');
    await symlink(victim, join(bench.root, part));
    expect((await failureOf(bench.download())).code).toBe('storage-failed');
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });
});
