import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makePrivateFolder } from './private-folder.js';
import { syncFolder } from './sync-folder.js';

/** A file that is written piece by piece and seen only when it is whole. */
export interface AtomicFile {
  write(text: string): Promise<void>;
  /** Puts it in its place, durable. */
  commit(): Promise<void>;
  /** Leaves the old file as it is. Never throws. */
  discard(): Promise<void>;
}

const BUFFER_CHARACTERS = 65_536;

/**
 * Starts the replacement of `path`, like `writeFileAtomic` for content that need not fit into memory. Makes the folder (0700) where it is missing; the file
 * is 0600. `encode` makes UTF-8 unless told. Rejects with the error of the file system.
 */
export async function openAtomicFile(
  path: string,
  encode: (text: string) => Uint8Array = (text) => Buffer.from(text),
): Promise<AtomicFile> {
  const folder = dirname(path);
  await makePrivateFolder(folder);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const file: FileHandle = await open(temporary, 'wx', 0o600);
  let held = '';
  const discard = async (): Promise<void> => {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
  };
  return {
    discard,
    write: async (text) => {
      held += text;
      if (held.length < BUFFER_CHARACTERS) return;
      const full = held;
      held = '';
      await file.writeFile(encode(full));
    },
    commit: async () => {
      try {
        await file.chmod(0o600);
        await file.writeFile(encode(held));
        await file.sync();
        await file.close();
        await rename(temporary, path);
      } catch (error) {
        await discard();
        throw error;
      }
      await syncFolder(folder);
    },
  };
}
