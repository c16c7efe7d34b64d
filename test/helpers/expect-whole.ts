import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import type { RecordingShop } from './recording-shop.js';

/**
 * Invariant I: whatever carries a final name below the shop's folder is whole, and each recording has one file at most.
 * @returns path of each by its session.
 */
export function wholeFiles(shop: RecordingShop): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of namesBelow(shop.dir)) {
    const session = basename(file, '.wav');
    if (session.startsWith('.')) continue;
    expect(found.has(session), `${session} has two files`).toBe(false);
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(hash, `${file} is not whole`).toBe(shop.hashes.get(session));
    found.set(session, file);
  }
  return found;
}

/** Hidden files below the shop's folder: parts, notes and locks. */
export function hiddenFiles(shop: RecordingShop): string[] {
  return namesBelow(shop.dir).filter((file) => basename(file).startsWith('.'));
}

/** Invariant I, and that the archive is the disk: every recording of the shop is there, or `count` of them. */
export async function expectWhole(shop: RecordingShop, count = shop.hashes.size): Promise<void> {
  expect(wholeFiles(shop).size).toBe(count);
  const verified = await shop.world.json(['-p', 'shop', 'recordings', 'verify', '--dir', shop.dir, '--json']);
  expect(verified).toMatchObject({ whole: count, missing: 0, altered: 0, 'not-archived': 0 });
}

function namesBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
