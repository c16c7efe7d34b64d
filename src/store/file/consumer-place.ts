import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../errors.js';
import { writeFileAtomic } from '../../disk/write-file-atomic.js';

/** How far a segment has been read: every line up to `upTo` is settled or stands in `pending`. */
export interface SegmentPlace {
  upTo: number;
  readonly pending: Set<number>;
  /** Where a line begins whose predecessors have all been read. */
  bytes: number;
}

/** How far a consumer has come. */
export interface ConsumerPlace {
  /** Days before this one are done with: `2026-11-22`. */
  fromDay: string;
  /** By the segment's ID; one that is not in it has not been read. */
  readonly segments: Map<string, SegmentPlace>;
  /** Who it belongs to, for people: `https://shop.example/push`. Places written by versions before 0.2 have none. */
  label?: string | undefined;
  /** When it was last in use; `undefined` in places of old. */
  usedAt?: Date | undefined;
  /** Whether it was then closed in order: nothing that came after `usedAt` was meant for it. */
  closed?: boolean | undefined;
}

interface StoredPlace {
  readonly v: 1;
  readonly fromDay: string;
  readonly label?: string | undefined;
  /** RFC 3339 in UTC. */
  readonly usedAt?: string | undefined;
  readonly closed?: boolean | undefined;
  readonly segments: Readonly<Record<string, readonly [upTo: number, bytes: number, ...pending: number[]]>>;
}

/** Where the places of consumers are kept. @param folder data folder of the profile. */
export function consumersFolder(folder: string): string {
  return join(folder, 'consumers');
}

/** Where that of one of them is kept. */
export function consumerFile(folder: string, name: string): string {
  return join(consumersFolder(folder), `${name}.json`);
}

/**
 * Reads the place from its file.
 * @returns `undefined` when there is none yet.
 * @throws {AppError} `storage-failed` when the file is none of ours: to begin anew would leave pushes out; the error of the file system.
 */
export async function readPlace(file: string): Promise<ConsumerPlace | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stored = JSON.parse(text) as StoredPlace;
    const segments = Object.entries(stored.segments).map(([id, [upTo, bytes, ...pending]]): [string, SegmentPlace] => [
      id,
      { upTo, bytes, pending: new Set(pending) },
    ]);
    const { fromDay, label, closed } = stored;
    const usedAt = stored.usedAt === undefined ? undefined : new Date(stored.usedAt);
    return { fromDay, label, usedAt, closed, segments: new Map(segments) };
  } catch (error) {
    throw new AppError(
      'storage-failed',
      {
        zh: `${file} 无法读取：其中记录推送转发到了哪里`,
        en: `${file} cannot be read: it says how far pushes were handed on`,
      },
      {
        cause: error,
        hint: {
          zh: '删除该文件则从此后收到的推送开始；缺少的用 privacy-call replay 补发。',
          en: 'Remove the file to begin with what comes from now on; send what is missing with privacy-call replay.',
        },
      },
    );
  }
}

/** Replaces the file as a whole, durably. @throws the error of the file system. */
export async function writePlace(file: string, place: ConsumerPlace): Promise<void> {
  const segments = [...place.segments].map(([id, { upTo, bytes, pending }]) => [id, [upTo, bytes, ...pending]]);
  const stored: StoredPlace = {
    v: 1,
    fromDay: place.fromDay,
    label: place.label,
    usedAt: place.usedAt?.toISOString(),
    closed: place.closed,
    segments: Object.fromEntries(segments) as StoredPlace['segments'],
  };
  await writeFileAtomic(file, `${JSON.stringify(stored)}\n`);
}

/** The earliest day that is still needed. */
export function firstDayNeeded(place: ConsumerPlace): string {
  const days = [...place.segments].filter(([, { pending }]) => pending.size > 0).map(([id]) => dayOfSegment(id));
  return [place.fromDay, ...days].sort()[0] ?? place.fromDay;
}

/** `2026-11-22` of `2026-11-22/host-1-2`. */
export function dayOfSegment(id: string): string {
  return id.slice(0, id.indexOf('/'));
}
