import { existsSync, linkSync, unlinkSync } from 'node:fs';
import { realpath, rename, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { makeFolderWithin, makePrivateFolder } from '../disk/private-folder.js';
import { syncFolder } from '../disk/sync-folder.js';
import { AppError, storageError } from '../errors.js';

/**
 * Makes the folders of `file`, one by one, and sees that none leads out of `root` over a symbolic link. New folders are for
 * the owner alone (0700).
 * @param root absolute path; made when it is missing.
 * @param file absolute path below `root`.
 * @throws AppError `storage-denied`, `storage-failed`, `disk-full`.
 */
export async function makeFolders(root: string, file: string): Promise<void> {
  const folder = dirname(file);
  try {
    if (await isWithin(root, folder)) return;
    await makePrivateFolder(root);
    const real = await realpath(root);
    const parts = folder.slice(root.length).split(sep).filter(Boolean);
    let path = root;
    for (const part of parts) {
      path = `${path}${path.endsWith(sep) ? '' : sep}${part}`;
      if (!(await makeFolderWithin(path)) && !(await stat(path)).isDirectory()) {
        throw new AppError('storage-failed', { zh: `${path} 是文件，不是目录`, en: `${path} is a file, not a folder` });
      }
      const target = await realpath(path);
      if (!target.startsWith(real.endsWith(sep) ? real : `${real}${sep}`)) {
        throw new AppError('storage-denied', { zh: `${path} 指向 ${root} 之外`, en: `${path} leads out of ${root}` });
      }
    }
  } catch (error) {
    throw storageError(error, { zh: `无法创建目录 ${folder}`, en: `cannot make the folder ${folder}` });
  }
}

/** Whether `folder` is there and really below `root`; false where that is still to be made or found out. */
async function isWithin(root: string, folder: string): Promise<boolean> {
  try {
    const [real, target] = await Promise.all([realpath(root), realpath(folder)]);
    if (target !== real && !target.startsWith(real.endsWith(sep) ? real : `${real}${sep}`)) return false;
    return (await stat(target)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Gives a finished, synced temporary file its final name, in the same folder, and syncs the folder. Never overwrites.
 * @returns false when the final name is taken; the temporary file is then still there.
 */
export async function publishFile(temporary: string, final: string): Promise<boolean> {
  try {
    // Names are changed in memory, and wait for the disk only when the folder is synced.
    linkSync(temporary, final);
    unlinkSync(temporary);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links (FAT, some network shares) answer one of these.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    if (existsSync(final)) return false;
    await rename(temporary, final);
  }
  await syncFolder(dirname(final));
  return true;
}
