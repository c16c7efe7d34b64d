import { openAtomicFile } from './open-atomic-file.js';

/**
 * Replaces a file as a whole: a reader sees the old content or the new, also after a power cut. Makes the folder (0700) where it is missing.
 * @param mode permissions of the file, whatever the umask; default 0600.
 * Rejects with the error of the file system; then the old file stands and nothing else is left behind.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode?: number): Promise<void> {
  const file = await openAtomicFile(path, mode);
  await file.write(data);
  await file.commit();
}
