import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { dayOf } from '../../../../src/store/file/journal-files.js';
import { consumerFile } from '../../../../src/store/file/consumer-place.js';
import {
  countUndelivered,
  type KnownConsumer,
  listConsumers,
  needsDay,
} from '../../../../src/store/file/list-consumers.js';
import { ARRIVED_AT, openJournal, push, temporaryFolder } from '../samples.js';

const PID = 7;
const DAY = dayOf(ARRIVED_AT);
const LATER = new Date(ARRIVED_AT.getTime() + 60_000);

/** A journal with one push before the reader came, two while it was there of which it settles `settled`, and one after it. */
async function journalWith(settled: number): Promise<string> {
  const folder = await temporaryFolder();
  const journal = openJournal(folder);
  await journal.append(push('"before"', { key: 'before' }));
  const consumer = await journal.consume('one', { label: 'shop' });
  const stop = new AbortController();
  for (const text of ['"a"', '"b"']) await journal.append(push(text, { key: text }));
  let read = 0;
  for await (const { id } of consumer.pushes(stop.signal)) {
    if (read < settled) consumer.settle(id);
    read += 1;
    if (read === 2) stop.abort();
  }
  await consumer.close();
  await journal.append(push('"after"', { key: 'after', at: LATER }));
  await journal.close();
  return folder;
}

async function only(folder: string): Promise<KnownConsumer> {
  const [found, ...more] = await listConsumers(folder, PID);
  expect(more).toEqual([]);
  return found!;
}

describe('consumers', () => {
  it('have no claim to what came after they were closed with everything handed on', async () => {
    const folder = await journalWith(2);
    const one = await only(folder);
    expect(one).toMatchObject({ name: 'one', label: 'shop', inUse: false });
    expect(one.usedAt).toEqual(ARRIVED_AT);
    expect(await countUndelivered(folder, one)).toBe(0);
    expect(await needsDay(folder, one, DAY)).toBe(false);
  });

  it('need the day of what was not settled', async () => {
    const folder = await journalWith(1);
    const one = await only(folder);
    expect(await countUndelivered(folder, one)).toBe(1);
    expect(await needsDay(folder, one, DAY)).toBe(true);
    expect(await needsDay(folder, one, '2020-01-01')).toBe(false);
  });

  it('need what came before they were closed and was not read', async () => {
    const folder = await temporaryFolder();
    const journal = openJournal(folder);
    const consumer = await journal.consume('one');
    await journal.append(push('"unread"', { key: 'unread' }));
    await journal.append(push('"unread"', { key: 'unread' }));
    await consumer.close();
    const one = await only(folder);
    expect(await countUndelivered(folder, one)).toBe(1);
    expect(await needsDay(folder, one, DAY)).toBe(true);
  });

  it('keep everything since where the process was killed, or a version of old wrote the place', async () => {
    const folder = await journalWith(2);
    const file = consumerFile(folder, 'one');
    const stored = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const { label, usedAt, closed, ...old } = stored;
    expect([label, usedAt, closed]).toEqual(['shop', ARRIVED_AT.toISOString(), true]);
    for (const place of [old, { ...stored, closed: false }]) {
      await writeFile(file, JSON.stringify(place));
      const one = await only(folder);
      expect(await countUndelivered(folder, one)).toBe(1);
      expect(await needsDay(folder, one, DAY)).toBe(true);
    }
  });

  it('are marked as running from the moment they are opened', async () => {
    const folder = await journalWith(2);
    const consumer = await openJournal(folder).consume('one');
    expect(JSON.parse(await readFile(consumerFile(folder, 'one'), 'utf8'))).toMatchObject({
      closed: false,
      label: 'shop',
    });
    const one = await only(folder);
    expect(one.inUse).toBe(true);
    expect(await countUndelivered(folder, one)).toBe(1);
    await consumer.close();
  });
});
