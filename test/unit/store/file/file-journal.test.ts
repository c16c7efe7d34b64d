import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOURNAL_LIMITS } from '../../../../src/store/file/journal-limits.js';
import { ARRIVED_AT, openJournal, push, readAll, temporaryFolder, textOf } from '../samples.js';

const DAY_FOLDER = 'journal/2026-11-22';
const HOUR_MS = 3_600_000;

async function segmentsOf(folder: string, day = DAY_FOLDER): Promise<string[]> {
  return (await readdir(join(folder, day))).sort();
}

describe('FileJournal', () => {
  it('gives back what it was given, in order, byte for byte', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), async (bodies) => {
        const before = (await readAll(journal)).pushes.length;
        const results = await Promise.all(bodies.map((bytes) => journal.append(push(bytes))));
        expect(results).toEqual(bodies.map(() => 'new'));
        const { pushes, damage } = await readAll(journal);
        expect(damage).toEqual([]);
        const kept = pushes.slice(before).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
        expect(kept).toEqual(bodies.map((bytes) => Buffer.from(bytes).toString('hex')));
      }),
      { numRuns: 30 },
    );
  });

  it('names its segment and each line in it', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder, { hostname: 'a/b host' });
    await journal.append(push('{"n":1}', { key: 'fee:1' }));
    await journal.append(push('{"n":2}', { key: 'fee:2' }));
    expect(await segmentsOf(folder)).toEqual(['a_b_host-4242-1795334400123.ndjson']);
    const { pushes } = await readAll(journal);
    expect(pushes.map(({ id, key, at, result }) => [id, key, at, result])).toEqual([
      ['2026-11-22/a_b_host-4242-1795334400123:1', 'fee:1', ARRIVED_AT, 'new'],
      ['2026-11-22/a_b_host-4242-1795334400123:2', 'fee:2', ARRIVED_AT, 'new'],
    ]);
  });

  it('makes nothing before the first push, and everything for the owner alone', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b');
    const journal = openJournal(folder);
    expect((await readAll(journal)).pushes).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    const umask = process.umask(0);
    try {
      await journal.append(push('{}'));
    } finally {
      process.umask(umask);
    }
    const modes = await Promise.all(
      [join(folder, '..'), folder, join(folder, 'journal'), join(folder, DAY_FOLDER)].map(
        async (path) => (await stat(path)).mode & 0o777,
      ),
    );
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o700]);
    const [segment = ''] = await segmentsOf(folder);
    expect((await stat(join(folder, DAY_FOLDER, segment))).mode & 0o777).toBe(0o600);
  });

  it('writes the pushes that wait together as one group, each once', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const results = await Promise.all(
      Array.from({ length: 500 }, (_, n) => journal.append(push(`{"n":${n}}`, { key: `fee:${n}` }))),
    );
    expect(new Set(results)).toEqual(new Set(['new']));
    const { pushes } = await readAll(journal);
    expect(pushes.map(textOf)).toEqual(Array.from({ length: 500 }, (_, n) => `{"n":${n}}`));
    expect(journal.pendingBytes).toBe(0);
  });

  it('tells duplicates and conflicts, also within one group', async () => {
    const journal = openJournal(await temporaryFolder());
    const results = await Promise.all([
      journal.append(push('{"a":1}', { key: 'fee:1' })),
      journal.append(push('{"a":1}', { key: 'fee:1' })),
      journal.append(push('{"a":2}', { key: 'fee:1' })),
      journal.append(push('{"a":2}', { key: 'fee:1' })),
      journal.append(push('{"a":1}')),
      journal.append(push('{"a":1}')),
    ]);
    expect(results).toEqual(['new', 'duplicate', 'conflict', 'duplicate', 'new', 'new']);
    const kept = await readAll(journal);
    expect(kept.pushes.map((stored) => [stored.result, textOf(stored)])).toEqual([
      ['new', '{"a":1}'],
      ['conflict', '{"a":2}'],
      ['new', '{"a":1}'],
      ['new', '{"a":1}'],
    ]);
    const all = await readAll(journal, { duplicates: true });
    expect(all.pushes.map(({ result, bytes }) => [result, bytes.length])).toEqual([
      ['new', 7],
      ['duplicate', 0],
      ['conflict', 7],
      ['duplicate', 0],
      ['new', 7],
      ['new', 7],
    ]);
  });

  it('R12: counts seven deliveries over 10.4 hours once, with a restart between each', async () => {
    const folder = await temporaryFolder();
    const minutes = [0, 1, 5, 14, 120, 323, 623];
    const results: string[] = [];
    for (const minute of minutes) {
      const at = new Date(ARRIVED_AT.getTime() + minute * 60_000);
      const journal = openJournal(folder, { now: () => at, pid: 100 + minute });
      results.push(await journal.append(push('{"icid":"1"}', { key: 'fee:1', at })));
      await journal.close();
    }
    expect(results).toEqual(['new', ...Array.from({ length: 6 }, () => 'duplicate')]);
    const at = new Date(ARRIVED_AT.getTime() + 11 * HOUR_MS);
    const journal = openJournal(folder, { now: () => at });
    expect(await journal.append(push('{"icid":"1","more":1}', { key: 'fee:1', at }))).toBe('conflict');
    const { pushes } = await readAll(journal);
    expect(pushes.map((stored) => [stored.result, textOf(stored)])).toEqual([
      ['new', '{"icid":"1"}'],
      ['conflict', '{"icid":"1","more":1}'],
    ]);
    const deliveries = (await readAll(journal, { duplicates: true })).pushes.filter(
      ({ result }) => result !== 'conflict',
    );
    expect(deliveries).toHaveLength(7);
  });

  it('begins a new segment by size, by age and for another day', async () => {
    const folder = await temporaryFolder();
    let now = ARRIVED_AT;
    const journal = openJournal(folder, { now: () => now, limits: { ...JOURNAL_LIMITS, segmentBytes: 1000 } });
    const big = push(JSON.stringify('x'.repeat(900)));
    await journal.append(big);
    await journal.append(big);
    expect(await segmentsOf(folder)).toHaveLength(2);
    now = new Date(ARRIVED_AT.getTime() + HOUR_MS - 1);
    await journal.append(push('{}'));
    expect(await segmentsOf(folder)).toHaveLength(3);
    now = new Date(now.getTime() + HOUR_MS);
    await journal.append(push('{}'));
    expect(await segmentsOf(folder)).toHaveLength(4);
    const midnight = new Date('2026-11-23T00:00:00Z');
    await Promise.all([
      journal.append(push('1')),
      journal.append(push('2', { at: midnight })),
      journal.append(push('3')),
    ]);
    expect(await segmentsOf(folder, 'journal/2026-11-23')).toHaveLength(1);
    const { pushes, damage } = await readAll(journal);
    expect([pushes.length, damage]).toEqual([7, []]);
    expect(textOf(pushes[6]!)).toBe('2');
  });

  it('refuses what is more than may wait, and goes on afterwards', async () => {
    const journal = openJournal(await temporaryFolder(), { limits: { ...JOURNAL_LIMITS, pendingBytes: 10_000 } });
    const body = JSON.stringify('x'.repeat(3000));
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => journal.append(push(body))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(outcomes[3]).toMatchObject({
      reason: { code: 'storage-failed', message: expect.stringContaining('queue full') as unknown },
    });
    expect(await journal.append(push(body))).toBe('new');
    expect((await readAll(journal)).pushes).toHaveLength(3);
  });

  it('refuses every push of a group that cannot be written, and serves again once it can', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'journal'), 'in the way');
    const journal = openJournal(folder);
    const outcomes = await Promise.allSettled([journal.append(push('1')), journal.append(push('2'))]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'storage-failed', exitCode: 14 } },
      { status: 'rejected', reason: { code: 'storage-failed', exitCode: 14 } },
    ]);
    expect([journal.healthy, journal.pendingBytes]).toEqual([false, 0]);
    await rm(join(folder, 'journal'));
    expect(await journal.append(push('3'))).toBe('new');
    expect(journal.healthy).toBe(true);
    expect((await readAll(journal)).pushes.map(textOf)).toEqual(['3']);
  });

  it('R5: never acknowledges into a folder that was removed, and does not make it anew', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const journal = openJournal(folder);
    await journal.append(push('1'));
    await rm(folder, { recursive: true });
    await expect(journal.append(push('2'))).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(journal.append(push('3'))).rejects.toMatchObject({ code: 'storage-failed' });
    expect(existsSync(folder)).toBe(false);
    await mkdir(folder);
    expect(await journal.append(push('4'))).toBe('new');
    expect((await readAll(journal)).pushes.map(textOf)).toEqual(['4']);
  });

  it('prepares: says at once when the folder cannot be written', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(openJournal(join(folder, 'file')).prepare()).rejects.toMatchObject({ exitCode: 14 });
    const good = join(folder, 'data');
    await openJournal(good).prepare();
    expect(await readdir(good)).toEqual([]);
  });

  it('refuses pushes once it is closed, after having kept what it took', async () => {
    const journal = openJournal(await temporaryFolder());
    const taken = journal.append(push('1'));
    await journal.close();
    expect(await taken).toBe('new');
    await expect(journal.append(push('2'))).rejects.toMatchObject({ code: 'storage-failed' });
    expect((await readAll(journal)).pushes.map(textOf)).toEqual(['1']);
  });

  it('R16: two processes write into one folder; a push that both got counts once', async () => {
    const folder = await temporaryFolder();
    const [one, two] = [openJournal(folder, { pid: 1 }), openJournal(folder, { pid: 2 })];
    // Both know nothing yet when they begin.
    await Promise.all([one.prepare(), two.prepare()]);
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? one : two).append(push(`{"n":${n}}`, { key: `fee:${n}` }))),
    );
    const both = push('{"both":1}', { key: 'fee:both' });
    expect(await Promise.all([one.append(both), two.append(both)])).toEqual(['new', 'new']);
    expect(await segmentsOf(folder)).toHaveLength(2);
    const { pushes, damage } = await readAll(one);
    expect(damage).toEqual([]);
    expect(new Set(pushes.map(textOf)).size).toBe(201);
    expect(pushes).toHaveLength(201);
    const all = await readAll(two, { duplicates: true });
    expect(all.pushes.filter(({ result }) => result === 'duplicate').map(({ key }) => key)).toEqual(['fee:both']);
  });

  it('never takes up a segment that another one left, and does not collide with its name', async () => {
    const folder = await temporaryFolder();
    const before = openJournal(folder);
    await before.append(push('1'));
    const [name = ''] = await segmentsOf(folder);
    const file = join(folder, DAY_FOLDER, name);
    const content = await readFile(file);
    const after = openJournal(folder);
    await after.append(push('2'));
    expect(await readFile(file)).toEqual(content);
    expect(await segmentsOf(folder)).toEqual([name, name.replace('1795334400123', '1795334400124')]);
    await rename(file, `${file}.away`);
    expect((await readAll(after)).pushes.map(textOf)).toEqual(['2']);
  });
});
