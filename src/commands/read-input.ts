import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../errors.js';
import type { CommandContext } from './command-context.js';

/** Everything that comes on standard input. */
export async function readStdin({ stdin }: Pick<CommandContext, 'stdin'>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stdin) parts.push(part);
  return Buffer.concat(parts);
}

/**
 * A whole file that was named on the command line.
 * @param flag how the error names it: `--data`, or nothing for an argument.
 * @throws AppError `input-unreadable` naming flag, file and cause.
 */
export async function readInputFile(flag: string, file: string, { cwd }: Pick<CommandContext, 'cwd'>): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new AppError('input-unreadable', `cannot read ${flag === '' ? '' : `${flag} `}${file}: ${why}`, {
      cause: error,
    });
  }
}
