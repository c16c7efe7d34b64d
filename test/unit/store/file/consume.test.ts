import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Journal, JournalConsumer, StoredPush } from '../../../../src/store/journal.js';
import { ARRIVED_AT, openJournal, push, temporaryFolder, textOf } from '../samples.js';

/** Reads so many pushes; the loop is then left. */
async function take(consumer: JournalConsumer, count: number): Promise<StoredPush[]> {
  const stop = new AbortController();
  const found: StoredPush[] = [];
  for await (const one of consumer.pushes(stop.signal)) {
    found.push(one);
    if (found.length === count) stop.abort();
  }
  return found;
}

async function append(journal: Journal, ...texts: string[]): Promise<void> {
  for (const text of texts) await journal.append(push(text, { key: text }));
}

async function open(journal: Journal, name = 'one'): Promise<JournalConsumer> {
  const consumer = await journal.consume(name);
  onTestFinished(() => consumer.close());
  return consumer;
}

const DAY_LATER = new Date(ARRIVED_AT.getTime() + 86_400_000);

describe('consume', () => {
  it('begins with what comes from now on, and gives each push once while it is open', async () => {
    const journal = openJournal(await temporaryFolder());
    await append(journal, '"before"');
    const consumer = await open(journal);
    const taken = take(consumer, 2);
    await append(journal, '"a"', '"a"', '"b"');
    expect((await taken).map(textOf)).toEqual(['"a"', '"b"']);
  });

  it('takes up where it stood: what was not settled comes again, in order, then the rest', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const first = await open(journal);
    await append(journal, '"a"', '"b"', '"c"', '"d"', '"e"');
    for (const [index, { id }] of (await take(first, 4)).entries()) if (index !== 1) first.settle(id);
    await first.close();
    const again = await open(openJournal(folder, { pid: 7 }));
    expect((await take(again, 2)).map(textOf)).toEqual(['"b"', '"e"']);
  });

  it('gives again what a killed process had not made durable, and nothing it had', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const first = await open(journal);
    await append(journal, '"a"', '"b"', '"c"');
    const [a] = await take(first, 3);
    first.settle(a!.id);
    const file = join(folder, 'consumers', 'one.json');
    await expect.poll(() => readFile(file, 'utf8'), { timeout: 5000 }).toContain('[3,0,2,3]');
    // A process that is gone: nobody closes, and its lock is taken over.
    await rm(`${file}.lock`);
    const again = await open(openJournal(folder, { pid: 8 }));
    expect((await take(again, 2)).map(textOf)).toEqual(['"b"', '"c"']);
  });

  it('gives pushes of several processes and days in order of arrival', async () => {
    const folder = await temporaryFolder();
    const one = openJournal(folder, { pid: 1 });
    const two = openJournal(folder, { pid: 2 });
    const consumer = await open(one);
    const at = (second: number): Date => new Date(ARRIVED_AT.getTime() + second * 1000);
    await two.append(push('"2"', { at: at(2) }));
    await one.append(push('"1"', { at: at(1) }));
    await one.append(push('"3"', { at: at(3) }));
    await two.append(push('"5"', { at: DAY_LATER }));
    await two.append(push('"4"', { at: at(4) }));
    expect((await take(consumer, 5)).map(textOf)).toEqual(['"1"', '"2"', '"3"', '"4"', '"5"']);
  });

  it('hands on what was gzipped meanwhile, and forgets days it is done with', async () => {
    const folder = await temporaryFolder();
    const clock = { now: ARRIVED_AT };
    const journal = openJournal(folder, { now: () => clock.now });
    const first = await open(journal);
    await append(journal, '"a"', '"b"', '"c"');
    const [a] = await take(first, 2);
    first.settle(a!.id);
    await first.close();
    const day = join(folder, 'journal', '2026-11-22');
    const [name = ''] = await readdir(day);
    await writeFile(join(day, `${name}.gz`), gzipSync(await readFile(join(day, name))));
    await rm(join(day, name));
    clock.now = new Date(ARRIVED_AT.getTime() + 4 * 86_400_000);
    const again = await open(journal);
    const rest = await take(again, 2);
    expect(rest.map(textOf)).toEqual(['"b"', '"c"']);
    for (const { id } of rest) again.settle(id);
    await journal.append(push('"d"', { at: clock.now }));
    const [d] = await take(again, 1);
    again.settle(d!.id);
    // A round with nothing new lets the days go.
    const more = take(again, 1);
    const readPlace = async () =>
      JSON.parse(await readFile(join(folder, 'consumers', 'one.json'), 'utf8')) as {
        fromDay: string;
        segments: Record<string, unknown>;
      };
    await expect.poll(async () => (await readPlace()).fromDay).toBe('2026-11-25');
    await journal.append(push('"e"', { at: clock.now }));
    again.settle((await more)[0]!.id);
    await again.close();
    const place = await readPlace();
    expect(Object.keys(place.segments).map((id) => id.slice(0, 10))).toEqual(['2026-11-26']);
  });

  it('does not wait for what was removed from the journal', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const first = await open(journal);
    await append(journal, '"a"');
    await take(first, 1);
    await first.close();
    await journal.close();
    await rm(join(folder, 'journal'), { recursive: true });
    const later = openJournal(folder, { pid: 3, now: () => DAY_LATER });
    const again = await open(later);
    const taken = take(again, 1);
    await later.append(push('"b"', { at: DAY_LATER }));
    expect((await taken).map(textOf)).toEqual(['"b"']);
  });

  it('sees pushes that arrive in the past: the clock was set back', async () => {
    const folder = await temporaryFolder();
    const clock = { now: DAY_LATER };
    const journal = openJournal(folder, { now: () => clock.now });
    const consumer = await open(journal);
    await journal.append(push('"later"', { at: DAY_LATER }));
    consumer.settle((await take(consumer, 1))[0]!.id);
    clock.now = new Date(ARRIVED_AT.getTime() - 10 * 86_400_000);
    const taken = take(consumer, 1);
    await journal.append(push('"earlier"', { at: clock.now }));
    expect((await taken).map(textOf)).toEqual(['"earlier"']);
  });

  it('is for one process at a time', async () => {
    const journal = openJournal(await temporaryFolder());
    await open(journal);
    await expect(journal.consume('one')).rejects.toMatchObject({ code: 'storage-locked' });
    await open(journal, 'two');
  });

  it('refuses a place that cannot be read instead of leaving pushes out', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    await (await journal.consume('one')).close();
    await writeFile(join(folder, 'consumers', 'one.json'), '{"v":1');
    await expect(journal.consume('one')).rejects.toMatchObject({ code: 'storage-failed' });
  });

  it('goes on behind a damaged line', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const consumer = await open(journal);
    await append(journal, '"a"', '"b"', '"c"');
    const day = join(folder, 'journal', '2026-11-22');
    const file = join(day, (await readdir(day))[0]!);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"body":"b"', '"body":"X"'));
    expect((await take(consumer, 2)).map(textOf)).toEqual(['"a"', '"c"']);
  });
});
