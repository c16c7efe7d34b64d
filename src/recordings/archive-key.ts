import type { RecordingReference } from '../domain/call-record.js';
import type { ArchiveEntry } from '../store/archive-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';
import type { RecordingNote } from '../store/recording-note.js';

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

/** Whether `entry` stands, or what was noted later asks for the recording once more. */
export function isArchived(entry: ArchiveEntry | undefined, note: RecordingNote | undefined): entry is ArchiveEntry {
  return entry !== undefined && !(note?.state === 'again' && note.at.getTime() >= entry.at.getTime());
}

/**
 * The archive's entry of `key`, unless `note` asks for the recording once more. The disk is not looked at: a file that was
 * moved away or deleted is not fetched again behind its owner's back; `recordings verify` looks, and asks.
 */
export async function findArchived(
  archive: Pick<KeyedLog<ArchiveEntry>, 'get'>,
  key: string,
  note?: RecordingNote,
): Promise<ArchiveEntry | undefined> {
  const entry = await archive.get(key);
  return isArchived(entry, note) ? entry : undefined;
}
