import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HeldLock } from '../../disk/lock-file.js';
import { FILE_MODE } from '../../disk/private-folder.js';
import { syncFolder } from '../../disk/sync-folder.js';
import { AppError, storageError } from '../../errors.js';
import type { JobHead, JobLog, RowCounts, RowLine, RowState } from '../jobs.js';
import { encodeBegin, encodeHead, encodeRow } from './job-lines.js';
import type { JobRows } from './job-rows.js';

/** Lines that were handed in and are not on the disk yet. */
interface Waiting {
  readonly buffers: readonly Buffer[];
  /** One for each of the buffers, or none where they are no rows. */
  readonly lines: readonly RowLine[];
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** Where a job's parts are. */
export interface JobFiles {
  readonly log: string;
  readonly input: string;
}

/**
 * The one writer of a job's file: appends, never rewrites. Lines that wait together share one write and two syncs. A refused write is cut off again and ends
 * the log: what was refused must not be found later.
 */
export class FileJobLog implements JobLog {
  readonly #files: JobFiles;
  readonly #rows: JobRows;
  readonly #lock: HeldLock;
  readonly #handle: FileHandle;
  readonly #removeUnbegun: () => Promise<void>;
  #size: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #failure: AppError | undefined;

  private constructor(parts: {
    readonly files: JobFiles;
    readonly rows: JobRows;
    readonly lock: HeldLock;
    readonly handle: FileHandle;
    readonly size: number;
    readonly removeUnbegun: () => Promise<void>;
  }) {
    this.#files = parts.files;
    this.#rows = parts.rows;
    this.#lock = parts.lock;
    this.#handle = parts.handle;
    this.#size = parts.size;
    this.#removeUnbegun = parts.removeUnbegun;
  }

  /** Opens the file behind `size` bytes of whole lines; what stands after them was cut off by the end of a process and goes. */
  static async open(parts: {
    readonly files: JobFiles;
    readonly rows: JobRows;
    readonly lock: HeldLock;
    readonly size: number;
    readonly removeUnbegun: () => Promise<void>;
  }): Promise<FileJobLog> {
    try {
      const handle = await open(parts.files.log, 'a', FILE_MODE);
      try {
        await handle.chmod(FILE_MODE);
        await handle.truncate(parts.size);
      } catch (error) {
        await handle.close().catch(() => undefined);
        throw error;
      }
      return new FileJobLog({ ...parts, handle });
    } catch (error) {
      throw storageError(error, { zh: `无法打开 ${parts.files.log}`, en: `cannot open ${parts.files.log}` });
    }
  }

  get head(): JobHead {
    return this.#rows.head;
  }
  get rows(): number | undefined {
    return this.#rows.rows;
  }
  get counts(): RowCounts {
    return this.#rows.counts;
  }
  get updatedAt(): Date {
    return this.#rows.updatedAt;
  }
  stateOf(row: number): RowState {
    return this.#rows.stateOf(row);
  }
  lineOf(row: number): Promise<RowLine | undefined> {
    return this.#rows.lineOf(row);
  }

  input(): AsyncIterable<Uint8Array> {
    return createReadStream(this.#files.input, { highWaterMark: 256 * 1024 });
  }

  async writeHead(head: JobHead): Promise<void> {
    await this.#write([encodeHead(head)], []);
    this.#rows.setHead(head);
    await syncFolder(dirname(this.#files.log));
  }

  async begin(rows: number): Promise<void> {
    await this.#write([encodeBegin(rows, this.head.at)], []);
    this.#rows.begin(rows);
  }

  append(lines: readonly RowLine[]): Promise<void> {
    return lines.length === 0 ? Promise.resolve() : this.#write(lines.map(encodeRow), lines);
  }

  #write(buffers: readonly Buffer[], lines: readonly RowLine[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((done, fail) => {
      this.#waiting.push({ buffers, lines, done, fail });
      this.#writing ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure !== undefined) throw this.#failure;
        await this.#writeGroup(Buffer.concat(group.flatMap(({ buffers }) => buffers)));
      } catch (error) {
        this.#failure = storageError(error, {
          zh: `无法写入 ${this.#files.log}`,
          en: `cannot write ${this.#files.log}`,
        });
        for (const { fail } of group) fail(this.#failure);
        continue;
      }
      for (const { buffers, lines, done } of group) {
        buffers.forEach((buffer, index) => {
          const line = lines[index];
          if (line !== undefined) this.#rows.note(line.row, line.state, this.#size, line.at);
          this.#size += buffer.length;
        });
        done();
      }
    }
    this.#writing = undefined;
  }

  async #writeGroup(bytes: Buffer): Promise<void> {
    if (!(await this.#lock.isMine()))
      throw new AppError('job-running', {
        zh: '另一个进程已接管该批量任务：本进程停顿过久',
        en: 'another process has taken this job over: it was stopped for long',
      });
    try {
      for (let offset = 0; offset < bytes.length;) offset += (await this.#handle.write(bytes, offset)).bytesWritten;
      await this.#handle.datasync();
      await this.#handle.datasync();
    } catch (error) {
      await this.#handle.truncate(this.#size).catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#rows.close();
    await this.#handle.close();
    if (this.rows === undefined) await this.#removeUnbegun();
    await this.#lock.release();
  }
}
