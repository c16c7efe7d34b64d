import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AppendResult, StoredPush } from '../../../../src/store/journal.js';
import { bytesRead, IO } from '../../../helpers/bytes-read.js';
import { ARRIVED_AT, openJournal, push, readAll, temporaryFolder, textOf } from '../samples.js';

interface Written {
  readonly folder: string;
  readonly file: string;
  readonly bytes: Buffer;
}

/** A journal of one segment with a push for each body. */
async function write(bodies: readonly string[]): Promise<Written> {
  const folder = await temporaryFolder();
  const journal = openJournal(folder);
  await Promise.all(bodies.map((body, n) => journal.append(push(body, { key: `fee:${n}` }))));
  await journal.close();
  const day = join(folder, 'journal/2026-11-22');
  const file = join(day, (await readdir(day))[0] ?? '');
  return { folder, file, bytes: await readFile(file) };
}

const at = (minute: number): Date => new Date(ARRIVED_AT.getTime() + minute * 60_000);
const BODIES = ['{"n":0}', 'no JSON', '{"n":2,"text":"},\\"body\\":"}', '{"n":3}', '{"n":4}'];

describe('readJournal', () => {
  it('R15: a segment cut at every byte of its last three lines loses what was cut and nothing else', async () => {
    const { folder, file, bytes } = await write(BODIES);
    const lengths = bytes
      .toString('latin1')
      .split('\n')
      .slice(0, -1)
      .map((line) => line.length + 1);
    const ends = lengths.map((_, n) => lengths.slice(0, n + 1).reduce((sum, length) => sum + length, 0));
    const journal = openJournal(folder);
    for (let size = ends[1]!; size <= bytes.length; size += 1) {
      await writeFile(file, bytes.subarray(0, size));
      const { pushes, damage } = await readAll(journal);
      // Without its line feed a line is whole all the same.
      const whole = ends.filter((end) => end - 1 <= size).length;
      expect(pushes.map(textOf), `${size} bytes`).toEqual(BODIES.slice(0, whole));
      const torn = size > (ends[whole - 1] ?? 0);
      expect(
        damage.map(({ line, file: name }) => [line, name]),
        `${size} bytes`,
      ).toEqual(torn ? [[whole + 1, file]] : []);
    }
  });

  it('R15: any changed byte of a line loses that line only, and is reported', async () => {
    const { folder, file, bytes } = await write(BODIES);
    const start = bytes.indexOf('\n', bytes.indexOf('\n') + 1) + 1;
    const end = bytes.indexOf('\n', start);
    const journal = openJournal(folder);
    for (let index = start; index <= end; index += 1) {
      const changed = Buffer.from(bytes);
      // Also what makes a line feed of a byte, and of the line feed something else.
      changed[index] = index % 2 === 0 ? (changed[index] ?? 0) ^ 0x20 : changed[index] === 0x0a ? 0x20 : 0x0a;
      await writeFile(file, changed);
      const { pushes, damage } = await readAll(journal);
      expect(pushes.map(textOf), `byte ${index - start}`).toEqual([BODIES[0], BODIES[1], BODIES[3], BODIES[4]]);
      expect(damage.length, `byte ${index - start}`).toBeGreaterThanOrEqual(1);
      expect(damage[0]).toMatchObject({ file, line: 3 });
    }
  });

  it('does not take a line for good that a push carries in its body', async () => {
    const { bytes: donor } = await write(['{"forged":1}']);
    const { folder, file, bytes } = await write([JSON.stringify(donor.toString().trim()), donor.toString().trim()]);
    const second = bytes.indexOf('\n') + 1;
    const damaged = Buffer.from(bytes);
    damaged[second + 20] = 0x21;
    await writeFile(file, damaged);
    const { pushes } = await readAll(openJournal(folder));
    expect(pushes.map(textOf)).toEqual([JSON.stringify(donor.toString().trim())]);
  });

  it('skips other junk: an empty line, a long one, zeros', async () => {
    const { folder, file, bytes } = await write(['{"n":0}']);
    const junk = Buffer.concat([Buffer.from('\n'), Buffer.alloc(3_000_000), Buffer.from('\n'), bytes]);
    await writeFile(file, Buffer.concat([bytes, junk]));
    const { pushes, damage } = await readAll(openJournal(folder), { duplicates: true });
    expect(pushes.map(({ result }) => result)).toEqual(['new', 'duplicate']);
    expect(damage.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('reads gzipped segments, a cut one as far as it goes', async () => {
    const { folder, file, bytes } = await write(BODIES);
    const many = Buffer.concat(Array.from({ length: 3000 }, () => bytes));
    await writeFile(`${file}.gz`, gzipSync(many));
    const journal = openJournal(folder);
    expect((await readAll(journal)).pushes.map(textOf)).toEqual(BODIES);
    await rm(file);
    const whole = await readAll(journal, { duplicates: true });
    expect([whole.pushes.length, whole.damage]).toEqual([15_000, []]);
    const zipped = gzipSync(many);
    await writeFile(`${file}.gz`, zipped.subarray(0, zipped.length - 100));
    const cut = await readAll(journal, { duplicates: true });
    expect(cut.pushes.length).toBeGreaterThan(5);
    expect(cut.damage.at(-1)).toMatchObject({
      file: `${file}.gz`,
      reason: 'the gzipped segment is incomplete or damaged',
    });
  });

  it('merges the segments of several processes by arrival', async () => {
    const folder = await temporaryFolder();
    const [one, two, three] = [
      openJournal(folder, { pid: 3 }),
      openJournal(folder, { pid: 2 }),
      openJournal(folder, { pid: 1 }),
    ];
    for (const [journal, minute] of [
      [one, 0],
      [two, 1],
      [one, 2],
      [three, 3],
      [two, 4],
      [one, 1440],
      [two, 5],
    ] as const) {
      await journal.append(push(String(minute), { at: at(minute) }));
    }
    expect((await readAll(one)).pushes.map(textOf)).toEqual(['0', '1', '2', '3', '4', '5', '1440']);
  });

  it('filters by kind and by arrival, from included, to not; other days are not opened', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    for (const minute of [0, 10, 20]) {
      await journal.append(push(`"fee ${minute}"`, { at: at(minute) }));
      await journal.append(push(`"sms ${minute}"`, { at: at(minute), kind: 'sms' }));
    }
    const other = join(folder, 'journal/2026-11-21/x-1-1.ndjson');
    await mkdir(dirname(other));
    await writeFile(other, 'damage\n');
    const found = await readAll(journal, { kind: 'sms', from: at(10), to: at(20) });
    expect([found.pushes.map(textOf), found.damage]).toEqual([['"sms 10"'], []]);
    expect((await readAll(journal, { to: at(10) })).damage).toHaveLength(1);
    expect((await readAll(journal, { from: at(20) })).pushes.map(textOf)).toEqual(['"fee 20"', '"sms 20"']);
  });

  it('keeps the word of a line whose original lies before the range', async () => {
    const journal = openJournal(await temporaryFolder());
    const results: AppendResult[] = [];
    for (const [minute, body] of [
      [0, '1'],
      [10, '1'],
      [20, '2'],
    ] as const) {
      results.push(await journal.append(push(body, { key: 'fee:1', at: at(minute) })));
    }
    expect(results).toEqual(['new', 'duplicate', 'conflict']);
    const { pushes } = await readAll(journal, { from: at(5), duplicates: true });
    expect(pushes.map(({ result, kind }) => [result, kind])).toEqual([
      ['duplicate', 'fee'],
      ['conflict', 'fee'],
    ]);
  });

  it('gives headers and bodies of the kinds that are wanted; the others are told from each other as ever', async () => {
    const journal = openJournal(await temporaryFolder());
    const event = { kind: 'event', path: '/status', headers: { 'x-body': '},"body":1,"headers":{' } } as const;
    await journal.append(push('"a"', { key: 'fee:1', path: '/fee?","headers":{"a":"b' }));
    await journal.append(push('"b"', { key: 'event:1', ...event }));
    await journal.append(push('"b"', { key: 'event:1', ...event }));
    await journal.append(push('"c"', { key: 'event:1', ...event }));
    const whole = await readAll(journal, { duplicates: true });
    expect(whole.pushes.map(({ path, headers }) => [path, headers])).toEqual([
      ['/fee?","headers":{"a":"b', { 'content-type': 'application/json;charset=UTF-8' }],
      ['/status', event.headers],
      ['/status', {}],
      ['/status', event.headers],
    ]);
    const calls = await readAll(journal, { duplicates: true, bodiesOf: (kind) => kind === 'fee', headers: false });
    const told = (stored: StoredPush) => [stored.kind, stored.key, stored.result, textOf(stored), stored.headers];
    expect(calls.pushes.map(told)).toEqual([
      ['fee', 'fee:1', 'new', '"a"', {}],
      ['event', 'event:1', 'new', '', {}],
      ['event', 'event:1', 'duplicate', '', {}],
      ['event', 'event:1', 'conflict', '', {}],
    ]);
  });

  it.skipIf(!existsSync(IO))('reads a day of many short segments little more than once', async () => {
    const { folder, file, bytes } = await write(
      Array.from({ length: 40 }, (_, n) => JSON.stringify('x'.repeat(2000 + n))),
    );
    const copies = Array.from({ length: 49 }, (_, n) => join(dirname(file), `host-${n}-1.ndjson`));
    for (const copy of copies) await writeFile(copy, bytes);
    const before = bytesRead();
    const { pushes, damage } = await readAll(openJournal(folder), { duplicates: true });
    const read = bytesRead() - before;
    expect([pushes.length, damage]).toEqual([50 * 40, []]);
    expect(read).toBeLessThan(1.3 * 50 * bytes.length);
  });

  it('can be left in the middle', async () => {
    const { folder } = await write(BODIES);
    for await (const stored of openJournal(folder).read()) {
      expect(textOf(stored)).toBe('{"n":0}');
      break;
    }
  });
});
