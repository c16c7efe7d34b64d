import { closeSync, constants, fdatasync, fsync, ftruncate, openSync, read, write, writeSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { promisify } from 'node:util';
import { takeLock, type HeldLock } from '../disk/lock-file.js';
import { unlinkQuietly } from '../disk/unlink-quietly.js';
import { AppError, storageError } from '../errors.js';
import { GatheredBytes } from './gathered-bytes.js';
import { partNames, type PartNames } from './part-names.js';
import { readPartNote, writePartNote, type FileFacts } from './part-note.js';
import type { FinishedPart, PartOptions } from './part-options.js';
import { HashLost, type RunningHash } from './running-hash.js';
import { TryFailed } from './try-failed.js';
import { WRITE_BYTES } from './write-buffers.js';

const { O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
// What waits for the disk goes to the pool of threads. What only asks the kernel (open, close, unlink, and the last write, behind which
// the sync waits for the disk) is done at once: the way to a thread and back costs some 0.1 ms, which is what small files spent most of
// their time on.
const readAt = promisify(read);
const writeAt = promisify(write);
const syncFile = promisify(fsync);
const syncData = promisify(fdatasync);
const truncateFile = promisify(ftruncate);
/** Below this a killed process leaves nothing worth going on from. */
const FIRST_CHECKPOINT_BYTES = 1024 * 1024;
/** At most so much is fetched again after a kill or a power cut. */
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
/** From this size on it is worth while to hash in another thread: one has to be started. */
const THREADED_BYTES = 8 * 1024 * 1024;

/** Thrown by {@link PartFile} when another process has begun the same recording: this one waits for it. */
export class FetchedElsewhere extends Error {
  override readonly name = 'FetchedElsewhere';
}

/**
 * The bytes of one recording on their way to disk (0600, in the target folder). It lives over several tries, so that a broken
 * body goes on where it ended. From 1 MiB on, where the storage lets versions be told apart, it stands under a name that
 * later processes find, behind a lock, with a note of what is on disk for certain; so a killed process loses 16 MiB at most.
 * Methods throw AppError `disk-full`, `storage-…`, and TryFailed where the hash was lost.
 */
export class PartFile {
  readonly #options: PartOptions;
  readonly #names: PartNames;
  #fd: number | undefined;
  #path: string;
  #lock: HeldLock | undefined;
  #facts: FileFacts = { totalBytes: undefined, validator: undefined };
  #bytes: GatheredBytes;
  #checkpointAt = FIRST_CHECKPOINT_BYTES;
  /** The write under way; never rejects. */
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: PartOptions) {
    this.#options = options;
    this.#names = partNames(options.final, options.key);
    this.#path = this.#names.working;
    this.#bytes = new GatheredBytes(options.buffers);
  }

  get sizeBytes(): number {
    return this.#bytes.sizeBytes;
  }

  get facts(): FileFacts {
    return this.#facts;
  }

  /**
   * Takes up what an earlier process has left; where one is at it, waits for its end first.
   * @param wait another process is known to be at it.
   * @returns false when there was nothing and nobody.
   */
  async takeUp(wait = false): Promise<boolean> {
    const { pid, signal } = this.#options;
    if (pid === undefined) return false;
    return this.#guard(async () => {
      if (!wait && (await readPartNote(this.#names.note)) === undefined) return false;
      const giveWay = (): Promise<boolean> => Promise.resolve(signal.aborted);
      this.#lock = await takeLock(this.#names.lock, { pid, waitMs: Number.MAX_SAFE_INTEGER, giveWay });
      signal.throwIfAborted();
      const note = await readPartNote(this.#names.note);
      this.#path = this.#names.part;
      const fd = openSync(this.#path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
      this.#fd = fd;
      if (note === undefined || !(await this.#readBack(fd, note.sizeBytes, note.sha256))) {
        await truncateFile(fd, 0);
        this.#forget();
        return true;
      }
      // Without the size in the note: how much there is changes from now on.
      this.#facts = { totalBytes: note.totalBytes, validator: note.validator };
      this.#checkpointAt = this.sizeBytes + CHECKPOINT_BYTES;
      await truncateFile(fd, this.sizeBytes);
      return true;
    });
  }

  /** Begins from the first byte with a file of which the storage says `facts`. */
  async restart(facts: FileFacts): Promise<void> {
    await this.#guard(async () => {
      await this.#settle();
      if (this.#fd === undefined) this.#fd = await this.#create();
      else await truncateFile(this.#fd, 0);
      const isLarge = (facts.totalBytes ?? 0) >= THREADED_BYTES;
      this.#forget(isLarge ? this.#options.hashes?.begin() : undefined);
      this.#facts = facts;
    });
  }

  /** Copies `chunk`, which the caller may use again; waits while the disk is slower than the network. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.length;) {
      taken += this.#bytes.add(taken === 0 ? chunk : chunk.subarray(taken));
      if (!this.#bytes.isFull) return;
      await this.#guard(async () => {
        await this.#settle();
        this.#begin({ isCheckpoint: this.#isCheckpoint() });
      });
    }
  }

  /** Writes the rest, syncs and closes; name and lock stay. */
  async finish(): Promise<FinishedPart> {
    return this.#guard(async () => {
      await this.#drain();
      if (this.#fd !== undefined) await syncFile(this.#fd);
      this.#close();
      const { sizeBytes, head } = this.#bytes;
      return { path: this.#path, sizeBytes, sha256: await this.#bytes.sha256(), head };
    });
  }

  /** Ends it so that a later process can go on; where that is not possible it is removed. Never throws. */
  async keep(): Promise<void> {
    try {
      await this.#drain();
      if (this.sizeBytes > 0 && this.#isKeepable()) {
        await this.#checkpoint(this.sizeBytes, await this.#bytes.sha256());
        this.#close();
        this.#bytes.clear();
        await this.#lock?.release();
        return;
      }
    } catch {
      // What cannot be kept is removed; the failure that counts is the one on its way.
    }
    await this.remove();
  }

  /** Removes all that is left of it and lets others in. Never throws: what stays is removed after eight days. */
  async remove(): Promise<void> {
    await this.#writing;
    try {
      this.#close();
    } catch {
      // It is not kept: that it was not written well is no news.
    }
    this.#bytes.clear();
    const owned = this.#lock === undefined ? [this.#path] : [this.#path, this.#names.note];
    for (const path of owned) unlinkQuietly(path);
    await this.#lock?.release();
    this.#lock = undefined;
  }

  /** After the file has its final name: removes the note and lets others in. Never throws. */
  async close(): Promise<void> {
    this.#bytes.clear();
    if (this.#lock === undefined) return;
    unlinkQuietly(this.#names.note);
    await this.#lock.release();
    this.#lock = undefined;
  }

  async #create(): Promise<number> {
    try {
      return openSync(this.#path, 'wx', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await this.#options.remake();
      return openSync(this.#path, 'wx', 0o600);
    }
  }

  /** Bytes that are no longer wanted leave no trace in what is known. */
  #forget(hash?: RunningHash): void {
    if (this.#lock !== undefined) unlinkQuietly(this.#names.note);
    this.#bytes.clear();
    this.#bytes = new GatheredBytes(this.#options.buffers, hash);
    this.#checkpointAt = FIRST_CHECKPOINT_BYTES;
    this.#facts = { totalBytes: undefined, validator: undefined };
  }

  async #readBack(fd: number, sizeBytes: number, sha256: string): Promise<boolean> {
    const buffer = Buffer.alloc(WRITE_BYTES);
    while (this.sizeBytes < sizeBytes) {
      const wanted = Math.min(buffer.length, sizeBytes - this.sizeBytes);
      const { bytesRead } = await readAt(fd, buffer, 0, wanted, this.sizeBytes);
      if (bytesRead === 0) return false;
      await this.#bytes.addWritten(buffer.subarray(0, bytesRead));
    }
    return (await this.#bytes.sha256()) === sha256;
  }

  #isKeepable(): boolean {
    return this.#facts.validator !== undefined && this.#options.pid !== undefined;
  }

  #isCheckpoint(): boolean {
    return this.#isKeepable() && this.sizeBytes >= this.#checkpointAt;
  }

  /** Waits for the write under way. */
  async #settle(): Promise<void> {
    await this.#writing;
    this.#writing = undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #drain(): Promise<void> {
    await this.#settle();
    const batch = this.#bytes.cut(true);
    if (batch === undefined || this.#fd === undefined) return;
    const { bytes, position } = batch;
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.#fd, bytes, written, bytes.length - written, position + written);
    }
    batch.written();
    await batch.behind;
  }

  /** Starts to write what waits; the network is read on meanwhile. */
  #begin({ isCheckpoint }: { readonly isCheckpoint: boolean }): void {
    const batch = this.#bytes.cut(false);
    if (batch === undefined) return;
    const { sizeBytes } = this;
    const { bytes, position } = batch;
    if (isCheckpoint) this.#checkpointAt = sizeBytes + CHECKPOINT_BYTES;
    // Asked for now, before the next piece is told.
    const sha256 = isCheckpoint ? this.#bytes.sha256() : undefined;
    const work = async (): Promise<void> => {
      for (let written = 0; this.#fd !== undefined && written < bytes.length;) {
        // A disk that takes a part only: the next write goes on, or names the reason.
        const { bytesWritten } = await writeAt(this.#fd, bytes, written, bytes.length - written, position + written);
        written += bytesWritten;
      }
      batch.written();
      await batch.behind;
      if (sha256 !== undefined) await this.#checkpoint(sizeBytes, await sha256);
    };
    this.#writing = work().catch((error: unknown) => {
      this.#failure = { error };
    });
  }

  async #checkpoint(sizeBytes: number, sha256: string): Promise<void> {
    const { validator, totalBytes } = this.#facts;
    if (validator === undefined) return;
    if (this.#lock === undefined) await this.#adopt();
    if (this.#fd !== undefined) await syncData(this.#fd);
    await writePartNote(this.#names.note, { sizeBytes, totalBytes, sha256, validator });
  }

  /** Moves to the name that later processes find. */
  async #adopt(): Promise<void> {
    const { pid = 0 } = this.#options;
    const lock = await takeLock(this.#names.lock, { pid, waitMs: 0, giveWay: () => Promise.resolve(true) });
    if (lock === undefined) throw new FetchedElsewhere('another process fetches the same recording');
    this.#lock = lock;
    await rename(this.#path, this.#names.part);
    this.#path = this.#names.part;
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof FetchedElsewhere || this.#options.signal.aborted) throw error;
      if (error instanceof HashLost) throw new TryFailed(new AppError('storage-failed', error.words), 'at-once');
      throw storageError(error, { zh: `无法写入 ${this.#options.final}`, en: `cannot write ${this.#options.final}` });
    }
  }
}
