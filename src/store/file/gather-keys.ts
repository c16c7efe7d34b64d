import { open } from 'node:fs/promises';
import type { JournalDamage } from '../journal.js';
import { listDays, listSegments, type SegmentFile } from './journal-files.js';
import { readSegment } from './read-segment.js';
import { SeenKeys } from './seen-keys.js';

/**
 * The keys of every push that arrived from `from` on, read from the segments of all processes, gzipped ones too.
 *
 * A process that was killed may have left lines that were written but not synced. A push found in such a line would be acknowledged
 * as a duplicate of something that a power cut can still take away, so each segment is synced before its keys count.
 * @throws the error of the file system when the journal cannot be read.
 */
export async function gatherKeys(options: {
  readonly journalFolder: string;
  readonly from: Date;
  readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
}): Promise<SeenKeys> {
  const { journalFolder, from, onDamage } = options;
  const seen = new SeenKeys();
  for (const day of await listDays(journalFolder, { from })) {
    for (const segment of await listSegments(journalFolder, day)) {
      const found: { key: string | undefined; sha: string; at: Date }[] = [];
      for await (const { push, sha, result } of readSegment(segment, { bodies: false, onDamage })) {
        if (result !== 'duplicate' && push.at >= from) found.push({ key: push.key, sha, at: push.at });
      }
      if (!(await isDurable(segment))) continue;
      for (const { key, sha, at } of found) seen.meet(key, sha, at);
    }
  }
  return seen;
}

async function isDurable(segment: SegmentFile): Promise<boolean> {
  try {
    const handle = await open(segment.file, 'r');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
    return true;
  } catch {
    return false;
  }
}
