import { createHash } from 'node:crypto';
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isPartName, isStalePart } from './part-names.js';
import { inspectWav, WAV_HEAD_BYTES } from './wav.js';
import { sidecarPath } from './write-sidecar.js';
import type { ArchiveEntry } from '../store/archive-entry.js';
import type { TextPair } from '../domain/text-pair.js';

/** Files are read into one piece of memory: a stream for each takes longer than reading and hashing a short one. */
const ROOM_BYTES = 1024 * 1024;
/** Files that are asked for at once: of short ones most of the time is the disk's. Each has a room of its own. */
const AT_ONCE = 4;

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
  readonly reason?: TextPair | undefined;
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
 * Compares the archive with the disk, a few files at once, told in the order of the archive. Hidden files (but for part files) and sidecars of
 * archived files are not named.
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
  const rooms = Array.from({ length: AT_ONCE }, () => Buffer.allocUnsafe(ROOM_BYTES));
  /** In the order of the archive. */
  const asked: Promise<VerifiedFile>[] = [];
  const ask = async (entry: ArchiveEntry, room: (typeof rooms)[number]): Promise<VerifiedFile> => {
    const finding = await checkFile(entry, room, options);
    rooms.push(room);
    return { file: entry.file, entry, ...finding };
  };
  try {
    for await (const entry of entries) {
      options.signal.throwIfAborted();
      if (root !== undefined) {
        const real = await realPath(entry.file);
        if (!isBelow(real, root) && !isBelow(entry.file, folder ?? root)) continue;
        known.add(real).add(sidecarPath(real));
      }
      const [first] = asked;
      if (asked.length >= AT_ONCE && first !== undefined) {
        yield await first;
        void asked.shift();
      }
      const found = ask(entry, rooms.pop() ?? Buffer.allocUnsafe(ROOM_BYTES));
      // It may fail while an earlier one is waited for.
      void found.catch(() => undefined);
      asked.push(found);
    }
    for (const found of asked) yield await found;
  } finally {
    await Promise.allSettled(asked);
  }
  if (root === undefined) return;
  for await (const file of filesBelow(root)) {
    options.signal.throwIfAborted();
    if (isPartName(basename(file), true)) yield* partAt(file, options.now);
    else if (!known.has(file))
      yield { state: 'not-archived', file, reason: { zh: '档案中没有它', en: 'no line of the archive names it' } };
  }
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

type Finding = Pick<VerifiedFile, 'state' | 'reason'>;

async function checkFile(entry: ArchiveEntry, room: Buffer, options: VerifyOptions): Promise<Finding> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(entry.file, 'r');
    return await checkContent(handle, { entry, room, options });
  } catch (error) {
    options.signal.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { state: 'missing', reason: { zh: '文件不存在', en: 'the file is not there' } };
    const why = code ?? message;
    return { state: 'unreadable', reason: { zh: `文件无法读取：${why}`, en: `the file cannot be read: ${why}` } };
  } finally {
    await handle?.close();
  }
}

async function checkContent(
  handle: FileHandle,
  {
    entry,
    room,
    options,
  }: { readonly entry: ArchiveEntry; readonly room: Buffer; readonly options: Pick<VerifyOptions, 'fast' | 'signal'> },
): Promise<Finding> {
  const found = await handle.stat();
  if (!found.isFile()) return { state: 'altered', reason: { zh: '不是文件', en: 'it is not a file' } };
  if (found.size !== entry.sizeBytes) {
    const reason = {
      zh: `${found.size} 字节，保存时为 ${entry.sizeBytes} 字节`,
      en: `${found.size} bytes, ${entry.sizeBytes} when it was saved`,
    };
    return { state: 'altered', reason };
  }
  const { bytesRead } = await handle.read(room, 0, options.fast ? WAV_HEAD_BYTES : room.length, 0);
  // Looked at before the rest is read into the same room.
  const wav = inspectWav(room.subarray(0, Math.min(bytesRead, WAV_HEAD_BYTES)), found.size);
  if (!options.fast && (await hashOf(handle, room, { bytesRead, signal: options.signal })) !== entry.sha256) {
    const reason = { zh: '内容（SHA-256）与保存时不同', en: 'other content (SHA-256) than when it was saved' };
    return { state: 'altered', reason };
  }
  return wav.ok ? { state: 'whole' } : { state: 'damaged', reason: wav.reason };
}

/** SHA-256 of the file in lower-case hex. @param start what of it is in `room` already. */
async function hashOf(
  handle: FileHandle,
  room: Buffer,
  start: { readonly bytesRead: number; readonly signal: AbortSignal },
): Promise<string> {
  const hash = createHash('sha256');
  let { bytesRead } = start;
  hash.update(room.subarray(0, bytesRead));
  // Less than there is room for is the end of a file: most are shorter, and to ask again takes as long as to read them.
  for (let position = bytesRead; bytesRead === room.length; position += bytesRead) {
    start.signal.throwIfAborted();
    ({ bytesRead } = await handle.read(room, 0, room.length, position));
    hash.update(room.subarray(0, bytesRead));
  }
  return hash.digest('hex');
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

const LEFT_OVER: TextPair = {
  zh: '不会再完成的部分文件；下一次下载会删除它',
  en: 'a part that nothing will complete; the next download removes it',
};
const UNDER_WAY: TextPair = {
  zh: '录音的一部分；下载正在写入，或会从它继续',
  en: 'a part of a recording; a download writes it or goes on from it',
};

async function* partAt(file: string, now: Date): AsyncGenerator<VerifiedFile> {
  const found = await lstat(file).catch(() => undefined);
  // The download it belonged to is over.
  if (found === undefined) return;
  if (isStalePart(basename(file), found.mtimeMs, now)) yield { state: 'left-over', file, reason: LEFT_OVER };
  else yield { state: 'under-way', file, reason: UNDER_WAY };
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
