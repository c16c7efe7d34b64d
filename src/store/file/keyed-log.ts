import { dirname } from 'node:path';
import { Batched } from '../../domain/batched.js';
import { type HeldLock, takeLock } from '../../disk/lock-file.js';
import { openAtomicText } from '../../disk/open-atomic-text.js';
import { makePrivateFolder } from '../../disk/private-folder.js';
import type { JournalDamage } from '../journal.js';
import type { KeyedLog, LogDamage, TimeSpan } from '../keyed-log.js';
import { appendDurably } from './append-durably.js';
import { asideFileOf, countAside, setAsideDamaged } from './damaged-lines.js';
import type { EntryCodec } from './entry-codecs.js';
import { fileFailure } from './file-failure.js';
import { LogReader } from './log-reader.js';
import { readLine } from './read-line.js';
import { LineError, sealFields } from './sealed-line.js';

/** Superseded lines below this number are not worth a compaction. */
const DEAD_LINES = 1000;
/** Groups that follow at once share a lock for so long: to take and release it takes longer than to write. Others wait for 5 s. */
const LONGEST_HOLD_MS = 200;
/** What stands behind the index is read by every process: some 8,000 lines, 10 ms. */
const UNINDEXED_BYTES = 4 * 1024 * 1024;

/** Options of {@link openKeyedLog}. */
export interface KeyedLogOptions<T extends { readonly key: string }> {
  /** `<data>/ledger.ndjson`; made, with its folder, by the first append. */
  readonly file: string;
  readonly codec: EntryCodec<T>;
  readonly pid: number;
  /** How long an append waits for other processes; 5 s. */
  readonly lockWaitMs?: number | undefined;
  /** A log whose codec has a finder gets an index when more than this is not in it; 4 MiB. */
  readonly unindexedBytes?: number | undefined;
  /** Told how much of the log is indexed, from 0 to 1, where that takes so long that people wait for it. At 1 the work is over. */
  readonly onIndexing?: ((part: number) => void) | undefined;
  readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
}

/** A lock that several groups share. `untilMs`: on the clock that never steps back. */
interface KeptLock {
  readonly lock: HeldLock;
  readonly untilMs: number;
}

/**
 * Opens a log in which the latest line of a key counts. Appending takes a short lock; reading takes none. A long log whose codec has a finder gets an
 * index beside it, `ledger.index`: made and brought up to date by those who read, where they may write.
 * @returns a log whose methods throw `AppError` `storage-locked`, `disk-full`, `storage-denied` or `storage-failed`.
 */
export function openKeyedLog<T extends { readonly key: string }>(options: KeyedLogOptions<T>): KeyedLog<T> {
  return new FileKeyedLog(options);
}

class FileKeyedLog<T extends { readonly key: string }> implements KeyedLog<T> {
  readonly #options: KeyedLogOptions<T>;
  readonly #reader: LogReader<T>;
  /** Lines appended since a compaction was last considered; `undefined` before the first append. */
  #appended: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Lines of appends that wait for their turn: they share one lock, one write and one sync. */
  #gathered: Buffer[] = [];
  #group: Promise<void> | undefined;
  /** The lock, while one group hands it to the next. */
  #held: KeptLock | undefined;

  constructor(options: KeyedLogOptions<T>) {
    this.#options = options;
    const { file, unindexedBytes = UNINDEXED_BYTES } = options;
    this.#reader = new LogReader({ ...options, indexFile: file.replace(/\.ndjson$/, '.index'), unindexedBytes });
  }

  async append(entries: readonly T[]): Promise<void> {
    if (entries.length === 0) return;
    for (const entry of entries) this.#gathered.push(this.#encode(entry));
    this.#group ??= this.#inTurn(() => {
      const lines = this.#gathered;
      this.#gathered = [];
      this.#group = undefined;
      return this.#write(lines);
    });
    await this.#group;
  }

  entries(): Batched<T> {
    return new Batched(this.#explained(this.#reader.entries()));
  }

  find(texts: readonly string[], span: TimeSpan = {}): Batched<T> {
    return new Batched(this.#explained(this.#reader.find(texts, span)));
  }

  async *#explained<R>(source: AsyncIterable<R>): AsyncGenerator<R> {
    try {
      yield* source;
    } catch (error) {
      throw this.#explain('read', error);
    }
  }

  async get(key: string): Promise<T | undefined> {
    try {
      return (await this.#reader.getAll([key])).get(key);
    } catch (error) {
      throw this.#explain('read', error);
    }
  }

  async getAll(keys: Iterable<string>): Promise<ReadonlyMap<string, T>> {
    try {
      return await this.#reader.getAll(keys);
    } catch (error) {
      throw this.#explain('read', error);
    }
  }

  async findsQuickly(): Promise<boolean> {
    try {
      return await this.#reader.isIndexed();
    } catch (error) {
      throw this.#explain('read', error);
    }
  }

  async damage(): Promise<LogDamage> {
    const { file } = this.#options;
    try {
      return {
        file,
        damaged: await this.#reader.countDamaged(),
        aside: asideFileOf(file),
        setAside: await countAside(file),
      };
    } catch (error) {
      throw this.#explain('read', error);
    }
  }

  async #write(lines: readonly Buffer[]): Promise<void> {
    const { file } = this.#options;
    const held = this.#held ?? (await this.#takeLock());
    this.#held = undefined;
    try {
      await this.#compactIfWorth(lines.length);
      const written = await appendDurably(file, Buffer.concat(lines));
      await this.#reader.follow(lines, written);
      // The next group is waiting already: it goes on under the same lock, for a while.
      if (this.#group !== undefined && performance.now() < held.untilMs) this.#held = held;
    } finally {
      if (this.#held === undefined) await held.lock.release();
    }
  }

  async #takeLock(): Promise<KeptLock> {
    const { file, pid, lockWaitMs } = this.#options;
    await makePrivateFolder(dirname(file));
    const lock = await takeLock(`${file}.lock`, { pid, waitMs: lockWaitMs });
    return { lock, untilMs: performance.now() + LONGEST_HOLD_MS };
  }

  /** One after the other: a lock is not worth fighting over within a process. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    try {
      await mine;
    } catch (error) {
      throw this.#explain('write', error);
    }
  }

  #explain(verb: 'read' | 'write', error: unknown): unknown {
    const { file } = this.#options;
    const zh = verb === 'read' ? '读取' : '写入';
    return fileFailure(error, { zh: `无法${zh} ${file}`, en: `cannot ${verb} ${file}` });
  }

  /** At the first append, and again whenever enough was appended; the lock is held. */
  async #compactIfWorth(lines: number): Promise<void> {
    this.#appended = this.#appended === undefined ? DEAD_LINES + 1 : this.#appended + lines;
    if (this.#appended <= DEAD_LINES) return;
    this.#appended = 0;
    const { lines: all, dead, damaged } = await this.#reader.figures();
    if (dead <= DEAD_LINES || dead <= all - dead) return;
    const { file, codec } = this.#options;
    if (damaged > 0)
      await setAsideDamaged(file, (bytes) => readLine(bytes, (fields) => codec.decode(fields)) instanceof LineError);
    const compacted = await openAtomicText(file);
    try {
      for await (const entry of this.entries()) await compacted.write(this.#encode(entry).toString('utf8'));
    } catch (error) {
      await compacted.discard();
      throw error;
    }
    await compacted.commit();
  }

  #encode(entry: T): Buffer {
    return sealFields({ v: 1, ...this.#options.codec.encode(entry) });
  }
}
