import {
  closeSync,
  fchmodSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  write,
} from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { FILE_MODE } from '../../disk/private-folder.js';
import { syncFolder } from '../../disk/sync-folder.js';

const LINE_FEED = 0x0a;
// Only what waits for the disk goes to the pool of threads; the rest is asked of the kernel at once, in a tenth of the time.
const writeTo = promisify(write);
const syncData = promisify(fdatasync);

/** What an append has written. */
export interface Written {
  /** Of the file, see {@link identityOf}. */
  readonly identity: string;
  readonly start: number;
  readonly end: number;
}

/** What tells a file from another that gets its name, or its inode after its removal: device, inode and birth. */
export function identityOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${birthtimeNs}`;
}

/**
 * Appends lines, synced, by one write behind the last whole line; a torn tail, left by a process that was cut off, becomes a line of its
 * own. A refused write is taken back. Makes the file (0600) where it is missing; its folder must be there.
 * @throws the error of the file system.
 */
export async function appendDurably(file: string, lines: Buffer): Promise<Written> {
  const isNew = statSync(file, { throwIfNoEntry: false }) === undefined;
  const fd = openSync(file, 'a+', FILE_MODE);
  let written: Written;
  try {
    if (isNew) fchmodSync(fd, FILE_MODE);
    const stats = fstatSync(fd, { bigint: true });
    const size = Number(stats.size);
    const bytes = endsTorn(fd, size) ? Buffer.concat([Buffer.of(LINE_FEED), lines]) : lines;
    try {
      for (let offset = 0; offset < bytes.length;) offset += (await writeTo(fd, bytes, offset)).bytesWritten;
      await syncData(fd);
      await syncData(fd);
    } catch (error) {
      // What was refused must not show up later as if it had been kept.
      truncateQuietly(fd, size);
      throw error;
    }
    written = { identity: identityOf(stats), start: size, end: size + bytes.length };
  } finally {
    closeSync(fd);
  }
  if (isNew) await syncFolder(dirname(file));
  return written;
}

function truncateQuietly(fd: number, size: number): void {
  try {
    ftruncateSync(fd, size);
  } catch {
    // The failure that counts is the one on its way.
  }
}

function endsTorn(fd: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] !== LINE_FEED;
}
