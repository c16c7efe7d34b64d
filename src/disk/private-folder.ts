import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.js';

/** Mode of every folder that the tool makes for its data. */
const FOLDER_MODE = 0o700;
/** Mode of every file in it. */
export const FILE_MODE = 0o600;

/**
 * Makes `folder` and what is missing above it, for the owner alone whatever the umask, so that it is still there after a power cut.
 * A folder that exists is left as it is.
 * @throws the error of the file system.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE }).catch(async (error: unknown) => {
    throw (await plainReason(folder)) ?? error;
  });
  if (first === undefined) return;
  for (let made = folder; ; made = dirname(made)) {
    await chmod(made, FOLDER_MODE);
    await syncFolder(dirname(made));
    if (made === first || made === dirname(made)) return;
  }
}

/** Node.js says ENOENT of a read-only file system when it makes several folders at once; one made alone names the reason. */
async function plainReason(folder: string): Promise<unknown> {
  for (let missing = folder; missing !== dirname(missing); missing = dirname(missing)) {
    try {
      await mkdir(missing, { mode: FOLDER_MODE });
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
    }
  }
  return undefined;
}

/**
 * Makes one folder in a folder that must exist.
 * @returns whether it was made; false when it was there.
 * @throws the error of the file system: `ENOENT` when the folder above it is gone.
 */
export async function makeFolderWithin(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await chmod(folder, FOLDER_MODE);
  await syncFolder(dirname(folder));
  return true;
}
