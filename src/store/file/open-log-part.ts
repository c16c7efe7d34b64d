import { fstatSync, openSync } from 'node:fs';
import { identityOf } from './append-durably.js';
import type { LogPart } from './log-index.js';

/** Opens a log to read what it holds now; to be closed. @returns `undefined` when there is none. @throws the error of the file system. */
export function openLogPart(file: string): LogPart | undefined {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const stats = fstatSync(fd, { bigint: true });
  return { fd, identity: identityOf(stats), size: Number(stats.size) };
}
