import { realpath, stat, writeFile } from 'node:fs/promises';
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
