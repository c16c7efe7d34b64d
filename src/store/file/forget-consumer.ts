import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { takeLock } from '../../disk/lock-file.js';
import { syncFolder } from '../../disk/sync-folder.js';
import { consumerFile } from './consumer-place.js';

/**
 * Removes the place of a reader, durably: one of that name begins with what comes from then on.
 * @param folder data folder of the profile.
 * @throws {AppError} `storage-locked` while a process hands pushes on for it; the error of the file system.
 */
export async function forgetConsumer(folder: string, name: string, pid: number): Promise<void> {
  const file = consumerFile(folder, name);
  const lock = await takeLock(`${file}.lock`, { pid, waitMs: 0 });
  try {
    await rm(file, { force: true });
    await syncFolder(dirname(file));
  } finally {
    await lock.release();
  }
}
