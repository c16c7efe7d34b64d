import { type FileHandle, open } from 'node:fs/promises';
import { storageError } from '../../errors.js';
import { type JobHead, type JobRecord, ROW_STATES, type RowCounts, type RowLine, type RowState } from '../jobs.js';
import type { JournalDamage } from '../journal.js';
import { readJobLine, readRowLine } from './job-lines.js';
import { LineError } from './sealed-line.js';

/** Told of a line that cannot be trusted. */
export type JobDamageListener = (damage: JournalDamage) => void;

const BLOCK_BYTES = 1_048_576;
/** No line of ours is longer: what follows one is not read. */
const MAX_LINE_BYTES = 64 * BLOCK_BYTES;
const LINE_FEED = 0x0a;

/**
 * What the lines of a job's file say, in nine bytes a row: the state of each row and where its latest line stands. The lines themselves stay on the disk.
 * A line that was cut or changed is left out and told to `onDamage`.
 */
export class JobRows implements JobRecord {
  #head: JobHead | undefined;
  #rows: number | undefined;
  #states = new Uint8Array(1024);
  #offsets = new Float64Array(1024);
  #updatedAt = new Date(0);
  readonly #file: string;
  readonly #counts: Record<RowState, number> = {
    waiting: 0,
    sent: 0,
    done: 0,
    already: 0,
    refused: 0,
    'in-doubt': 0,
  };
  /** Rows that have a line. */
  #known = 0;
  /** One after the other: they share the block that was read last. */
  #turn: Promise<unknown> = Promise.resolve();
  #last: { readonly handle: FileHandle; start: number; bytes: Buffer } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Reads the whole file. @returns the bytes up to the end of its last whole line. @throws AppError `storage-…`. */
  async load(onDamage?: JobDamageListener): Promise<number> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.#file, 'r');
      const { mtime } = await handle.stat();
      this.#updatedAt = mtime;
      let offset = 0;
      let number = 1;
      let held: Buffer = Buffer.alloc(0);
      for (;;) {
        const block = Buffer.allocUnsafe(BLOCK_BYTES);
        const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, offset + held.length);
        if (bytesRead === 0) break;
        const bytes =
          held.length === 0 ? block.subarray(0, bytesRead) : Buffer.concat([held, block.subarray(0, bytesRead)]);
        let start = 0;
        // Millions of lines: to wait for each of them would take longer than to read them.
        for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
          this.#take(bytes.subarray(start, end), { offset: offset + start, number: number++ }, onDamage);
          start = end + 1;
        }
        offset += start;
        held = bytes.subarray(start);
        if (held.length > MAX_LINE_BYTES) break;
      }
      return offset;
    } catch (error) {
      throw storageError(error, { zh: `无法读取 ${this.#file}`, en: `cannot read ${this.#file}` });
    } finally {
      await handle?.close();
    }
  }

  #take(
    bytes: Buffer,
    at: { readonly offset: number; readonly number: number },
    onDamage: JobDamageListener | undefined,
  ): void {
    if (bytes.length === 0) return;
    try {
      const line = readJobLine(bytes);
      if (line.kind === 'row') this.note(line.row, line.state, at.offset);
      else if (line.kind === 'begin') this.#rows = line.rows;
      else this.#head = line.head;
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      onDamage?.({ file: this.#file, line: at.number, reason: error.message });
    }
  }

  /** Enters what a line at `offset` says. */
  note(row: number, state: RowState, offset: number, at?: Date): void {
    if (row >= this.#states.length) this.#grow(row + 1);
    const before = this.#states[row] ?? 0;
    if (before === 0) this.#known += 1;
    else this.#counts[ROW_STATES[before - 1] ?? 'waiting'] -= 1;
    this.#states[row] = ROW_STATES.indexOf(state) + 1;
    this.#offsets[row] = offset;
    this.#counts[state] += 1;
    if (at !== undefined) this.#updatedAt = at;
  }

  #grow(least: number): void {
    const length = Math.max(least, this.#states.length * 2);
    const states = new Uint8Array(length);
    const offsets = new Float64Array(length);
    states.set(this.#states);
    offsets.set(this.#offsets);
    this.#states = states;
    this.#offsets = offsets;
  }

  /** Says that the planning is over. */
  begin(rows: number): void {
    this.#rows = rows;
  }

  setHead(head: JobHead): void {
    this.#head = head;
    this.#updatedAt = head.at;
  }

  get hasHead(): boolean {
    return this.#head !== undefined;
  }

  get head(): JobHead {
    if (this.#head === undefined)
      throw storageError(new LineError('it has no head'), {
        zh: `无法使用 ${this.#file}`,
        en: `cannot use ${this.#file}`,
      });
    return this.#head;
  }

  get rows(): number | undefined {
    return this.#rows;
  }

  get counts(): RowCounts {
    const silent = this.#rows === undefined ? 0 : this.#rows - this.#known;
    return { ...this.#counts, waiting: this.#counts.waiting + silent };
  }

  get updatedAt(): Date {
    return this.#updatedAt;
  }

  stateOf(row: number): RowState {
    return ROW_STATES[(this.#states[row] ?? 0) - 1] ?? 'waiting';
  }

  lineOf(row: number): Promise<RowLine | undefined> {
    const mine = this.#turn.then(() => this.#readRow(row));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #readRow(row: number): Promise<RowLine | undefined> {
    if ((this.#states[row] ?? 0) === 0) return undefined;
    try {
      return readRowLine(await this.#lineAt(this.#offsets[row] ?? 0));
    } catch (error) {
      if (error instanceof LineError) return undefined;
      throw storageError(error, { zh: `无法读取 ${this.#file}`, en: `cannot read ${this.#file}` });
    }
  }

  /** Lines of neighbouring rows stand near each other: one block serves many of them. */
  async #lineAt(offset: number): Promise<Buffer> {
    this.#last ??= { handle: await open(this.#file, 'r'), start: 0, bytes: Buffer.alloc(0) };
    const last = this.#last;
    for (let size = BLOCK_BYTES; ; size *= 4) {
      const from = offset - last.start;
      const end = from < 0 || from >= last.bytes.length ? -1 : last.bytes.indexOf(LINE_FEED, from);
      if (end >= 0) return last.bytes.subarray(from, end);
      const bytes = Buffer.allocUnsafe(size);
      const { bytesRead } = await last.handle.read(bytes, 0, size, offset);
      last.start = offset;
      last.bytes = bytes.subarray(0, bytesRead);
      if (bytesRead < size && !last.bytes.includes(LINE_FEED)) throw new LineError('the line is incomplete');
    }
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#last?.handle.close();
    this.#last = undefined;
  }
}
