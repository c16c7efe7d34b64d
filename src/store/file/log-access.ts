import { rmSync } from 'node:fs';
import type { JournalDamage } from '../journal.js';
import type { EntryCodec } from './entry-codecs.js';
import { extendLogIndex, isLongWork } from './extend-log-index.js';
import { PageError } from './index-pages.js';
import { factsOf } from './line-facts.js';
import { type LogPart, openLogIndex } from './log-index.js';
import { newSnapshot, type Snapshot } from './log-snapshot.js';
import { openLog, type OpenLog } from './open-log.js';
import { readLine } from './read-line.js';
import type { LineError } from './sealed-line.js';

/** A log in which the latest line of a key counts, and its index. */
export interface LogAccessOptions<T extends { readonly key: string }> {
  readonly file: string;
  /** Of the index; where the codec has a finder. */
  readonly indexFile: string;
  readonly codec: EntryCodec<T>;
  readonly pid: number;
  /** The index is brought up to date when more than this is not in it. */
  readonly unindexedBytes: number;
  readonly onIndexing?: ((part: number) => void) | undefined;
  readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
}

/** Opens a log together with its index, as far as that is there, fits and is trusted. Methods throw the error of the file system. */
export class LogAccess<T extends { readonly key: string }> {
  readonly #options: LogAccessOptions<T>;
  /** The index was found damaged: this process does without. */
  #distrusts = false;
  /** It could not be written: not tried again. */
  #cannotExtend = false;

  constructor(options: LogAccessOptions<T>) {
    this.#options = options;
  }

  /** @returns `undefined` when there is no log. */
  open(): OpenLog<T> | undefined {
    const { file, codec, indexFile } = this.#options;
    const isIndexed = !this.#distrusts && codec.facts !== undefined;
    return openLog({ file, indexFile: isIndexed ? indexFile : undefined, decode: (bytes) => this.decode(bytes) });
  }

  /** Nothing read yet but what the index covers; its damaged lines are told. */
  begin(log: LogPart): Snapshot<T> {
    const { codec, file, indexFile, onDamage } = this.#options;
    const index = this.#distrusts || codec.facts === undefined ? undefined : openLogIndex(indexFile, log);
    if (index === undefined) return newSnapshot(log.identity, { bytes: 0, lines: 0, keys: 0 });
    index.close();
    const { covered, damaged } = index.head;
    for (const { line, reason } of damaged.first) onDamage?.({ file, line, reason });
    const snapshot = newSnapshot<T>(log.identity, { bytes: covered, lines: index.lineCount, keys: index.keyCount });
    snapshot.damaged = damaged.count;
    return snapshot;
  }

  /** Brings the index up to date when that is worth it and possible. @returns whether it was done. */
  async extend(log: LogPart, covered: number): Promise<boolean> {
    const { codec, indexFile, pid, unindexedBytes, onIndexing } = this.#options;
    const { facts } = codec;
    if (facts === undefined || this.#distrusts || this.#cannotExtend || log.size - covered <= unindexedBytes)
      return false;
    try {
      return await extendLogIndex({
        file: indexFile,
        log,
        pid,
        read: (bytes) => readLine(bytes, (fields) => factsOf(fields, facts)),
        onPart: isLongWork(log.size - covered, unindexedBytes) ? onIndexing : undefined,
      });
    } catch {
      // A folder that may only be read, a full disk: the log has everything.
      this.#cannotExtend = true;
      return false;
    }
  }

  /** From now on the log is opened without its index, and the index goes. @throws `error` unless it says that the index is damaged. */
  distrust(error: unknown): void {
    if (!(error instanceof PageError)) throw error;
    this.#distrusts = true;
    try {
      rmSync(this.#options.indexFile, { force: true });
    } catch {
      // A folder that may only be read: every process finds out for itself.
    }
  }

  /** The entry of a line, why there is none, or `undefined` as {@link readLine} gives it. */
  decode(bytes: Buffer | undefined): T | LineError | undefined {
    return readLine(bytes, (fields) => this.#options.codec.decode(fields));
  }
}
