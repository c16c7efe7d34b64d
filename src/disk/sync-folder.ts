import { open } from 'node:fs/promises';

/** Where folders cannot be opened or synced (a folder we may only write in, some systems), the system keeps the names in its own time. */
const CANNOT = ['EACCES', 'EPERM', 'EINVAL', 'EISDIR'];

/**
 * Makes the names in a folder durable, as far as the system does so: a renamed or new file is still there after a power cut.
 * @throws the error of the file system.
 */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!CANNOT.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
