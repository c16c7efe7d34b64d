import { createHash } from 'node:crypto';
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isPartName, isStalePart } from './part-names.js';
import { inspectWav, WAV_HEAD_BYTES } from './wav.js';
import { sidecarPath } from './write-sidecar.js';
import type { ArchiveEntry } from '../store/store.js';

/** What the disk says of one file. */
export interface VerifiedFile {
  /**
   * `altered`: other size or content than when it was saved. `damaged`: unchanged, but no whole WAV. `not-archived`: below the
   * folder, but in no line of the archive. `under-way`: a part file that a download writes or goes on from; `left-over`: one that the next
   * download removes.
   */
  readonly state:
    'whole' | 'missing' | 'altered' | 'damaged' | 'unreadable' | 'not-archived' | 'under-way' | 'left-over';
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
  /** For the age of part files. */
  readonly now: Date;
  readonly signal: AbortSignal;
}

/**
 * Compares the archive with the disk, file by file. Hidden files (but for part files) and sidecars of archived files are not named.
 * A folder that is gone holds nothing: its files are missing.
 * @throws the signal's reason; the error of the file system when a folder cannot be read.
 */
export async function* verifyArchive(
  entries: Iterable<ArchiveEntry> | AsyncIterable<ArchiveEntry>,
  options: VerifyOptions,
): AsyncGenerator<VerifiedFile> {
  const { folder } = options;
  const root = folder === undefined ? undefined : await realpath(folder).catch(() => folder);
  /** What else lies below the folder is told from these; without a folder nobody asks. */
  const known = new Set<string>();
  const realPath = buildRealPath();
  for await (const entry of entries) {
    options.signal.throwIfAborted();
    const real = await realPath(entry.file);
    if (root !== undefined && !isBelow(real, root) && !isBelow(entry.file, folder ?? root)) continue;
    if (root !== undefined) known.add(real).add(sidecarPath(real));
    yield { file: entry.file, entry, ...(await checkFile(entry, options)) };
  }
  if (root === undefined) return;
  for await (const file of filesBelow(root)) {
    options.signal.throwIfAborted();
    if (isPartName(basename(file), true)) yield* partAt(file, options.now);
    else if (!known.has(file)) yield { state: 'not-archived', file, reason: 'no line of the archive names it' };
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

async function* partAt(file: string, now: Date): AsyncGenerator<VerifiedFile> {
  const found = await lstat(file).catch(() => undefined);
  // The download it belonged to is over.
  if (found === undefined) return;
  if (isStalePart(basename(file), found.mtimeMs, now))
    yield { state: 'left-over', file, reason: 'a part that nothing will complete; the next download removes it' };
  else yield { state: 'under-way', file, reason: 'a part of a recording; a download writes it or goes on from it' };
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  found.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of found) {
    if (entry.name.startsWith('.') && !(entry.isFile() && isPartName(entry.name, true))) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}
