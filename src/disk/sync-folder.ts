import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const syncFile = promisify(fsync);

/** Where folders cannot be opened or synced (a folder we may only write in, some systems), the system keeps the names in its own time. */
const CANNOT = ['EACCES', 'EPERM', 'EINVAL', 'EISDIR'];

/** The sync of a folder that has not begun yet: whoever comes before it begins is served by it. */
const waiting = new Map<string, Promise<void>>();
/** The last sync of a folder, under way or waiting; never rejects. */
const last = new Map<string, Promise<void>>();

/**
 * Makes the names in a folder durable, as far as the system does so: a renamed or new file is still there after a power cut. Those who ask while a sync
 * is under way share the next one.
 * @throws the error of the file system.
 */
export function syncFolder(folder: string): Promise<void> {
  const shared = waiting.get(folder);
  if (shared !== undefined) return shared;
  const before = last.get(folder);
  const sync = (before ?? Promise.resolve()).then(() => {
    waiting.delete(folder);
    return syncNow(folder);
  });
  if (before !== undefined) waiting.set(folder, sync);
  const ended = sync.then(
    () => undefined,
    () => undefined,
  );
  last.set(folder, ended);
  void ended.then(() => {
    if (last.get(folder) === ended) last.delete(folder);
  });
  return sync;
}

async function syncNow(folder: string): Promise<void> {
  try {
    // Only the sync waits for the disk.
    const fd = openSync(folder, 'r');
    try {
      await syncFile(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!CANNOT.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
