import { close, createReadStream, type Dirent, fstat, open, read, stat } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { EMPTY_FOLDER } from '../domain/read-reason.js';
import { AppError, inputError, isAppError, isOutOfDescriptors, whyUnreadable } from '../errors.js';
import { findGlob, isGlob } from './find-glob.js';
import type { ReadProblem } from './input-problems.js';
import type { NotificationInput, OpenFile } from './notification-input.js';
import { pipeBytes } from './pipe-bytes.js';
import { readFolder } from './read-folder.js';

/** Where patterns start from, and what `-` stands for. */
export interface FindInputsOptions {
  /** Absolute path. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Ends the wait for who writes to a pipe; what is read from it then rejects with the reason. */
  readonly signal: AbortSignal;
  /** Told of folders with nothing to read in them, and of what of a folder cannot be looked at; the rest is found. */
  readonly onProblem?: ((problem: ReadProblem) => void) | undefined;
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

/** Files that a folder is searched for, as {@link EMPTY_FOLDER} tells people; a file named outright is read whatever its name. */
const FILE_NAME = /\.(json|ndjson|jsonl|log|txt|http|cdr|gz)$/i;

/**
 * Finds what to read: files, folders with all below them, globs (`*`, `**`, `?`) that no shell expanded, `-` for standard input.
 * What each pattern stands for comes in name order, patterns in the order given, each file once. Of a folder only regular files are read: a pipe in it
 * might never end.
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
    const tell = (path: string, reason: string): void =>
      options.onProblem?.({ file: nameOf(path, pattern, options.cwd), line: 0, reason });
    for (const { path, isFound, isPipe } of await findFiles(pattern, options.cwd, tell)) {
      if (inputs.has(path)) continue;
      const name = nameOf(path, pattern, options.cwd);
      inputs.set(path, isPipe === true ? pipeInput(path, name, options.signal) : fileInput(path, { name, isFound }));
    }
  }
  return [...inputs.values()];
}

/** A file to read. */
interface FoundFile {
  readonly path: string;
  /** As of {@link NotificationInput}. */
  readonly isFound: boolean;
  readonly isPipe?: boolean;
}

/** Told what of a folder cannot be looked at, and why. */
type Tell = (path: string, reason: string) => void;

async function findFiles(pattern: string, cwd: string, tell: Tell): Promise<readonly FoundFile[]> {
  // A variable that is not set would else stand for the whole folder.
  if (pattern === '')
    throw new AppError('input-unreadable', { zh: '没有该文件或目录：""', en: 'no such file or folder: ""' });
  const path = resolve(cwd, pattern);
  const found = await statOf(path);
  if (found === 'folder') return filesOfFolder(path, tell);
  if (found !== undefined) return [{ path, isFound: false, isPipe: found === 'pipe' }];
  if (!isGlob(pattern))
    throw new AppError('input-unreadable', {
      zh: `没有该文件或目录：${pattern}`,
      en: `no such file or folder: ${pattern}`,
    });
  const files: FoundFile[] = [];
  for (const match of await findGlob(path)) {
    const kind = await statOf(match);
    if (kind === 'folder') for (const file of await filesOfFolder(match, tell)) files.push(file);
    else files.push({ path: match, isFound: false, isPipe: kind === 'pipe' });
  }
  if (files.length === 0)
    throw new AppError('input-unreadable', { zh: `没有文件符合 ${pattern}`, en: `no file matches ${pattern}` });
  return files.sort((left, right) => byName(left.path, right.path));
}

async function statOf(path: string): Promise<'file' | 'folder' | 'pipe' | 'other' | undefined> {
  try {
    const found = await disk.stat(path);
    if (found.isDirectory()) return 'folder';
    if (found.isFIFO()) return 'pipe';
    return found.isFile() ? 'file' : 'other';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EINVAL') return undefined;
    throw inputError(error, path);
  }
}

async function filesOfFolder(folder: string, tell: Tell): Promise<readonly FoundFile[]> {
  let problems = 0;
  const files = await filesBelow(folder, (path, reason) => {
    problems += 1;
    tell(path, reason);
  });
  if (files.length === 0 && problems === 0) tell(folder, EMPTY_FOLDER);
  return files.map((path) => ({ path, isFound: true }));
}

async function filesBelow(folder: string, tell: Tell): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await listFolder(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      for (const file of (await orTold(filesBelow(path, tell), path, tell)) ?? []) files.push(file);
    else if (FILE_NAME.test(entry.name) && (entry.isFile() || (await orTold(statOf(path), path, tell)) === 'file'))
      files.push(path);
  }
  return files.sort(byName);
}

/** What a look at `path` gives; `undefined` where the system does not let it, which is told. */
async function orTold<T>(look: Promise<T>, path: string, tell: Tell): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (!isAppError(error, 'input-unreadable') || isOutOfDescriptors(error.cause)) throw error;
    tell(path, whyUnreadable(error.cause));
    return undefined;
  }
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

/** To open a pipe a second time would take its bytes from the first. */
function pipeInput(path: string, name: string, signal: AbortSignal): NotificationInput {
  return {
    name,
    async *open() {
      try {
        yield* pipeBytes(path, signal);
      } catch (error) {
        throw inputError(error, name);
      }
    },
  };
}

function fileInput(path: string, { name, isFound }: Pick<NotificationInput, 'name' | 'isFound'>): NotificationInput {
  return {
    name,
    isFound,
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
