import { statSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** What tells one version of a file from another, strong enough to put parts together. */
export interface Validator {
  readonly kind: 'etag' | 'last-modified';
  /** As the server wrote it. */
  readonly value: string;
}

/** What a storage says of a file, in the head of an answer. */
export interface FileFacts {
  /** `undefined` when the server names no length. */
  readonly totalBytes: number | undefined;
  /** `undefined` when parts of it cannot be told from parts of another version. */
  readonly validator: Validator | undefined;
}

/** What is known of a part file that was left behind: so much of it is on disk for certain. */
export interface PartNote extends FileFacts {
  readonly validator: Validator;
  readonly sizeBytes: number;
  /** Of the first `sizeBytes`, lower-case hex. */
  readonly sha256: string;
}

/**
 * Reads the note beside a part file.
 * @returns `undefined` when there is none, or none that can be used (torn, of another form).
 * @throws the error of the file system, but for a missing file.
 */
export async function readPartNote(file: string): Promise<PartNote | undefined> {
  // Hardly any file has one, and to be told so by the pool of threads costs ten times as much.
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const note = JSON.parse(text) as Partial<PartNote> & { readonly v?: unknown };
    const { sizeBytes, totalBytes, sha256, validator } = note;
    const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
    if (note.v !== 1 || !isCount(sizeBytes) || typeof sha256 !== 'string') return undefined;
    if (validator === undefined || !['etag', 'last-modified'].includes(validator.kind)) return undefined;
    if (typeof validator.value !== 'string' || /[^\x20-\x7e]/.test(validator.value)) return undefined;
    // A part that is as long as the whole has nothing left to ask for: it begins anew.
    if (totalBytes !== undefined && !(isCount(totalBytes) && sizeBytes < totalBytes)) return undefined;
    return { sizeBytes, totalBytes, sha256, validator };
  } catch {
    return undefined;
  }
}

/**
 * Writes the note as a whole. Not synced: a note that is lost costs a new start, no more. Its part must be synced before.
 * @throws the error of the file system.
 */
export async function writePartNote(file: string, note: PartNote): Promise<void> {
  const temporary = `${file}.new`;
  await writeFile(temporary, JSON.stringify({ v: 1, ...note }), { mode: 0o600 });
  await rename(temporary, file);
}
