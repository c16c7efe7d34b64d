import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../disk/write-file-atomic.js';
import { storageError } from '../../errors.js';
import type { CommandContext } from '../command-context.js';

/** A refresh that has begun and not ended, kept in the state folder: numbers asked since then need not be asked again. */
export interface RefreshRun {
  readonly startedAt: Date;
  /** Whether an earlier process began it. */
  readonly resumed: boolean;
  /** Every number was asked. */
  end(): Promise<void>;
}

/** An older run is begun anew: too much may have changed since. */
const STALE_MS = 24 * 3_600_000;

/**
 * Takes up the profile's refresh of the same numbers, or begins one.
 * @param selection what chose the numbers, as text.
 * @throws AppError `disk-full` or `storage-…`.
 */
export async function openRefreshRun(
  context: Pick<CommandContext, 'folders' | 'profile' | 'now'>,
  { selection, restart }: { readonly selection: string; readonly restart: boolean },
): Promise<RefreshRun> {
  const file = join(context.folders.state, 'refresh', `${context.profile ?? 'default'}.json`);
  const end = async (): Promise<void> => {
    await rm(file, { force: true }).catch((error: unknown) => {
      throw storageError(error, { zh: `无法删除 ${file}`, en: `cannot remove ${file}` });
    });
  };
  const earlier = restart ? undefined : await readRun(file);
  const now = context.now();
  if (earlier?.selection === selection && now.getTime() - earlier.startedAt.getTime() < STALE_MS)
    return { startedAt: earlier.startedAt, resumed: true, end };
  try {
    await writeFileAtomic(file, `${JSON.stringify({ startedAt: now.toISOString(), selection })}\n`);
  } catch (error) {
    throw storageError(error, { zh: `无法写入 ${file}`, en: `cannot write ${file}` });
  }
  return { startedAt: now, resumed: false, end };
}

/** `undefined` where there is none, or none that can be read: then the refresh begins anew. */
async function readRun(file: string): Promise<{ readonly startedAt: Date; readonly selection: string } | undefined> {
  try {
    const { startedAt, selection } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    const at = new Date(String(startedAt));
    return Number.isNaN(at.getTime()) || typeof selection !== 'string' ? undefined : { startedAt: at, selection };
  } catch {
    return undefined;
  }
}
