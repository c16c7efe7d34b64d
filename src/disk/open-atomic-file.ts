import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FILE_MODE, makePrivateFolder } from './private-folder.js';
import { syncFolder } from './sync-folder.js';

/**
 * A file that is written piece by piece and seen only when it is whole. What fails rejects with the error of the file system; then the old file stands and
 * nothing else is left behind.
 */
export interface AtomicFile {
  write(data: string | Uint8Array): Promise<void>;
  /** Puts it in its place: a reader sees the old content or the new, also after a power cut. */
  commit(): Promise<void>;
  /** Leaves the old file as it is. Never throws. */
  discard(): Promise<void>;
}

/**
 * Starts the replacement of `path`. Makes the folder (0700) where it is missing.
 * @param mode permissions of the file, whatever the umask; default 0600.
 */
export async function openAtomicFile(path: string, mode = FILE_MODE): Promise<AtomicFile> {
  const folder = dirname(path);
  await makePrivateFolder(folder);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx', mode);
  const discard = async (): Promise<void> => {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
  };
  const orDiscard = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      await discard();
      throw error;
    }
  };
  await orDiscard(() => file.chmod(mode));
  return {
    discard,
    write: (data) => orDiscard(() => file.writeFile(data)),
    commit: async () => {
      await orDiscard(async () => {
        await file.sync();
        await file.close();
        await rename(temporary, path);
      });
      await syncFolder(folder);
    },
  };
}
