import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { makePrivateFolder } from '../../disk/private-folder.js';
import { syncFolder } from '../../disk/sync-folder.js';
import type { StoredPush } from '../journal.js';
import { encodeJournalLine, preparePush } from './journal-line.js';

/** What an export wrote. */
export interface ExportResult {
  readonly pushes: number;
  /** Size of the file. */
  readonly sizeBytes: number;
}

/**
 * Writes pushes as lines of a journal, numbered from 1, into a file of that name: every reader of this tool takes it, with the bodies byte
 * for byte, headers and times. Makes the folder (0700) where it is missing. The file has its name only when it is whole and synced.
 * @throws the error of the file system, or of the pushes; then there is no file, and one that was there before stands.
 */
export async function exportJournal(
  pushes: AsyncIterable<StoredPush>,
  { file, gzip }: { readonly file: string; readonly gzip: boolean },
): Promise<ExportResult> {
  await makePrivateFolder(dirname(file));
  let count = 0;
  const lines = async function* (): AsyncGenerator<Buffer> {
    for await (const push of pushes) {
      count += 1;
      yield encodeJournalLine(preparePush(push), count, push.result);
    }
  };
  const sizeBytes = await writeWhole(file, (temporary) =>
    pipeline([Readable.from(lines()), ...(gzip ? [createGzip()] : []), createWriteStream(temporary, { mode: 0o600 })]),
  );
  return { pushes: count, sizeBytes };
}

/**
 * Compresses a file beside itself as `<file>.gz`, reads it back, and only then removes the original.
 * @returns size of the compressed file.
 * @throws the error of the file system, or when what was read back differs; then the original stands alone.
 */
export async function gzipFile(file: string): Promise<number> {
  const before = createHash('sha256');
  const size = await writeWhole(`${file}.gz`, async (temporary) => {
    await pipeline(
      createReadStream(file),
      hashing(before),
      createGzip(),
      createWriteStream(temporary, { mode: 0o600 }),
    );
    const after = createHash('sha256');
    await pipeline(createReadStream(temporary), createGunzip(), after);
    if (before.digest('hex') !== after.digest('hex')) throw new Error(`${file} could not be compressed faithfully`);
  });
  await rm(file);
  await syncFolder(dirname(file));
  return size;
}

function hashing(hash: Hash): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (chunks) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
}

async function writeWhole(file: string, write: (temporary: string) => Promise<void>): Promise<number> {
  const temporary = join(dirname(file), `.${basename(file)}.part`);
  try {
    await write(temporary);
    const handle = await open(temporary, 'r+');
    try {
      await handle.sync();
      const { size } = await handle.stat();
      await rename(temporary, file);
      await syncFolder(dirname(file));
      return size;
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
