import { join } from 'node:path';
import { takeLock, type HeldLock } from '../../disk/lock-file.js';
import { makePrivateFolder } from '../../disk/private-folder.js';
import { storageError } from '../../errors.js';
import type { JournalConsumer } from '../journal.js';
import {
  consumerFile,
  consumersFolder,
  readPlace,
  writePlace,
  type ConsumerPlace,
  type SegmentPlace,
} from './consumer-place.js';
import { type ConsumerOptions, FileConsumer } from './file-consumer.js';
import { dayOf, listDays, listSegments } from './journal-files.js';
import { lastSequence } from './last-sequence.js';

const DAY_MS = 86_400_000;

/**
 * Opens the consumer; see {@link JournalConsumer}.
 * @throws {AppError} `storage-locked` at once while another process has it; `storage-…`.
 */
export async function openConsumer(options: ConsumerOptions): Promise<JournalConsumer> {
  const { folder, name, pid, now } = options;
  const file = consumerFile(folder, name);
  let lock: HeldLock | undefined;
  try {
    await makePrivateFolder(consumersFolder(folder));
    lock = await takeLock(`${file}.lock`, { pid, waitMs: 0 });
    const place = (await readPlace(file)) ?? (await placeOfNow(join(folder, 'journal'), now()));
    // Written also where nothing changes in it: a process that is killed must not leave a place that looks closed.
    Object.assign(place, { label: options.label ?? place.label, usedAt: now(), closed: false });
    await writePlace(file, place);
    return new FileConsumer(options, place, lock);
  } catch (error) {
    await lock?.release();
    throw storageError(error, { zh: `无法打开 ${file}`, en: `cannot open ${file}` });
  }
}

async function placeOfNow(journalFolder: string, now: Date): Promise<ConsumerPlace> {
  const fromDay = dayOf(new Date(now.getTime() - DAY_MS));
  const segments = new Map<string, SegmentPlace>();
  for (const day of await listDays(journalFolder, {})) {
    if (day < fromDay) continue;
    for (const segment of await listSegments(journalFolder, day)) {
      const { sequence, endBytes } = await lastSequence(segment);
      segments.set(segment.id, { upTo: sequence, bytes: endBytes, pending: new Set() });
    }
  }
  return { fromDay, segments };
}
