import { createReadStream, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../disk/write-file-atomic.js';
import { storageError } from '../../errors.js';
import type { JournalDamage, KeyedLog } from '../store.js';
import type { EntryCodec } from './entry-codecs.js';
import { takeLock, type HeldLock } from '../../disk/lock-file.js';
import { makePrivateFolder } from '../../disk/private-folder.js';
import { appendDurably, identityOf, type Written } from './append-durably.js';
import { findLines } from './find-lines.js';
import { LineError, openSealedLine, sealLine } from './sealed-line.js';
import { splitLines, type Line } from './split-lines.js';

/** Superseded lines below this number are not worth a compaction. */
const DEAD_LINES = 1000;
/** Groups that follow at once share a lock for so long: to take and release it takes longer than to write. Others wait for 5 s. */
const LONGEST_HOLD_MS = 200;

/** Options of {@link openKeyedLog}. */
export interface KeyedLogOptions<T extends { readonly key: string }> {
  /** `<data>/ledger.ndjson`; made, with its folder, by the first append. */
  readonly file: string;
  readonly codec: EntryCodec<T>;
  readonly pid: number;
  /** How long an append waits for other processes; 5 s. */
  readonly lockWaitMs?: number | undefined;
  readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
}

/** What has been read of a file so far; reading goes on where it stopped, unless a compaction put another file in its place. */
interface Snapshot<T> {
  /** Device, inode and birth: a new file may get the inode of a removed one. */
  readonly identity: string;
  /** Bytes read: up to the end of the last line that is whole. */
  offset: number;
  lines: number;
  readonly latest: Map<string, T>;
}

/** A lock that several groups share. `untilMs`: on the clock that never steps back. */
interface KeptLock {
  readonly lock: HeldLock;
  readonly untilMs: number;
}

/**
 * Opens a log in which the latest line of a key counts. Appending takes a short lock; reading takes none.
 * @returns a log whose methods throw `AppError` `storage-locked`, `disk-full`, `storage-denied` or `storage-failed`.
 */
export function openKeyedLog<T extends { readonly key: string }>(options: KeyedLogOptions<T>): KeyedLog<T> {
  return new FileKeyedLog(options);
}

class FileKeyedLog<T extends { readonly key: string }> implements KeyedLog<T> {
  readonly #options: KeyedLogOptions<T>;
  #snapshot: Snapshot<T> | undefined;
  /** Lines appended since a compaction was last considered; `undefined` before the first append. */
  #appended: number | undefined;
  /** Own calls one after the other: reading moves the snapshot on, and a lock is not worth fighting over within a process. */
  readonly #turns: Record<'read' | 'write', Promise<unknown>> = { read: Promise.resolve(), write: Promise.resolve() };
  /** Lines of appends that wait for their turn: they share one lock, one write and one sync. */
  #gathered: Buffer[] = [];
  #group: Promise<void> | undefined;
  /** The lock, while one group hands it to the next. */
  #held: KeptLock | undefined;

  constructor(options: KeyedLogOptions<T>) {
    this.#options = options;
  }

  async append(entries: readonly T[]): Promise<void> {
    if (entries.length === 0) return;
    const { codec } = this.#options;
    this.#gathered.push(...entries.map((entry) => encodeLine(codec.encode(entry))));
    this.#group ??= this.#inTurn('write', () => {
      const lines = this.#gathered;
      this.#gathered = [];
      this.#group = undefined;
      return this.#write(lines);
    });
    await this.#group;
  }

  async *entries(): AsyncIterable<T> {
    const latest = await this.#inTurn('read', async () => [...(await this.#refresh()).values()]);
    yield* latest;
  }

  async *find(texts: readonly string[]): AsyncIterable<T> {
    const { file } = this.#options;
    // What an earlier call has read is not read again.
    if (this.#snapshot !== undefined) {
      yield* this.entries();
      return;
    }
    const lines = await this.#inTurn('read', async () => {
      const handle = await openToRead(file);
      try {
        const size = (await handle?.stat())?.size ?? 0;
        return handle === undefined
          ? []
          : await findLines(
              { handle, size },
              texts.map((text) => JSON.stringify(text)),
            );
      } finally {
        await handle?.close();
      }
    });
    const found = lines.map((bytes) => this.#decode({ bytes, number: 0, ended: true }));
    // A damaged line says nothing and the one before it counts: then the log is read whole.
    if (found.some((read) => read instanceof LineError)) yield* this.entries();
    else for (const read of found) if (read !== undefined && !(read instanceof LineError)) yield read;
  }

  get(key: string): Promise<T | undefined> {
    return this.#inTurn('read', async () => (await this.#refresh()).get(key));
  }

  async #write(lines: readonly Buffer[]): Promise<void> {
    const { file } = this.#options;
    const held = this.#held ?? (await this.#takeLock());
    this.#held = undefined;
    try {
      await this.#compactIfWorth(lines.length);
      const written = await appendDurably(file, Buffer.concat(lines));
      await this.#inTurn('read', () => {
        this.#follow(lines, written);
        return Promise.resolve();
      });
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

  async #inTurn<R>(verb: 'read' | 'write', work: () => Promise<R>): Promise<R> {
    const mine = this.#turns[verb].then(work);
    this.#turns[verb] = mine.catch(() => undefined);
    try {
      return await mine;
    } catch (error) {
      const isOfFile = error instanceof Error && 'syscall' in error;
      throw isOfFile ? storageError(error, `cannot ${verb} ${this.#options.file}`) : error;
    }
  }

  /** Reads what was appended since the last time, by anybody. */
  async #refresh(): Promise<ReadonlyMap<string, T>> {
    // Asked before each recording: to open the file only to see that it has not grown costs more than all else here.
    const found = statSync(this.#options.file, { bigint: true, throwIfNoEntry: false });
    const known = this.#snapshot;
    if (found !== undefined && known?.identity === identityOf(found) && found.size === BigInt(known.offset))
      return known.latest;
    const handle = await openToRead(this.#options.file);
    if (handle === undefined) {
      this.#snapshot = undefined;
      return new Map();
    }
    try {
      const stats = await handle.stat({ bigint: true });
      const { size } = stats;
      const identity = identityOf(stats);
      let snapshot = this.#snapshot;
      if (snapshot?.identity !== identity || size < snapshot.offset)
        snapshot = { identity, offset: 0, lines: 0, latest: new Map() };
      this.#snapshot = snapshot;
      // The size is that of one instant: what is appended while we read is left for the next time.
      if (size > snapshot.offset) await this.#readOn(handle, snapshot, Number(size));
      return snapshot.latest;
    } finally {
      await handle.close();
    }
  }

  /** Takes over what this process has just appended, so that it need not be read; lines before it that are not known yet are read as ever. */
  #follow(lines: readonly Buffer[], { identity, start, end }: Written): void {
    const snapshot = (this.#snapshot ??= { identity, offset: 0, lines: 0, latest: new Map() });
    if (snapshot.identity !== identity || snapshot.offset !== start) return;
    for (const line of lines) {
      snapshot.lines += 1;
      const read = this.#decode({ bytes: line.subarray(0, -1), number: snapshot.lines, ended: true });
      if (read !== undefined && !(read instanceof LineError)) snapshot.latest.set(read.key, read);
    }
    snapshot.offset = end;
  }

  async #readOn(handle: FileHandle, snapshot: Snapshot<T>, size: number): Promise<void> {
    const { file, onDamage } = this.#options;
    const linesBefore = snapshot.lines;
    const start = snapshot.offset;
    const chunks = createReadStream('', {
      fd: handle,
      autoClose: false,
      start,
      end: size - 1,
      highWaterMark: 256 * 1024,
    });
    let tailBytes = 0;
    for await (const line of splitLines(chunks)) {
      if (!line.ended) {
        // A write in progress, or one that was cut: not acknowledged, so not there yet.
        tailBytes = line.bytes?.length ?? 0;
        break;
      }
      snapshot.lines = linesBefore + line.number;
      const read = this.#decode(line);
      if (read instanceof LineError) onDamage?.({ file, line: snapshot.lines, reason: read.message });
      else if (read !== undefined) snapshot.latest.set(read.key, read);
    }
    snapshot.offset = size - tailBytes;
  }

  #decode(line: Line): T | LineError | undefined {
    if (line.bytes?.length === 0) return undefined;
    try {
      if (line.bytes === undefined) throw new LineError('the line is too long');
      const fields = JSON.parse(`${openSealedLine(line.bytes).toString('utf8')}}`) as Record<string, unknown>;
      return this.#options.codec.decode(fields);
    } catch (error) {
      return error instanceof LineError ? error : new LineError('the line cannot be read');
    }
  }

  /** At the first append, and again whenever enough was appended; the lock is held. */
  async #compactIfWorth(lines: number): Promise<void> {
    this.#appended = this.#appended === undefined ? DEAD_LINES + 1 : this.#appended + lines;
    if (this.#appended <= DEAD_LINES) return;
    this.#appended = 0;
    const latest = await this.#inTurn('read', () => this.#refresh());
    const dead = (this.#snapshot?.lines ?? 0) - latest.size;
    if (dead <= DEAD_LINES || dead <= latest.size) return;
    const { file, codec } = this.#options;
    await writeFileAtomic(file, Buffer.concat(Array.from(latest.values(), (entry) => encodeLine(codec.encode(entry)))));
  }
}

function encodeLine(fields: Readonly<Record<string, unknown>>): Buffer {
  return sealLine([JSON.stringify({ v: 1, ...fields }).slice(0, -1)]);
}

async function openToRead(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
