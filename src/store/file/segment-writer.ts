import { fdatasync, fstatSync, write } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../errors.js';
import { FILE_MODE, makeFolderWithin } from '../../disk/private-folder.js';
import { syncFolder } from '../../disk/sync-folder.js';
import type { SealedLines } from './sealed-line.js';

// By descriptor: file handles take a third longer, and each group of pushes waits for three of these.
const writeTo = promisify(write);
const syncData = promisify(fdatasync);

/** How far something has come. */
interface Extent {
  readonly bytes: number;
  readonly lines: number;
}

const NOTHING: Extent = { bytes: 0, lines: 0 };

/** Where a segment is made. */
export interface SegmentPlace {
  /** `<data>/journal`; the folder above it must exist, it itself need not. */
  readonly journalFolder: string;
  /** `2026-11-22`. */
  readonly day: string;
  readonly hostname: string;
  readonly pid: number;
  readonly startedAt: Date;
}

/**
 * One file of the journal, written by one process and never opened again for appending: a torn tail can never swallow the line
 * behind it, and two processes need no lock.
 */
export class SegmentWriter {
  readonly file: string;
  readonly day: string;
  readonly startedAt: Date;
  readonly #handle: FileHandle;
  #written = NOTHING;
  /** What had been written when a sync ended that went well. */
  #synced = NOTHING;
  /** What had been synced when a further sync began that went well. */
  #durable = NOTHING;

  private constructor(handle: FileHandle, file: string, place: SegmentPlace) {
    this.#handle = handle;
    this.file = file;
    this.day = place.day;
    this.startedAt = place.startedAt;
  }

  /**
   * Makes the file `<day>/<host>-<pid>-<startMs>.ndjson`, its name durable before anything is written into it.
   * @throws the error of the file system.
   */
  static async open(place: SegmentPlace): Promise<SegmentWriter> {
    const folder = join(place.journalFolder, place.day);
    await makeFolderWithin(place.journalFolder);
    await makeFolderWithin(folder);
    const host = place.hostname.replace(/[^\w.-]/g, '_').slice(0, 100);
    for (let startMs = place.startedAt.getTime(); ; startMs += 1) {
      const file = join(folder, `${host}-${place.pid}-${startMs}.ndjson`);
      const handle = await openNew(file);
      if (handle === undefined) continue;
      try {
        await handle.chmod(FILE_MODE);
        await syncFolder(folder);
      } catch (error) {
        // Nothing of it is kept: while no descriptor is free, each further try would take another one.
        await handle.close().catch(() => undefined);
        await rm(file, { force: true }).catch(() => undefined);
        throw error;
      }
      return new SegmentWriter(handle, file, place);
    }
  }

  /** Bytes of the file so far. */
  get sizeBytes(): number {
    return this.#written.bytes;
  }

  /** Lines of the file so far; the next line has this number and one. */
  get lines(): number {
    return this.#written.lines;
  }

  /**
   * Appends the lines and syncs. They are durable after the next sync, that of the next lines or {@link sync}; those before them are durable now.
   * A single sync leaves a hole that was measured: one in flight while a file system goes down can report success; the one behind it does not.
   * @throws the error of the file system; the segment must then be abandoned.
   */
  async write({ bytes, count }: Pick<SealedLines, 'bytes' | 'count'>): Promise<void> {
    const { fd } = this.#handle;
    for (let offset = 0; offset < bytes.length;) offset += (await writeTo(fd, bytes, offset)).bytesWritten;
    this.#written = { bytes: this.#written.bytes + bytes.length, lines: this.#written.lines + count };
    await this.sync();
  }

  /**
   * Makes all durable that was written before the last sync.
   * @throws like {@link write}.
   */
  async sync(): Promise<void> {
    const { fd } = this.#handle;
    await syncData(fd);
    // Writing to a file that somebody removed succeeds, and is lost. After a sync the kernel answers from memory.
    if (fstatSync(fd).nlink === 0)
      throw new AppError('storage-failed', {
        zh: `${this.file} 在写入时被删除`,
        en: `${this.file} was removed while it was written`,
      });
    this.#durable = this.#synced;
    this.#synced = this.#written;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /**
   * Gives the segment up after a refused write: it is never synced again. What was not acknowledged is cut off, as far as the disk
   * lets us: read back from the cache it would pass for kept. A segment without an acknowledged line is removed.
   */
  async abandon(): Promise<void> {
    const { bytes, lines } = this.#durable;
    if (lines > 0) await this.#handle.truncate(bytes).catch(() => undefined);
    await this.#handle.close().catch(() => undefined);
    if (lines > 0) return;
    await rm(this.file, { force: true }).catch(() => undefined);
    await syncFolder(dirname(this.file)).catch(() => undefined);
  }
}

async function openNew(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'ax', FILE_MODE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}
