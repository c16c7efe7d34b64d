import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FILE_MODE } from '../../disk/private-folder.js';
import { syncFolder } from '../../disk/sync-folder.js';

const BLOCK_BYTES = 1024 * 1024;

/**
 * Puts these lines in the place of the log, as a whole and synced; a megabyte of them is held at a time. The lock is held by the caller.
 * @throws the error of the file system; the old log then stands.
 */
export async function compactLog(file: string, lines: AsyncIterable<Buffer>): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', FILE_MODE);
    try {
      await handle.chmod(FILE_MODE);
      let block: Buffer[] = [];
      let bytes = 0;
      for await (const line of lines) {
        block.push(line);
        bytes += line.length;
        if (bytes < BLOCK_BYTES) continue;
        await handle.writeFile(Buffer.concat(block));
        block = [];
        bytes = 0;
      }
      await handle.writeFile(Buffer.concat(block));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}
