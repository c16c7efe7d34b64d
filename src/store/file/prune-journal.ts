import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../disk/sync-folder.js';
import { gzipFile } from './export-journal.js';
import { dayOf, listDays, listSegments } from './journal-files.js';
import { type KnownConsumer, listConsumers, needsDay } from './list-consumers.js';

const DAY_MS = 86_400_000;

/** What is to be done with a day of the journal. */
export interface DayPlan {
  /** UTC day, `2026-11-22`. */
  readonly day: string;
  /** `needed`: would be removed, but not everything in it has been handed on. */
  readonly action: 'remove' | 'compress' | 'needed';
  readonly segments: number;
  readonly sizeBytes: number;
  /** Who needs it. */
  readonly neededBy?: readonly KnownConsumer[] | undefined;
}

/** Which days are old; both counted in whole days before the day of now. */
export interface PruneQuery {
  readonly removeDays?: number | undefined;
  readonly compressDays?: number | undefined;
  readonly now: Date;
  /** Of this process. */
  readonly pid: number;
}

/**
 * Plans what becomes of whole days: those before today less `removeDays` are removed unless somebody that pushes are handed on to still
 * needs them, those before today less `compressDays` compressed. Today and yesterday are never touched: a receiver writes there.
 * @param folder data folder of the profile.
 * @throws the error of the file system; AppError `storage-failed` for a place of a reader that cannot be read.
 */
export async function planPrune(
  folder: string,
  { removeDays, compressDays, now, pid }: PruneQuery,
): Promise<DayPlan[]> {
  const journal = join(folder, 'journal');
  const consumers = removeDays === undefined ? [] : await listConsumers(folder, pid);
  const before = (days: number | undefined): string =>
    days === undefined ? '' : dayOf(new Date(now.getTime() - Math.max(1, days) * DAY_MS));
  const plans: DayPlan[] = [];
  for (const day of await listDays(journal, {})) {
    const segments = await listSegments(journal, day);
    const plain = segments.filter(({ gzipped }) => !gzipped);
    const isOld = day < before(removeDays);
    const isPlain = day < before(compressDays) && plain.length > 0;
    if (!isOld && !isPlain) continue;
    const neededBy: KnownConsumer[] = [];
    if (isOld) for (const one of consumers) if (await needsDay(folder, one, day)) neededBy.push(one);
    const action = !isOld ? 'compress' : neededBy.length > 0 ? 'needed' : 'remove';
    const files = action === 'compress' ? plain : segments;
    const sizes = await Promise.all(files.map(async ({ file }) => (await stat(file)).size));
    const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
    plans.push({ day, action, segments: files.length, sizeBytes, ...(action === 'needed' && { neededBy }) });
  }
  return plans;
}

/** Does what was planned for a day. @returns bytes gained. @throws the error of the file system. */
export async function pruneDay(folder: string, { day, action, sizeBytes }: DayPlan): Promise<number> {
  const journal = join(folder, 'journal');
  if (action === 'needed') return 0;
  if (action === 'remove') {
    await rm(join(journal, day), { recursive: true });
    await syncFolder(journal);
    return sizeBytes;
  }
  let size = 0;
  for (const { file, gzipped } of await listSegments(journal, day)) if (!gzipped) size += await gzipFile(file);
  return sizeBytes - size;
}
