import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeStaleParts } from './part-names.js';
import type { NameTemplate } from './recording-name.js';
import { safeSegment } from './safe-segment.js';

/**
 * Removes stale part files from every folder below `root` that the template could have made: nobody downloads into the folders of past days
 * any more. Other folders are not entered, and no link is followed. Never throws but the signal's reason; what cannot be removed stays.
 */
export async function sweepParts(
  root: string,
  { segments }: NameTemplate,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<void> {
  let folders = [root];
  for (const segment of segments.slice(0, -1)) {
    const fits = folderTest(segment);
    const below: string[] = [];
    for (const folder of folders) {
      signal.throwIfAborted();
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) if (entry.isDirectory() && fits(entry.name)) below.push(join(folder, entry.name));
    }
    folders = below;
  }
  for (const folder of folders) {
    signal.throwIfAborted();
    await removeStaleParts(folder, now);
  }
}

function folderTest(segment: string): (name: string) => boolean {
  if (segment === '{date}') return (name) => /^(\d{4}-\d{2}-\d{2}|unknown)$/.test(name);
  if (segment.includes('{')) return () => true;
  const own = safeSegment(segment);
  return (name) => name === own;
}
