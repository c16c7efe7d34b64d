import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { wordsOfError } from '../../domain/text-error.js';
import type { TextPair } from '../../domain/text-pair.js';
import { AppError, storageError } from '../../errors.js';

/** Below this a receiver is about to refuse pushes. */
const LOW_SPACE_BYTES = 256 * 1024 * 1024;
/** Below this it does. */
const NO_SPACE_BYTES = 1024 * 1024;

/** Whether a folder can be written, and what a person should know of it; `notes` is empty when all is well. */
export interface FolderHealth {
  readonly writable: boolean;
  readonly notes: readonly TextPair[];
}

/**
 * Looks at a folder, or at the one in which it would be made. Writes nothing and does not throw: a disk that refuses only what is written (a quota) is not
 * found.
 */
export async function folderHealth(folder: string): Promise<FolderHealth> {
  const notes: TextPair[] = [];
  try {
    const there = await nearestFolder(folder);
    if (there.path === folder && (there.mode & 0o077) !== 0)
      notes.push({
        zh: `其他用户可以进入 ${folder}：请执行 chmod 700`,
        en: `other users may enter ${folder}: chmod 700 it`,
      });
    await access(there.path, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(there.path);
    const left = bavail * bsize;
    if (left < NO_SPACE_BYTES) return { writable: false, notes: [...notes, { zh: '磁盘已满', en: 'no space left' }] };
    const mebibytes = Math.ceil(left / 1024 / 1024);
    if (left < LOW_SPACE_BYTES)
      notes.push({ zh: `剩余空间不足 ${mebibytes} MiB`, en: `less than ${mebibytes} MiB left` });
    return { writable: true, notes };
  } catch (error) {
    const refused = storageError(error, { zh: '无法写入', en: 'cannot be written' });
    return { writable: false, notes: [...notes, wordsOfError(refused)] };
  }
}

/** The folder itself, else the nearest above it that is there. @throws AppError `storage-failed` where that is no folder. */
async function nearestFolder(path: string): Promise<{ readonly path: string; readonly mode: number }> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return { path, mode: found.mode };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return nearestFolder(dirname(path));
  }
  throw new AppError('storage-failed', {
    zh: `无法写入：${path} 不是目录`,
    en: `cannot be written: ${path} is no folder`,
  });
}
