import { closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { appendDurably } from './append-durably.js';
import { openLogPart } from './open-log.js';
import { readChunks } from './read-chunks.js';
import { splitLines } from './split-lines.js';

/** Beside `ledger.ndjson`: the damaged lines that a compaction took out, as they were. */
export function asideFileOf(file: string): string {
  return file.replace(/\.ndjson$/, '.damaged');
}

/**
 * Keeps the damaged lines of a log that is about to be compacted: appends them, as they are and synced, to the file beside it, those that are there already
 * left out. A line too long to be one of ours is not kept.
 * @throws the error of the file system.
 */
export async function setAsideDamaged(file: string, isDamaged: (bytes: Buffer) => boolean): Promise<void> {
  const log = openLogPart(file);
  if (log === undefined) return;
  const aside = asideFileOf(file);
  const known = await readAside(aside);
  const kept: Buffer[] = [];
  try {
    for await (const { bytes } of splitLines(readChunks({ fd: log.fd, start: 0, end: log.size }))) {
      if (bytes === undefined || bytes.length === 0 || !isDamaged(bytes)) continue;
      const line = Buffer.concat([bytes, Buffer.from('\n')]);
      if (!known.includes(line)) kept.push(line);
    }
  } finally {
    closeSync(log.fd);
  }
  if (kept.length > 0) await appendDurably(aside, Buffer.concat(kept));
}

/** How many lines were set aside. @throws the error of the file system. */
export async function countAside(file: string): Promise<number> {
  const bytes = await readAside(asideFileOf(file));
  return bytes.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
}

async function readAside(aside: string): Promise<Buffer> {
  try {
    return await readFile(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
