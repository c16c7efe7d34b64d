import { close, createReadStream, type Dirent, fstat, open, read, stat } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { AppError, inputError } from '../errors.js';
import { findGlob, isGlob } from './find-glob.js';
import type { NotificationInput, OpenFile } from './notification-input.js';
import { readFolder } from './read-folder.js';

/** Where patterns start from, and what `-` stands for. */
export interface FindInputsOptions {
  /** Absolute path. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** Large pieces: each costs a turn of the event loop and a line read twice. */
const PIECE_BYTES = 1024 * 1024;

// Not `node:fs/promises`: see read-folder.ts.
const disk = {
  open: promisify(open),
  close: promisify(close),
  fstat: promisify(fstat),
  read: promisify(read),
  stat: promisify(stat),
};

/** Files that a folder is searched for; a file named outright is read whatever its name. */
const FILE_NAME = /\.(json|ndjson|jsonl|log|txt|http|cdr|gz)$/i;

/**
 * Finds what to read: files, folders with all below them, globs (`*`, `**`, `?`) that no shell expanded, `-` for standard input.
 * What each pattern stands for comes in name order, patterns in the order given, each file once. A folder without such files gives
 * nothing.
 * @throws {AppError} `input-unreadable` for a file that is not there and for a pattern that matches nothing; also, while reading, for
 * a file that cannot be opened.
 */
export async function findInputs(
  patterns: readonly string[],
  options: FindInputsOptions,
): Promise<NotificationInput[]> {
  const inputs = new Map<string, NotificationInput>();
  for (const pattern of patterns) {
    if (pattern === '-') {
      inputs.set('-', { name: 'stdin', open: () => options.stdin });
      continue;
    }
    for (const path of await findFiles(pattern, options.cwd)) {
      if (!inputs.has(path)) inputs.set(path, fileInput(path, nameOf(path, pattern, options.cwd)));
    }
  }
  return [...inputs.values()];
}

async function findFiles(pattern: string, cwd: string): Promise<string[]> {
  const path = resolve(cwd, pattern);
  const found = await statOf(path);
  if (found === 'folder') return filesBelow(path);
  if (found === 'file') return [path];
  if (!isGlob(pattern)) throw new AppError('input-unreadable', `no such file or folder: ${pattern}`);
  const files: string[] = [];
  for (const match of await findGlob(path)) {
    if ((await statOf(match)) === 'folder') for (const file of await filesBelow(match)) files.push(file);
    else files.push(match);
  }
  if (files.length === 0) throw new AppError('input-unreadable', `no file matches ${pattern}`);
  return files.sort(byName);
}

async function statOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await disk.stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EINVAL') return undefined;
    throw inputError(error, path);
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await listFolder(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) for (const file of await filesBelow(path)) files.push(file);
    else if (FILE_NAME.test(entry.name) && (entry.isFile() || (await statOf(path)) === 'file')) files.push(path);
  }
  return files.sort(byName);
}

async function listFolder(folder: string): Promise<Dirent[]> {
  try {
    return await readFolder(folder, { withFileTypes: true });
  } catch (error) {
    throw inputError(error, folder);
  }
}

function byName(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

/** As the person wrote it: absolute, or from the current folder. */
function nameOf(path: string, pattern: string, cwd: string): string {
  if (isAbsolute(pattern)) return path;
  const name = relative(cwd, path);
  return sep === '/' ? name : name.split(sep).join('/');
}

function fileInput(path: string, name: string): NotificationInput {
  return {
    name,
    async *open() {
      try {
        for await (const chunk of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield chunk as Uint8Array;
      } catch (error) {
        throw inputError(error, name);
      }
    },
    openFile: () => openFile(path, name),
  };
}

async function openFile(path: string, name: string): Promise<OpenFile | undefined> {
  try {
    const fd = await disk.open(path, 'r');
    const found = await disk.fstat(fd);
    if (!found.isFile()) {
      await disk.close(fd);
      return undefined;
    }
    return {
      fd,
      sizeBytes: found.size,
      read: async (bytes, position) => {
        try {
          return (await disk.read(fd, bytes, 0, bytes.length, position)).bytesRead;
        } catch (error) {
          throw inputError(error, name);
        }
      },
      close: () => disk.close(fd),
    };
  } catch (error) {
    throw inputError(error, name);
  }
}
