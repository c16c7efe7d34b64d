import { createReadStream } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../disk/write-file-atomic.js';
import { storageError } from '../../errors.js';
import type { JournalDamage, KeyedLog } from '../store.js';
import type { EntryCodec } from './entry-codecs.js';
import { takeLock } from '../../disk/lock-file.js';
import { FILE_MODE, makePrivateFolder } from '../../disk/private-folder.js';
import { syncFolder } from '../../disk/sync-folder.js';
import { findLines } from './find-lines.js';
import { LineError, openSealedLine, sealLine } from './sealed-line.js';
import { splitLines, type Line } from './split-lines.js';

/** Superseded lines below this number are not worth a compaction. */
const DEAD_LINES = 1000;
const LINE_FEED = 0x0a;

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
    const { file, pid, lockWaitMs } = this.#options;
    await makePrivateFolder(dirname(file));
    const lock = await takeLock(`${file}.lock`, { pid, waitMs: lockWaitMs });
    try {
      await this.#compactIfWorth(lines.length);
      await appendDurably(file, Buffer.concat(lines));
    } finally {
      await lock.release();
    }
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
    const handle = await openToRead(this.#options.file);
    if (handle === undefined) {
      this.#snapshot = undefined;
      return new Map();
    }
    try {
      const { dev, ino, birthtimeNs, size } = await handle.stat({ bigint: true });
      const identity = `${dev} ${ino} ${birthtimeNs}`;
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

/** One write behind the last whole line; a torn tail, left by a process that was cut off, becomes a line of its own. */
async function appendDurably(file: string, lines: Buffer): Promise<void> {
  const isNew = (await stat(file).catch(() => undefined)) === undefined;
  const handle = await open(file, 'a+', FILE_MODE);
  try {
    if (isNew) await handle.chmod(FILE_MODE);
    const { size } = await handle.stat();
    const bytes = (await endsTorn(handle, size)) ? Buffer.concat([Buffer.of(LINE_FEED), lines]) : lines;
    try {
      for (let offset = 0; offset < bytes.length;) offset += (await handle.write(bytes, offset)).bytesWritten;
      await handle.datasync();
      await handle.datasync();
    } catch (error) {
      // What was refused must not show up later as if it had been kept.
      await handle.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
  if (isNew) await syncFolder(dirname(file));
}

async function endsTorn(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  return last[0] !== LINE_FEED;
}
