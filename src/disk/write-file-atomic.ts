import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makePrivateFolder } from './private-folder.js';
import { syncFolder } from './sync-folder.js';

/**
 * Replaces a file as a whole: a reader sees the old content or the new, also after a power cut. Makes the folder (0700) where it is missing.
 * @param mode permissions of the file, whatever the umask; default 0600.
 * Rejects with the error of the file system; then the old file stands and nothing else is left behind.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o600): Promise<void> {
  const folder = dirname(path);
  await makePrivateFolder(folder);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.chmod(mode);
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}
