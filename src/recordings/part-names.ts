import { createHash, randomBytes } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Names of what stands in the target folder while a recording is fetched; all are hidden. */
export interface PartNames {
  /** Of this try alone, until there is enough of it to be worth keeping. */
  readonly working: string;
  /** The same for everybody who fetches this recording to this name; only who holds `lock` touches it. */
  readonly part: string;
  /** What is known of `part`. */
  readonly note: string;
  readonly lock: string;
}

const DAY_MS = 86_400_000;
/** The platform deletes after seven days: an older part can never be completed. */
const STALE_PART_MS = 8 * DAY_MS;
/** Files of a single try change every half minute while it lives. */
const STALE_WORKING_MS = DAY_MS;
const PART = /^\..*\.[0-9a-f]{16}(\.[0-9a-f]{8})?\.part(\.json|\.json\.new|\.lock(\.[.0-9a-z]+)?)?$/s;

/** @param final absolute path of the finished file. @param key see `archiveKey`; only a hash of it shows. */
export function partNames(final: string, key: string): PartNames {
  // Long names leave no room for what is appended: 255 bytes is the most that file systems take.
  const stem = Array.from(basename(final)).slice(0, 40).join('');
  const hash = createHash('sha256')
    .update(`${key}\n${basename(final)}`)
    .digest('hex')
    .slice(0, 16);
  const path = join(dirname(final), `.${stem}.${hash}`);
  const part = `${path}.part`;
  return {
    working: `${path}.${randomBytes(4).toString('hex')}.part`,
    part,
    note: `${part}.json`,
    lock: `${part}.lock`,
  };
}

/**
 * Removes part files of a folder that nothing will complete any more: those older than eight days, and those of single tries
 * older than one day, whose process was killed. Never throws; what cannot be removed stays.
 */
export async function removeStaleParts(folder: string, now: Date): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const match = PART.exec(name);
    if (match === null) continue;
    const path = join(folder, name);
    const limitMs = match[1] === undefined ? STALE_PART_MS : STALE_WORKING_MS;
    try {
      if (now.getTime() - (await stat(path)).mtimeMs > limitMs) await unlink(path);
    } catch {
      // Somebody else removed it, or it is not ours to remove.
    }
  }
}
