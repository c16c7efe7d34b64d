import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { lstat, unlink } from 'node:fs/promises';
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
    // Its first eight digits are random; Node makes many at once, other random bytes cost a call of the kernel a file.
    working: `${path}.${randomUUID().slice(0, 8)}.part`,
    part,
    note: `${part}.json`,
    lock: `${part}.lock`,
  };
}

/** Whether `name` is that of a part file, or of what stands beside one; with `alone` of the part itself. */
export function isPartName(name: string, alone = false): boolean {
  const match = PART.exec(name);
  return match !== null && !(alone && match[2] !== undefined);
}

/** Whether nothing will complete a part any more: it is older than eight days, or older than one and of a single try, whose process was killed. */
export function isStalePart(name: string, modifiedAtMs: number, now: Date): boolean {
  const match = PART.exec(name);
  const limitMs = match?.[1] === undefined ? STALE_PART_MS : STALE_WORKING_MS;
  return match !== null && now.getTime() - modifiedAtMs > limitMs;
}

/** Removes the stale part files of a folder. Never throws; what cannot be removed stays. */
export async function removeStaleParts(folder: string, now: Date): Promise<void> {
  let names: string[];
  try {
    // Asked at once: the way to the pool of threads and back costs more, and a sweep looks into thousands of folders.
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    if (!isPartName(name)) continue;
    const path = join(folder, name);
    try {
      if (isStalePart(name, (await lstat(path)).mtimeMs, now)) await unlink(path);
    } catch {
      // Somebody else removed it, or it is not ours to remove.
    }
  }
}
