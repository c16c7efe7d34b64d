import type { JournalDamage } from '../journal.js';
import type { SegmentFile } from './journal-files.js';
import type { JournalLine } from './journal-line.js';
import type { SegmentTail } from './segment-tail.js';

/** What is new in a segment in one round, a line at a time. */
export class SegmentReading {
  readonly segment: SegmentFile;
  readonly #tail: SegmentTail;
  readonly #onDamage: ((damage: JournalDamage) => void) | undefined;
  #lines: readonly JournalLine[] = [];
  #next = 0;
  #startBytes: number;
  #isDry = false;

  constructor(segment: SegmentFile, tail: SegmentTail, onDamage: ((damage: JournalDamage) => void) | undefined) {
    this.segment = segment;
    this.#tail = tail;
    this.#onDamage = onDamage;
    this.#startBytes = tail.offset;
  }

  /** The line that comes next; `undefined` when it was not filled, or there is nothing more in this round. */
  get line(): JournalLine | undefined {
    return this.#lines[this.#next];
  }

  /** Where the lines that were read together with {@link line} begin in the segment. */
  get startBytes(): number {
    return this.#startBytes;
  }

  /** Goes on behind {@link line}. @throws the error of the file system. */
  pass(): Promise<void> {
    this.#next += 1;
    return this.fill();
  }

  /** Reads on where no line is left. @throws the error of the file system. */
  async fill(): Promise<void> {
    while (!this.#isDry && this.#next >= this.#lines.length) {
      this.#startBytes = this.#tail.offset;
      this.#lines = await this.#tail.next(this.#onDamage);
      this.#next = 0;
      // A chunk of damaged lines gives none although there is more.
      if (this.#lines.length === 0 && !(await this.#tail.hasMore())) this.#isDry = true;
    }
  }
}

/** The one whose line arrived first; `undefined` when none has a line. */
export function earliest(readings: readonly SegmentReading[]): SegmentReading | undefined {
  let found: SegmentReading | undefined;
  let foundMs = Number.POSITIVE_INFINITY;
  for (const reading of readings) {
    const ms = reading.line?.push.at.getTime();
    if (ms === undefined || ms >= foundMs) continue;
    found = reading;
    foundMs = ms;
  }
  return found;
}
