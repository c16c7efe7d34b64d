import { appendFile, open, readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { counted } from '../../domain/counted.js';
import type { ReadReason } from '../../domain/read-reason.js';
import { FILE_MODE } from '../../disk/private-folder.js';
import { syncFolder } from '../../disk/sync-folder.js';
import type { JournalDamage } from '../journal.js';
import { dayOf, listDays, listSegments } from './journal-files.js';

const DAY_MS = 86_400_000;
/** A line that has been incomplete for so long is not being written. */
const QUIET_MS = 60_000;
const LINE_FEED = 0x0a;
/** Read from the end to find the last whole line; a longer torn line is read whole. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Cuts the torn line that a power cut or a kill left at the end of a segment of the last two days, after keeping its bytes beside it as
 * `<segment>.torn`, and tells of each: nothing of it was acknowledged, and readers need not meet it again. A segment that was written
 * within the last minute is left alone.
 * @throws the error of the file system.
 */
export async function setAsideTails(
  journalFolder: string,
  { now, onDamage }: { readonly now: Date; readonly onDamage?: ((damage: JournalDamage) => void) | undefined },
): Promise<void> {
  for (const day of await listDays(journalFolder, { from: new Date(now.getTime() - DAY_MS) })) {
    if (day > dayOf(now)) continue;
    for (const { file, gzipped } of await listSegments(journalFolder, day)) {
      if (gzipped) continue;
      const { mtimeMs, size } = await stat(file);
      if (size === 0 || now.getTime() - mtimeMs < QUIET_MS) continue;
      const end = await endOfWholeLines(file, size);
      if (end < size) await setAside(file, { end, size, onDamage });
    }
  }
}

async function endOfWholeLines(file: string, size: number): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const length = Math.min(size, CHUNK_BYTES);
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, size - length);
    const at = bytes.lastIndexOf(LINE_FEED);
    if (at >= 0) return size - length + at + 1;
  } finally {
    await handle.close();
  }
  return (await readFile(file)).lastIndexOf(LINE_FEED) + 1;
}

async function setAside(
  file: string,
  how: {
    readonly end: number;
    readonly size: number;
    readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
  },
): Promise<void> {
  const whole = await readFile(file);
  const torn = `${file}.torn`;
  await appendFile(torn, whole.subarray(how.end), { mode: FILE_MODE, flush: true });
  await syncFolder(dirname(file));
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(how.end);
    await handle.sync();
  } finally {
    await handle.close();
  }
  let line = 1;
  for (let at = whole.indexOf(LINE_FEED); at !== -1; at = whole.indexOf(LINE_FEED, at + 1)) line += 1;
  const reason: ReadReason = `the last line was cut off, never acknowledged; what there is of it (${counted(how.size - how.end, 'byte')}) is set aside in ${basename(torn)}`;
  how.onDamage?.({ file, line, reason });
}
