import { appendFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import type { FollowQuery, JournalDamage, StoredPush } from '../../../../src/store/journal.js';
import { ARRIVED_AT, openJournal, push, temporaryFolder, textOf } from '../samples.js';

const at = (minute: number): Date => new Date(ARRIVED_AT.getTime() + minute * 60_000);

interface Follower {
  /** The next so many pushes, as texts; waits for them. */
  take(count: number): Promise<string[]>;
  stop(): Promise<void>;
}

const MARKER = '"marker"';

/**
 * Follows, standing behind everything that is in the journal now: without `from` a writer of its own adds markers until the follower
 * gives one; `take` leaves them out.
 */
async function follow(folder: string, query: FollowQuery = {}, now = (): Date => ARRIVED_AT): Promise<Follower> {
  const stopping = new AbortController();
  onTestFinished(() => {
    stopping.abort();
  });
  const pushes = openJournal(folder, { pid: 900, now }).follow(query, stopping.signal)[Symbol.asyncIterator]();
  let first: Promise<IteratorResult<StoredPush>> | undefined = pushes.next();
  if (query.from === undefined) {
    const marking = openJournal(folder, { pid: 901 });
    const given = first.then(() => 'given');
    for (let state = ''; state !== 'given'; state = await Promise.race([given, turn()])) {
      await marking.append(push(MARKER, { kind: query.kind ?? 'fee' }));
    }
  }
  const next = (): Promise<IteratorResult<StoredPush>> => {
    const pending = first ?? pushes.next();
    first = undefined;
    return pending;
  };
  return {
    take: async (count) => {
      const texts: string[] = [];
      while (texts.length < count) {
        const found = await next();
        if (found.done === true) throw new Error('the follower has ended');
        if (textOf(found.value) !== MARKER) texts.push(textOf(found.value));
      }
      return texts;
    },
    stop: async () => {
      const end = next();
      stopping.abort();
      expect((await end).done).toBe(true);
    },
  };
}

const turn = (): Promise<string> =>
  new Promise((resolve) => {
    setImmediate(() => {
      resolve('');
    });
  });

async function segmentsOf(folder: string, day: string): Promise<string[]> {
  return (await readdir(join(folder, 'journal', day))).map((name) => join(folder, 'journal', day, name));
}

describe('follow', () => {
  it('gives only what comes, into a journal that did not exist', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const follower = await follow(folder, { from: ARRIVED_AT });
    await journal.append(push('{"n":1}'));
    expect(await follower.take(1)).toEqual(['{"n":1}']);
    await journal.append(push('{"n":2}'));
    await journal.append(push('{"n":3}'));
    expect(await follower.take(2)).toEqual(['{"n":2}', '{"n":3}']);
    await follower.stop();
  });

  it('leaves out what was there, or gives it first from the instant asked for', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    for (const minute of [0, 1, 2]) await journal.append(push(`"${minute}"`, { at: at(minute) }));
    const news = await follow(folder);
    const all = await follow(folder, { from: at(1) });
    await journal.append(push('"3"', { at: at(3) }));
    expect(await news.take(1)).toEqual(['"3"']);
    expect(await all.take(3)).toEqual(['"1"', '"2"', '"3"']);
  });

  it('gives nothing twice and loses nothing while many are written', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder, {
      limits: { pendingBytes: 1e9, segmentBytes: 2000, segmentMs: 3_600_000, groupBytes: 1000 },
    });
    const bodies = Array.from({ length: 300 }, (_, n) => `{"n":${n}}`);
    await Promise.all(bodies.slice(0, 100).map((body) => journal.append(push(body))));
    const reader = openJournal(folder, { pid: 7 });
    const stopping = new AbortController();
    onTestFinished(() => {
      stopping.abort();
    });
    const found: string[] = [];
    const writing: Promise<unknown>[] = [];
    for await (const stored of reader.follow({ from: new Date(0) }, stopping.signal)) {
      found.push(textOf(stored));
      if (found.length === 50) writing.push(...bodies.slice(100).map((body) => journal.append(push(body))));
      if (found.length === 300) break;
    }
    await Promise.all(writing);
    expect(new Set(found)).toEqual(new Set(bodies));
    expect((await segmentsOf(folder, '2026-11-22')).length).toBeGreaterThan(5);
  });

  it('follows several writers; what both stored comes once', async () => {
    const folder = await temporaryFolder();
    const [one, two] = [openJournal(folder, { pid: 1 }), openJournal(folder, { pid: 2 })];
    await Promise.all([one.prepare(), two.prepare()]);
    const follower = await follow(folder);
    await one.append(push('{"n":1}', { key: 'fee:1' }));
    await two.append(push('{"n":1}', { key: 'fee:1' }));
    await two.append(push('{"n":2}', { key: 'fee:2', at: at(1) }));
    expect(await follower.take(2)).toEqual(['{"n":1}', '{"n":2}']);
  });

  it('waits for the end of a line that is half written', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    for (const n of [0, 1]) await journal.append(push(`{"n":${n}}`));
    await journal.close();
    const [file = ''] = await segmentsOf(folder, '2026-11-22');
    const bytes = await readFile(file);
    const half = bytes.indexOf('\n') + 40;
    await truncate(file, half);
    const follower = await follow(folder);
    await appendFile(file, bytes.subarray(half, bytes.length - 1));
    const next = follower.take(1);
    await appendFile(file, bytes.subarray(bytes.length - 1));
    expect(await next).toEqual(['{"n":1}']);
  });

  it('goes on on a new day, with segments whose pushes came before midnight', async () => {
    const folder = await temporaryFolder();
    let now = new Date('2026-11-22T23:59:59.000Z');
    const journal = openJournal(folder, { now: () => now });
    const follower = await follow(folder, {}, () => now);
    await journal.append(push('"22"', { at: new Date('2026-11-22T23:59:59.500Z') }));
    now = new Date('2026-11-23T00:00:01.000Z');
    await journal.append(push('"23"', { at: now }));
    await journal.append(push('"late"', { at: new Date('2026-11-22T23:59:59.900Z') }));
    expect(new Set(await follower.take(3))).toEqual(new Set(['"22"', '"23"', '"late"']));
    expect(await readdir(join(folder, 'journal'))).toEqual(['2026-11-22', '2026-11-23']);
  });

  it('wants one kind only, and duplicates only when asked for', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const kinds = await follow(folder, { kind: 'sms' });
    const doubles = await follow(folder, { duplicates: true });
    await journal.append(push('"fee"', { key: 'fee:1' }));
    await journal.append(push('"fee"', { key: 'fee:1' }));
    await journal.append(push('"sms"', { kind: 'sms' }));
    expect(await kinds.take(1)).toEqual(['"sms"']);
    expect(await doubles.take(3)).toEqual(['"fee"', '', '"sms"']);
  });

  it('tells of a damaged line with file and number, and goes on behind it', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    await journal.append(push('{"n":0}'));
    await journal.append(push('{"n":1}'));
    await journal.close();
    const [file = ''] = await segmentsOf(folder, '2026-11-22');
    const bytes = await readFile(file);
    const damage: JournalDamage[] = [];
    const follower = await follow(folder, { onDamage: (found) => damage.push(found) });
    const second = bytes.subarray(bytes.indexOf('\n') + 1);
    await appendFile(file, Buffer.concat([Buffer.from('junk\n'), second]));
    expect(await follower.take(1)).toEqual(['{"n":1}']);
    expect(damage).toEqual([{ file, line: 3, reason: 'the line is incomplete' }]);
  });

  it('reads a line that is longer than a chunk', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const follower = await follow(folder);
    const long = JSON.stringify('x'.repeat(5_000_000));
    await journal.append(push(long));
    const [text = ''] = await follower.take(1);
    expect(text.length).toBe(long.length);
  });

  it('takes a segment that another process begins, and is not held up by a torn one', async () => {
    const folder = await temporaryFolder();
    const day = join(folder, 'journal/2026-11-22');
    await mkdir(day, { recursive: true });
    await writeFile(join(day, 'crashed-1-1.ndjson'), '{"v":1,"seq":1,"at":"2026');
    const journal = openJournal(folder);
    const follower = await follow(folder);
    await journal.append(push('"good"'));
    expect(await follower.take(1)).toEqual(['"good"']);
  });

  it('ends at once when it is stopped before it begins', async () => {
    const journal = openJournal(await temporaryFolder());
    const found: StoredPush[] = [];
    for await (const stored of journal.follow({}, AbortSignal.abort())) found.push(stored);
    expect(found).toEqual([]);
  });
});
