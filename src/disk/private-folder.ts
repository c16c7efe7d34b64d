import { chmod, mkdir, stat } from 'node:fs/promises';
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
  // Not Node's own way to make several at once: it says ENOENT of a read-only file system, and below /proc, where none can be made, it tries for ever.
  const missing: string[] = [];
  for (let path = folder; !(await isFolder(path)); path = dirname(path)) missing.push(path);
  for (const path of missing.reverse()) {
    if ((await makeFolderWithin(path)) || (await isFolder(path))) continue;
    // A link that leads nowhere: the disk behind it is not there.
    throw refusal('ENOENT', path);
  }
}

/** Whether it is there; the root always is. @throws the error of the file system for anything else in its place. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return path === dirname(path);
  if (found.isDirectory()) return true;
  throw refusal('EEXIST', path);
}

const REFUSALS = { EEXIST: 'file already exists', ENOENT: 'no such file or directory' } as const;

/** What Node says where no folder can be made. */
function refusal(code: keyof typeof REFUSALS, path: string): Error {
  return Object.assign(new Error(`${code}: ${REFUSALS[code]}, mkdir '${path}'`), { code, syscall: 'mkdir', path });
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
