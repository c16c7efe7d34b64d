import { type FileHandle, open } from 'node:fs/promises';
import { FILE_MODE, makePrivateFolder } from '../disk/private-folder.js';
import { dirname } from 'node:path';
import { storageError } from '../errors.js';
import type { ReplayItem } from './replay-item.js';
import type { ReplayVerdict } from './replay-verdict.js';
import { entryOf, type RunEnd, type RunHead } from './run-lines.js';

/** So much may wait to be written before the replay waits for the disk. */
const MOST_WAITING_CHARS = 4 * 1024 * 1024;

/**
 * Writes the file of a run: each push as soon as it is settled, so that a run that was killed goes on behind the last of them. What
 * was sent and not yet written then is sent again.
 */
export class RunLog {
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #waitingChars = 0;
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;
  #closed = false;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Makes the file of a new run, for its owner alone. @throws AppError `storage-…`. */
  static async create(path: string, head: RunHead): Promise<RunLog> {
    try {
      await makePrivateFolder(dirname(path));
      const log = new RunLog(path, await open(path, 'wx', FILE_MODE));
      log.#add(head);
      return log;
    } catch (error) {
      throw storageError(error, { zh: `无法把批次保存到 ${path}`, en: `cannot keep the run in ${path}` });
    }
  }

  /** Opens the file of a run that goes on. @throws AppError `storage-…`. */
  static async reopen(path: string): Promise<RunLog> {
    try {
      const log = new RunLog(path, await open(path, 'a', FILE_MODE));
      // The last line may have been cut.
      log.#waiting.push('\n');
      return log;
    } catch (error) {
      throw storageError(error, { zh: `无法继续 ${path} 中的批次`, en: `cannot go on with the run in ${path}` });
    }
  }

  /**
   * Adds a push that is settled.
   * @returns a promise to wait for when the disk is behind.
   * @throws AppError `storage-…` when the disk refused: a run with a hole in it must not look whole.
   */
  note(item: ReplayItem, verdict: ReplayVerdict): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    this.#add(entryOf(item, verdict));
    return this.#waitingChars > MOST_WAITING_CHARS ? this.#flushed() : undefined;
  }

  /** Writes the end, if the run came to it, and closes the file; once closed it does nothing. @throws AppError `storage-…`. */
  async close(end?: RunEnd): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (end !== undefined) this.#add(end);
    try {
      await this.#flushed();
    } finally {
      await this.#file.close();
    }
  }

  #add(line: unknown): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#waiting.push(text);
    this.#waitingChars += text.length;
    this.#flushed().catch(() => undefined);
  }

  #flushed(): Promise<void> {
    return (this.#writing ??= this.#write());
  }

  async #write(): Promise<void> {
    // What is settled in the same turn shares a write.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#waiting.length > 0) {
        const text = this.#waiting.join('');
        this.#waiting = [];
        this.#waitingChars = 0;
        await this.#file.appendFile(text);
      }
    } catch (error) {
      this.#failure = storageError(error, {
        zh: `无法把批次保存到 ${this.#path}`,
        en: `cannot keep the run in ${this.#path}`,
      });
      throw this.#failure;
    }
    this.#writing = undefined;
  }
}
