import { unlinkSync } from 'node:fs';

/** Removes a file that nobody misses, at once and without the pool of threads. Never throws: it is gone, or it stays until it is stale. */
export function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Who asked has nothing better to do about it.
  }
}
