import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../disk/sync-folder.js';

/** Mode of every folder that the tool makes for its data. */
export const FOLDER_MODE = 0o700;
/** Mode of every file in it. */
export const FILE_MODE = 0o600;

/**
 * Makes `folder` and what is missing above it, for the owner alone whatever the umask, so that it is still there after a power cut.
 * A folder that exists is left as it is.
 * @throws the error of the file system.
 */
export async function makeFolders(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let made = folder; ; made = dirname(made)) {
    await chmod(made, FOLDER_MODE);
    await syncNames(dirname(made));
    if (made === first || made === dirname(made)) return;
  }
}

/**
 * Makes one folder in a folder that must exist.
 * @throws the error of the file system: `ENOENT` when the folder above it is gone.
 */
export async function makeFolderWithin(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  await chmod(folder, FOLDER_MODE);
  await syncNames(dirname(folder));
}

/**
 * Makes the names in `folder` durable, as far as the system does so.
 * @throws the error of the file system; not for a folder that we may write in but not read, nor where folders cannot be synced.
 */
export async function syncNames(folder: string): Promise<void> {
  try {
    await syncFolder(folder);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EINVAL', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
