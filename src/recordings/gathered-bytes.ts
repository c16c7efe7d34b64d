import { createHash, type Hash } from 'node:crypto';
import { WAV_HEAD_BYTES } from './wav.js';
import { WRITE_BYTES, type WriteBuffers } from './write-buffers.js';

/** Bytes on their way to disk. */
export interface Batch {
  readonly bytes: Uint8Array;
  /** Where they begin in the file. */
  readonly position: number;
  /** To be called when they are written: their memory is used again. */
  readonly written: () => void;
}

const NOTHING = new Uint8Array(0);

/** All that has come of a file: its hash and its head, and the end of it that is still to be written. */
export class GatheredBytes {
  readonly #buffers: WriteBuffers;
  readonly #hash: Hash = createHash('sha256');
  #head: Uint8Array = NOTHING;
  #sizeBytes = 0;
  /** What waits is the first `#waitingBytes` of it. */
  #buffer: Buffer | undefined;
  #waitingBytes = 0;
  /** Holds all of a file that fits into it, its head as well. */
  #headBuffer: Buffer | undefined;

  constructor(buffers: WriteBuffers) {
    this.#buffers = buffers;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The first 64 KiB of what was cut, or all of it; stands until {@link clear}. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** Whether enough waits for a write. */
  get isFull(): boolean {
    return this.#waitingBytes === WRITE_BYTES;
  }

  /** Copies as much of `chunk` as there is room for. @returns how much. */
  add(chunk: Uint8Array): number {
    this.#buffer ??= this.#buffers.take();
    const fits = chunk.subarray(0, WRITE_BYTES - this.#waitingBytes);
    this.#buffer.set(fits, this.#waitingBytes);
    this.#waitingBytes += fits.length;
    this.#sizeBytes += fits.length;
    return fits.length;
  }

  /** Takes note of bytes that lie on disk already, behind all before them. */
  addWritten(piece: Uint8Array): void {
    this.#hash.update(piece);
    if (this.#sizeBytes === 0) this.#head = Uint8Array.prototype.slice.call(piece, 0, WAV_HEAD_BYTES);
    this.#sizeBytes += piece.length;
  }

  /**
   * Takes out what waits.
   * @param isLast nothing comes behind it.
   * @returns `undefined` when nothing waits.
   */
  cut(isLast: boolean): Batch | undefined {
    const buffer = this.#buffer;
    if (buffer === undefined) return undefined;
    const bytes = buffer.subarray(0, this.#waitingBytes);
    const position = this.#sizeBytes - bytes.length;
    this.#buffer = undefined;
    this.#waitingBytes = 0;
    this.#hash.update(bytes);
    const isAll = position === 0 && isLast;
    if (isAll) this.#headBuffer = buffer;
    if (position === 0) {
      const head = bytes.subarray(0, WAV_HEAD_BYTES);
      this.#head = isAll ? head : Uint8Array.prototype.slice.call(head);
    }
    const written = (): void => {
      if (!isAll) this.#buffers.give(buffer);
    };
    return { bytes, position, written };
  }

  /** SHA-256 of what was cut or lay there before, lower-case hex. */
  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Gives the memory back. Nothing may be on its way to disk any more. */
  clear(): void {
    if (this.#buffer !== undefined) this.#buffers.give(this.#buffer);
    if (this.#headBuffer !== undefined) this.#buffers.give(this.#headBuffer);
    this.#buffer = undefined;
    this.#headBuffer = undefined;
    this.#head = NOTHING;
    this.#waitingBytes = 0;
  }
}
