import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { decodeText } from '../domain/text-encoding.js';
import { inputError } from '../errors.js';
import { pipeBytes } from '../notifications/pipe-bytes.js';
import type { ByteSource } from '../tables/detect-encoding.js';
import type { CommandContext } from './command-context.js';

const CHUNK_BYTES = 256 * 1024;

/** Everything that comes on standard input. */
export function readStdin({ stdin }: Pick<CommandContext, 'stdin'>): Promise<Buffer> {
  return bytesOf(stdin);
}

/**
 * A text file that was named on the command line, whole: UTF-8 or UTF-16, a byte-order mark left out.
 * @param flag how the error names it: `--data`, or nothing for an argument.
 * @throws AppError `input-unreadable` naming flag, file and cause.
 */
export async function readInputText(
  flag: string,
  file: string,
  { cwd, signal }: Pick<CommandContext, 'cwd' | 'signal'>,
): Promise<string> {
  const path = resolve(cwd, file);
  try {
    return decodeText(await ((await kindOf(path)) === 'pipe' ? bytesOf(pipeBytes(path, signal)) : readFile(path)));
  } catch (error) {
    throw inputError(error, named(flag, file));
  }
}

/**
 * A file that was named on the command line, part by part, as often as it is wanted; `-` is standard input. That, and a pipe such as `<(…)`, gives its
 * bytes once: they are held in memory.
 * @param flag as in {@link readInputText}, whose error it throws while it is read.
 */
export async function openInputFile(
  flag: string,
  file: string,
  context: Pick<CommandContext, 'cwd' | 'stdin' | 'signal'>,
): Promise<ByteSource> {
  if (file === '-') {
    const bytes = await readStdin(context);
    return () => chunksOf(bytes);
  }
  const path = resolve(context.cwd, file);
  const kind = await kindOf(path);
  const read = async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (kind === 'pipe') yield* pipeBytes(path, context.signal);
      else yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw inputError(error, named(flag, file));
    }
  };
  if (kind === 'file') return read;
  const bytes = await bytesOf(read());
  return () => chunksOf(bytes);
}

/** `file` can be read again; what is not there counts as one: reading it tells. */
async function kindOf(path: string): Promise<'file' | 'pipe' | 'other'> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isDirectory()) return 'file';
  return found.isFIFO() ? 'pipe' : 'other';
}

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

function named(flag: string, file: string): string {
  return flag === '' ? file : `${flag} ${file}`;
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    yield await Promise.resolve(bytes.subarray(at, at + CHUNK_BYTES));
}
