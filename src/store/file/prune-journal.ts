import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../disk/sync-folder.js';
import { firstDayNeeded, readPlace } from './consumer-place.js';
import { gzipFile } from './export-journal.js';
import { dayOf, listDays, listSegments } from './journal-files.js';

const DAY_MS = 86_400_000;

/** What is to be done with a day of the journal. */
export interface DayPlan {
  /** UTC day, `2026-11-22`. */
  readonly day: string;
  /** `needed`: would be removed, but not everything in it has been handed on. */
  readonly action: 'remove' | 'compress' | 'needed';
  readonly segments: number;
  readonly sizeBytes: number;
}

/** Which days are old; both counted in whole days before the day of now. */
export interface PruneQuery {
  readonly removeDays?: number | undefined;
  readonly compressDays?: number | undefined;
  readonly now: Date;
}

/**
 * Plans what becomes of whole days: those before today less `removeDays` are removed unless somebody that pushes are handed on to still
 * needs them, those before today less `compressDays` compressed. Today and yesterday are never touched: a receiver writes there.
 * @param folder data folder of the profile.
 * @throws the error of the file system; AppError `storage-failed` for a place of a reader that cannot be read.
 */
export async function planPrune(folder: string, { removeDays, compressDays, now }: PruneQuery): Promise<DayPlan[]> {
  const journal = join(folder, 'journal');
  const needed = await firstNeeded(folder);
  const before = (days: number | undefined): string =>
    days === undefined ? '' : dayOf(new Date(now.getTime() - Math.max(1, days) * DAY_MS));
  const plans: DayPlan[] = [];
  for (const day of await listDays(journal, {})) {
    const segments = await listSegments(journal, day);
    const plain = segments.filter(({ gzipped }) => !gzipped);
    const isOld = day < before(removeDays);
    const isPlain = day < before(compressDays) && plain.length > 0;
    if (!isOld && !isPlain) continue;
    const action = !isOld ? 'compress' : day >= needed ? 'needed' : 'remove';
    const files = action === 'compress' ? plain : segments;
    const sizes = await Promise.all(files.map(async ({ file }) => (await stat(file)).size));
    plans.push({ day, action, segments: files.length, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) });
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

async function firstNeeded(folder: string): Promise<string> {
  const places = join(folder, 'consumers');
  let names: string[];
  try {
    names = (await readdir(places)).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '9999';
  }
  const days = await Promise.all(names.map(async (name) => readPlace(join(places, name))));
  return days.map((place) => (place === undefined ? '9999' : firstDayNeeded(place))).sort()[0] ?? '9999';
}
