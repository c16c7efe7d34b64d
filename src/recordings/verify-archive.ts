import { createHash } from 'node:crypto';
import { open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { inspectWav, WAV_HEAD_BYTES } from './wav.js';
import { sidecarPath } from './write-sidecar.js';
import type { ArchiveEntry } from '../store/store.js';

/** What the disk says of one file. */
export interface VerifiedFile {
  /**
   * `altered`: other size or content than when it was saved. `damaged`: unchanged, but no whole WAV. `not-archived`: below the
   * folder, but in no line of the archive.
   */
  readonly state: 'whole' | 'missing' | 'altered' | 'damaged' | 'unreadable' | 'not-archived';
  /** Absolute path. */
  readonly file: string;
  readonly entry?: ArchiveEntry | undefined;
  readonly reason?: string | undefined;
}

/** How the archive is compared with the disk. */
export interface VerifyOptions {
  /** Only files below this absolute path, and what lies there unarchived; without it every line of the archive. */
  readonly folder?: string | undefined;
  /** Size and header only; the content is not read. */
  readonly fast: boolean;
  readonly signal: AbortSignal;
}

/**
 * Compares the archive with the disk, file by file. Hidden files (part files among them) and sidecars of archived files are not named.
 * A folder that is gone holds nothing: its files are missing.
 * @throws the signal's reason; the error of the file system when a folder cannot be read.
 */
export async function* verifyArchive(
  entries: Iterable<ArchiveEntry> | AsyncIterable<ArchiveEntry>,
  options: VerifyOptions,
): AsyncGenerator<VerifiedFile> {
  const { folder } = options;
  const root = folder === undefined ? undefined : await realpath(folder).catch(() => folder);
  const known = new Set<string>();
  const realPath = buildRealPath();
  for await (const entry of entries) {
    options.signal.throwIfAborted();
    const real = await realPath(entry.file);
    if (root !== undefined && !isBelow(real, root) && !isBelow(entry.file, folder ?? root)) continue;
    known.add(real).add(sidecarPath(real));
    yield { file: entry.file, entry, ...(await checkFile(entry, options)) };
  }
  if (root === undefined) return;
  for await (const file of filesBelow(root)) {
    options.signal.throwIfAborted();
    if (!known.has(file)) yield { state: 'not-archived', file, reason: 'no line of the archive names it' };
  }
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

type Finding = Pick<VerifiedFile, 'state' | 'reason'>;

async function checkFile(entry: ArchiveEntry, options: VerifyOptions): Promise<Finding> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(entry.file, 'r');
    return await checkContent(handle, entry, options);
  } catch (error) {
    options.signal.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'missing', reason: 'the file is not there' };
    return { state: 'unreadable', reason: `the file cannot be read: ${code ?? message}` };
  } finally {
    await handle?.close();
  }
}

async function checkContent(handle: FileHandle, entry: ArchiveEntry, options: VerifyOptions): Promise<Finding> {
  const found = await handle.stat();
  if (!found.isFile()) return { state: 'altered', reason: 'it is not a file' };
  if (found.size !== entry.sizeBytes) {
    return { state: 'altered', reason: `${found.size} bytes, ${entry.sizeBytes} when it was saved` };
  }
  const head = Buffer.alloc(Math.min(WAV_HEAD_BYTES, found.size));
  await handle.read(head, 0, head.length, 0);
  if (!options.fast) {
    const hash = createHash('sha256');
    const chunks = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1_048_576 });
    for await (const chunk of chunks) {
      options.signal.throwIfAborted();
      hash.update(chunk as Buffer);
    }
    if (hash.digest('hex') !== entry.sha256) {
      return { state: 'altered', reason: 'other content (SHA-256) than when it was saved' };
    }
  }
  const wav = inspectWav(head, found.size);
  return wav.ok ? { state: 'whole' } : { state: 'damaged', reason: wav.reason };
}

/** The path with the links of its folder followed; thousands of files lie in few folders. */
function buildRealPath(): (file: string) => Promise<string> {
  const folders = new Map<string, string>();
  return async (file) => {
    const folder = dirname(file);
    let real = folders.get(folder);
    if (real === undefined) {
      real = await realpath(folder).catch(() => folder);
      folders.set(folder, real);
    }
    return join(real, basename(file));
  };
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  found.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of found) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}
