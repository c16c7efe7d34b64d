import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '../../disk/lock-file.js';
import { isAppError } from '../../errors.js';
import { type ConsumerPlace, consumersFolder, dayOfSegment, firstDayNeeded, readPlace } from './consumer-place.js';
import { dayOf, listDays, listSegments, type SegmentFile } from './journal-files.js';
import { lastSequence } from './last-sequence.js';
import { readSegment } from './read-segment.js';

/** A reader that has a place in the journal, in use or not. */
export interface KnownConsumer {
  readonly name: string;
  /** How people know it; `undefined` for a place of a version that did not keep it. */
  readonly label: string | undefined;
  readonly usedAt: Date;
  /** Whether a process hands pushes on for it now. */
  readonly inUse: boolean;
  readonly place: ConsumerPlace;
}

/**
 * Every reader that has a place, by name.
 * @param pid of this process, for the look at the locks.
 * @throws the error of the file system; AppError `storage-failed` for a place that cannot be read.
 */
export async function listConsumers(folder: string, pid: number): Promise<KnownConsumer[]> {
  let files: string[];
  try {
    files = await readdir(consumersFolder(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [];
  }
  const found: KnownConsumer[] = [];
  for (const fileName of files.filter((one) => one.endsWith('.json')).sort()) {
    const file = join(consumersFolder(folder), fileName);
    const place = await readPlace(file);
    if (place === undefined) continue;
    const name = fileName.slice(0, -'.json'.length);
    const usedAt = place.usedAt ?? (await stat(file)).mtime;
    found.push({ name, label: place.label, usedAt, inUse: await isInUse(file, pid), place });
  }
  return found;
}

/**
 * Whether pushes of a day have still to be handed on. One that is in use reads on from its place; one that was closed in order has no claim to what came
 * after its last use, so that a reader whom nobody starts any more does not hold the journal for ever; of one that was killed nobody knows.
 */
export async function needsDay(folder: string, consumer: KnownConsumer, day: string): Promise<boolean> {
  if (consumer.inUse) return day >= firstDayNeeded(consumer.place);
  for (const segment of await listSegments(join(folder, 'journal'), day)) {
    if ((await countWaiting(segment, consumer, 1)) > 0) return true;
  }
  return false;
}

/** How many pushes have still to be handed on: those under way, and those not read yet. Reads the segments where the latter lie. */
export async function countUndelivered(folder: string, consumer: KnownConsumer): Promise<number> {
  const journal = join(folder, 'journal');
  let count = 0;
  for (const day of await listDays(journal, {})) {
    for (const segment of await listSegments(journal, day)) count += await countWaiting(segment, consumer, Infinity);
  }
  return count;
}

/** @param most where counting stops. */
async function countWaiting(segment: SegmentFile, consumer: KnownConsumer, most: number): Promise<number> {
  const { place, usedAt, inUse } = consumer;
  const until = place.closed === true && !inUse ? usedAt : undefined;
  const own = place.segments.get(segment.id);
  const upTo = own?.upTo ?? 0;
  let count = own?.pending.size ?? 0;
  const day = dayOfSegment(segment.id);
  if (count >= most || day < place.fromDay || (until !== undefined && day > dayOf(until))) return count;
  if ((await lastSequence(segment)).sequence <= upTo) return count;
  for await (const { sequence, result, push } of readSegment(segment, { bodies: false })) {
    if (sequence <= upTo || result === 'duplicate' || (until !== undefined && push.at > until)) continue;
    count += 1;
    if (count >= most) break;
  }
  return count;
}

/** Only a lock that lies there is tried, so that nobody who begins just now is kept out. */
async function isInUse(file: string, pid: number): Promise<boolean> {
  const lock = `${file}.lock`;
  try {
    await access(lock);
    await (await takeLock(lock, { pid, waitMs: 0 })).release();
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    if (isAppError(error, 'storage-locked')) return true;
    throw error;
  }
}
