import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findInputs } from '../../../../src/notifications/find-inputs.js';
import { CallRows } from '../../../../src/notifications/quick/call-rows.js';
import { countRecords, wholeItemsOf } from '../../../../src/notifications/quick/found-part.js';
import { CHUNK_BYTES, scanParts } from '../../../../src/notifications/quick/parallel-scan.js';
import { findRecords, type Reader } from '../../../../src/notifications/read-notifications.js';
import { feeOf, feePush } from '../notification-text.js';
import { makeLines, seeded } from './odd-lines.js';

const { signal } = new AbortController();

const folder = await mkdtemp(join(tmpdir(), 'parallel-scan-'));
afterAll(() => rm(folder, { recursive: true }));

const seed = Number(process.env.PRIVACY_CALL_TEST_SEED ?? Math.floor(Math.random() * 1e9));

interface Reading {
  readonly records: number;
  readonly problems: readonly string[];
  readonly scanned: number;
  /** What the calls say of how many there may be in all. */
  readonly expected: readonly number[];
  /** Of all records in their order. */
  readonly digest: string;
}

async function read(content: Buffer, reader: Reader): Promise<Reading> {
  const path = join(folder, 'pushes.ndjson');
  await writeFile(path, content);
  const problems: string[] = [];
  const expected: number[] = [];
  const hash = createHash('sha256');
  let [records, scanned] = [0, 0];
  // eslint-disable-next-line @typescript-eslint/require-await -- nobody writes to this standard input
  const stdin = (async function* () {
    yield* [] as Uint8Array[];
  })();
  const inputs = await findInputs([path], { cwd: folder, stdin, signal });
  const found = findRecords(inputs, { reader, onProblem: (problem) => problems.push(JSON.stringify(problem)) });
  for await (const batch of found.batches()) {
    for (const one of batch) {
      if (one instanceof CallRows) {
        scanned += one.count;
        if (one.expected !== undefined) expected.push(one.expected);
      }
      for (const item of wholeItemsOf([one])) {
        records += 1;
        hash.update(JSON.stringify(item));
      }
    }
  }
  return { records, problems, scanned, expected, digest: hash.digest('hex') };
}

function megabytes(count: number): Buffer {
  const draw = seeded(seed);
  const parts: Buffer[] = [];
  for (let bytes = 0; bytes < count * 1e6;) {
    const part = makeLines(draw, 500, 40);
    parts.push(part);
    bytes += part.length;
  }
  return Buffer.concat(parts);
}

async function expectSame(content: Buffer): Promise<Reading> {
  const full = await read(content, 'full');
  const quick = await read(content, 'quick');
  expect({ ...quick, scanned: 0, expected: [] }).toEqual({ ...full, scanned: 0 });
  return quick;
}

describe('a large file, scanned by several threads', () => {
  it(`gives the same records in the same order (seed ${seed})`, async () => {
    const quick = await expectSame(megabytes(30));
    console.log(`threads agree: seed ${seed}, ${quick.records} records, ${quick.scanned} scanned`);
    expect(quick.scanned).toBeGreaterThan(quick.records / 3);
  });

  it('goes on in one thread behind a line that no part holds, and behind the last line end', async () => {
    const line = `${JSON.stringify(feePush('usual'))}\n`;
    const usual = Buffer.from(line.repeat(Math.ceil(16e6 / line.length)));
    const fees = Array.from({ length: 8000 }, (_, index) => feeOf(`long-${index}`));
    const long = Buffer.from(`${JSON.stringify({ eventType: 'fee', feeLst: fees })}\n`);
    const quick = await expectSame(Buffer.concat([usual, long, usual, Buffer.from(line.trimEnd())]));
    expect(long.length).toBeGreaterThan(2_000_000);
    expect(quick.scanned).toBe(quick.records);
    expect(quick.records).toBe(8000 + 2 * Math.ceil(16e6 / line.length) + 1);
  });

  it('says once, with its first calls, about how many there may be', async () => {
    const line = `${JSON.stringify(feePush('usual'))}\n`;
    const count = Math.ceil(3e7 / line.length);
    const quick = await read(Buffer.from(line.repeat(count)), 'quick');
    expect(quick.records).toBe(count);
    expect(quick.expected).toHaveLength(1);
    expect(quick.expected[0]).toBeGreaterThanOrEqual(count);
    expect(quick.expected[0]).toBeLessThan(count * 1.01);
  });

  it.each([0, 1, 3])('is cut at the same places by %i threads beside this one', async (workers) => {
    const path = join(folder, `cut-${workers}.ndjson`);
    const line = `${JSON.stringify(feePush('cut'))}\n`;
    const lines = Math.ceil(1e7 / line.length);
    await writeFile(path, line.repeat(lines));
    const handle = await open(path);
    const sizeBytes = lines * line.length;
    const [places, counts]: [number[], number[]] = [[], []];
    try {
      for await (const { next, count, free } of scanParts({ fd: handle.fd, sizeBytes }, workers)) {
        places.push(next);
        counts.push(count);
        free();
      }
    } finally {
      await handle.close();
    }
    const chunks = Array.from({ length: Math.ceil(sizeBytes / CHUNK_BYTES) }, (_, index) => (index + 1) * CHUNK_BYTES);
    const ends = chunks.map((end) => Math.min(sizeBytes, Math.ceil(end / line.length) * line.length));
    expect(places).toEqual(ends);
    expect(counts).toEqual(ends.map((end, index) => (end - (ends[index - 1] ?? 0)) / line.length));
  });

  it('leaves a file that cannot be read to its caller', async () => {
    const handle = await open(folder);
    try {
      const parts = [];
      for await (const part of scanParts({ fd: handle.fd, sizeBytes: 3e7 }, 1)) parts.push(part);
      expect(parts).toEqual([]);
    } finally {
      await handle.close();
    }
  });

  it('ends its threads when nobody reads on', async ({ skip }) => {
    if (!existsSync('/proc/self/task')) skip('threads are counted in /proc');
    const threads = async (): Promise<number> => (await readdir('/proc/self/task')).length;
    const path = join(folder, 'left.ndjson');
    const line = `${JSON.stringify(feePush('left'))}\n`;
    await writeFile(path, line.repeat(Math.ceil(30e6 / line.length)));
    const inputs = await findInputs([path], { cwd: folder, stdin: process.stdin, signal });
    const before = await threads();
    let meanwhile = 0;
    for await (const batch of findRecords(inputs, { reader: 'quick' }).batches()) {
      expect(countRecords(batch)).toBeGreaterThan(100);
      meanwhile = await threads();
      break;
    }
    expect(meanwhile).toBeGreaterThan(before);
    expect(await threads()).toBe(before);
  });
});
