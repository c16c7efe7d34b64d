import { readSync } from 'node:fs';
import { PageError } from './index-pages.js';

/** A window on which reading goes on grows by this factor, so that lines which follow each other by chance cost little. */
const GROWTH = 4;
const LEAST_BYTES = 4 * 1024;
const MOST_BYTES = 256 * 1024;
/** Lines that count no more are passed over. */
const GAP_BYTES = 16 * 1024;
/** One for the lines in their order, one for their changes where those were written in the same order, and some for lines that stand anywhere. */
const WINDOWS = 4;

interface Window {
  readonly start: number;
  readonly bytes: Buffer;
}

/**
 * Reads lines of a log whose places are known, lines that follow each other many at a time. The latest line of a changed key stands far behind its first one:
 * whoever reads all keys in their order goes to and fro, and with one window alone would read most of the log again for each change.
 */
export class LineWindows {
  readonly #fd: number;
  /** The one used last comes first. */
  readonly #windows: Window[] = [];

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Bytes from `start` to `end` (excluded). @throws {PageError} when the file is shorter; the error of the file system. */
  read(start: number, end: number): Buffer {
    const windows = this.#windows;
    const holding = windows.findIndex((one) => start >= one.start && end <= one.start + one.bytes.length);
    const held = windows[holding];
    if (held !== undefined) {
      if (holding > 0) this.#use(held, holding);
      return held.bytes.subarray(start - held.start, end - held.start);
    }
    const before = windows.findIndex((one) => isNext(one, start));
    const length = Math.max(end - start, nextLength(windows[before]));
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(this.#fd, bytes, 0, length, start);
    if (read < end - start) throw new PageError('the log is shorter than its index');
    this.#use({ start, bytes: bytes.subarray(0, read) }, before < 0 ? WINDOWS - 1 : before);
    return bytes.subarray(0, end - start);
  }

  /** Puts a window first, in place of the one at `place`. */
  #use(window: Window, place: number): void {
    this.#windows.splice(place, 1);
    this.#windows.unshift(window);
  }
}

/** Whether a line that begins there is met by reading on from the window. */
function isNext({ start, bytes }: Window, from: number): boolean {
  return from >= start && from <= start + bytes.length + GAP_BYTES;
}

/** What is read on from a window; of what stands alone no more than is asked for. */
function nextLength(window: Window | undefined): number {
  if (window === undefined) return 0;
  return Math.min(MOST_BYTES, Math.max(LEAST_BYTES, window.bytes.length * GROWTH));
}
