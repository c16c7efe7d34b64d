import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SEGMENT = /^(.+)\.ndjson(\.gz)?$/;

/** One file of the journal. */
export interface SegmentFile {
  readonly file: string;
  /** `2026-11-22/<host>-<pid>-<startMs>`: names the segment, gzipped or not. */
  readonly id: string;
  readonly gzipped: boolean;
}

/** Which day folder holds what arrived at `at`: its day in UTC, `2026-11-22`. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/**
 * Names of the day folders that may hold arrivals from `from` (included) to `to` (not included), oldest first.
 * @throws the error of the file system; a folder that does not exist has no days.
 */
export async function listDays(
  journalFolder: string,
  range: { readonly from?: Date | undefined; readonly to?: Date | undefined },
): Promise<string[]> {
  const first = range.from === undefined ? '' : dayOf(range.from);
  const last = range.to === undefined ? '9999' : dayOf(range.to);
  const names = await namesIn(journalFolder);
  return names.filter((name) => DAY.test(name) && name >= first && name <= last);
}

/** The segments of one day by name. A segment that is just being gzipped is given once, as it was. */
export async function listSegments(journalFolder: string, day: string): Promise<SegmentFile[]> {
  const names = await namesIn(join(journalFolder, day));
  const segments = new Map<string, SegmentFile>();
  for (const name of names) {
    const [, stem, gzip] = SEGMENT.exec(name) ?? [];
    if (stem === undefined || (gzip !== undefined && segments.has(stem))) continue;
    segments.set(stem, { file: join(journalFolder, day, name), id: `${day}/${stem}`, gzipped: gzip !== undefined });
  }
  return [...segments.values()];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
