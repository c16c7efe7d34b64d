import { open, realpath, stat, writeFile } from 'node:fs/promises';
import { openAtomicFile } from './open-atomic-file.js';
import { writeFileAtomic } from './write-file-atomic.js';

/**
 * Writes a file that a person has named. Replaces a file as a whole, that which a link leads to, as {@link writeFileAtomic} does; what is a device or a
 * pipe, `/dev/stdout` or `/dev/null`, stays what it is and is written to.
 * @param mode permissions of the file; default 0600.
 * Rejects with the error of the file system.
 */
export async function writeNamedFile(path: string, data: string, mode?: number): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return writeFileAtomic(path, data, mode);
  if (found.isFile() || found.isDirectory()) return writeFileAtomic(await realpath(path), data, mode);
  await writeFile(path, data);
}

/**
 * Finds out, before long work, whether {@link writeNamedFile} can write the file: makes the folder where it is missing, a file in it, and takes that away.
 * A device or pipe is not tried.
 * Rejects with the error of the file system.
 */
export async function tryNamedFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) await open(path, 'r+');
  if (found === undefined) await (await openAtomicFile(path)).discard();
  else if (found.isFile()) await (await openAtomicFile(await realpath(path))).discard();
}
