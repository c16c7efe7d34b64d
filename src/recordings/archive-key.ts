import { stat } from 'node:fs/promises';
import type { RecordingReference } from '../domain/call-record.js';
import type { ArchiveEntry, KeyedLog } from '../store/store.js';

/**
 * Key of a recording in the archive: `domain/fileName`, else the direct address without its query (which only carries a
 * signature that changes).
 * @returns `undefined` when the reference names no place.
 * Source: which location to use, privatenumber_02_0006a and 0007 (read 2026-07).
 */
export function archiveKey(recording: RecordingReference): string | undefined {
  if (recording.fileName && recording.domain) return `${recording.domain}/${recording.fileName}`;
  return recording.url ? recording.url.replace(/[?#].*$/s, '') : undefined;
}

/**
 * The archive's entry of `key`, when its file still exists with the size it had.
 * A file that cannot be looked at counts as gone: fetching it again is harmless.
 */
export async function findArchived(
  archive: Pick<KeyedLog<ArchiveEntry>, 'get'>,
  key: string,
): Promise<ArchiveEntry | undefined> {
  const entry = await archive.get(key);
  if (entry === undefined) return undefined;
  try {
    const found = await stat(entry.file);
    return found.isFile() && found.size === entry.sizeBytes ? entry : undefined;
  } catch {
    return undefined;
  }
}
