import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeFileAtomic } from '../disk/write-file-atomic.js';
import { storageError } from '../errors.js';
import type { CallRecord } from '../domain/call-record.js';
import type { ArchiveEntry } from '../store/archive-entry.js';

/** Path of the sidecar of a recording: `call.wav.json` beside `call.wav`. */
export function sidecarPath(file: string): string {
  return `${file}.json`;
}

/**
 * Writes what is known of a recording beside it, as one JSON document, whole or not at all (0600): names on the platform and on
 * the disk, so that one leads to the other, hash, and the CDR. Phone numbers are in full.
 * @returns the path of the sidecar.
 * @throws AppError `disk-full`, `storage-…`.
 */
export async function writeSidecar(entry: ArchiveEntry, record: CallRecord): Promise<string> {
  const { key, at, file, sizeBytes, sha256, durationSeconds } = entry;
  const path = sidecarPath(file);
  const { fileName, domain } = record.recording ?? {};
  const facts = {
    kind: 'RecordingSidecar',
    file: basename(file),
    key,
    fileName,
    domain,
    sizeBytes,
    sha256,
    durationSeconds,
    savedAt: at,
    record,
  };
  try {
    await writeFileAtomic(path, `${JSON.stringify(facts, null, 2)}\n`);
  } catch (error) {
    throw storageError(error, { zh: `无法写入 ${path}`, en: `cannot write ${path}` });
  }
  return path;
}

/** Whether a recording that lies on the disk has no sidecar yet. */
export async function lacksSidecar(file: string): Promise<boolean> {
  const isThere = (path: string): Promise<boolean> =>
    stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
  return (await isThere(file)) && !(await isThere(sidecarPath(file)));
}
