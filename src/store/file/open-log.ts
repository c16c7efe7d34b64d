import { closeSync, fstatSync, openSync } from 'node:fs';
import { identityOf } from './append-durably.js';
import { IndexedPart } from './indexed-part.js';
import { type LogPart, openLogIndex } from './log-index.js';
import type { LineError } from './sealed-line.js';

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

/** A log and the part of it that its index covers, open. */
export interface OpenLog<T extends { readonly key: string }> {
  readonly log: LogPart;
  readonly part: IndexedPart<T> | undefined;
  readonly close: () => void;
}

/** Opens a log with its index, where there is one that fits. @returns `undefined` when there is no log. @throws the error of the file system. */
export function openLog<T extends { readonly key: string }>(options: {
  readonly file: string;
  readonly indexFile: string | undefined;
  readonly decode: (bytes: Buffer) => T | LineError | undefined;
}): OpenLog<T> | undefined {
  const { file, indexFile, decode } = options;
  const log = openLogPart(file);
  if (log === undefined) return undefined;
  const index = indexFile === undefined ? undefined : openLogIndex(indexFile, log);
  return {
    log,
    part: index === undefined ? undefined : new IndexedPart({ index, fd: log.fd, decode }),
    close: () => {
      index?.close();
      closeSync(log.fd);
    },
  };
}
