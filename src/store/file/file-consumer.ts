import { join } from 'node:path';
import type { HeldLock } from '../../disk/lock-file.js';
import { storageError } from '../../errors.js';
import type { JournalConsumer, JournalDamage, StoredPush } from '../journal.js';
import { consumerFile, dayOfSegment, firstDayNeeded, type ConsumerPlace, type SegmentPlace } from './consumer-place.js';
import { dayOf, listDays, listSegments, type SegmentFile } from './journal-files.js';
import { judgeLine } from './journal-reader.js';
import type { JournalLine } from './journal-line.js';
import { PlaceSaver } from './place-saver.js';
import { readSegment } from './read-segment.js';
import { SeenKeys } from './seen-keys.js';
import { earliest, SegmentReading } from './segment-reading.js';
import { SegmentTail } from './segment-tail.js';

/** How often the folder is looked at for what other processes write. */
const POLL_MS = 250;
/** So long what is written in this process is gathered before it is read. */
const GATHER_MS = 5;
const DAY_MS = 86_400_000;

/** Options of a {@link FileConsumer}. */
export interface ConsumerOptions {
  /** Data folder; the journal is the folder `journal` in it, the places are in `consumers`. */
  readonly folder: string;
  readonly name: string;
  /** How people know it; kept with the place. */
  readonly label?: string | undefined;
  readonly now: () => Date;
  readonly pid: number;
  readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
  /** Registers to be told of each write of this process; gives what ends it. */
  readonly onWritten: (wake: () => void) => () => void;
}

/** Reads the journal's segments from where its place says, as they grow. */
export class FileConsumer implements JournalConsumer {
  readonly #options: ConsumerOptions;
  readonly #journalFolder: string;
  readonly #lock: HeldLock;
  readonly #place: ConsumerPlace;
  readonly #saver: PlaceSaver;
  readonly #seen = new SeenKeys();
  readonly #tails = new Map<string, SegmentTail>();
  /** Left by an earlier run, by segment; they come again when the segment is read. */
  readonly #left = new Map<string, Set<number>>();
  #wake: () => void = () => undefined;
  #written = false;
  readonly #unregister: () => void;

  /** @param lock held for the place; let go when the consumer is closed. */
  constructor(options: ConsumerOptions, place: ConsumerPlace, lock: HeldLock) {
    const { folder, name, now } = options;
    this.#options = options;
    this.#journalFolder = join(folder, 'journal');
    this.#lock = lock;
    this.#place = place;
    this.#saver = new PlaceSaver(consumerFile(folder, name), place, now);
    this.#unregister = options.onWritten(() => {
      this.#written = true;
      this.#wake();
    });
    this.#takeUpLeft();
  }

  async *pushes(signal: AbortSignal): AsyncGenerator<StoredPush, void, undefined> {
    // A loop that was broken off may have taken what it never settled.
    this.#takeUpLeft();
    this.#tails.clear();
    while (!isAborted(signal)) {
      this.#written = false;
      this.#stepBackWithTheClock();
      try {
        for (const day of await this.#days()) {
          for await (const push of this.#mergeDay(day)) {
            yield push;
            if (isAborted(signal)) return;
          }
        }
      } catch (error) {
        throw storageError(error, {
          zh: `无法读取推送日志 ${this.#journalFolder}`,
          en: `cannot read the journal ${this.#journalFolder}`,
        });
      }
      this.#letDaysGo();
      await this.#pause(signal);
    }
  }

  settle(id: string): void {
    const colon = id.lastIndexOf(':');
    this.#place.segments.get(id.slice(0, colon))?.pending.delete(Number(id.slice(colon + 1)));
    this.#saver.saveSoon();
  }

  async close(): Promise<void> {
    this.#unregister();
    this.#place.closed = true;
    await this.#saver.save();
    await this.#lock.release();
  }

  #takeUpLeft(): void {
    for (const [id, { pending }] of this.#place.segments) if (pending.size > 0) this.#left.set(id, new Set(pending));
  }

  async #days(): Promise<string[]> {
    return (await listDays(this.#journalFolder, {})).filter((day) => day >= firstDayNeeded(this.#place));
  }

  /** The segments of a day grow side by side: the line that arrived first comes first. */
  async *#mergeDay(day: string): AsyncGenerator<StoredPush, void, undefined> {
    const readings: SegmentReading[] = [];
    for (const segment of await listSegments(this.#journalFolder, day)) {
      if (segment.gzipped) yield* this.#readGzipped(segment);
      else readings.push(new SegmentReading(segment, this.#tailOf(segment), this.#options.onDamage));
    }
    for (const reading of readings) await reading.fill();
    for (;;) {
      const reading = earliest(readings);
      if (reading?.line === undefined) return;
      const push = this.#take(reading.segment, reading.line, reading.startBytes);
      if (push !== undefined) yield push;
      await reading.pass();
    }
  }

  #tailOf(segment: SegmentFile): SegmentTail {
    const known = this.#tails.get(segment.id);
    if (known !== undefined) return known;
    const startBytes = this.#left.has(segment.id) ? 0 : (this.#place.segments.get(segment.id)?.bytes ?? 0);
    const tail = SegmentTail.from(segment, startBytes);
    this.#tails.set(segment.id, tail);
    return tail;
  }

  /** One that was gzipped before everything in it was handed on. */
  async *#readGzipped(segment: SegmentFile): AsyncGenerator<StoredPush, void, undefined> {
    const place = this.#placeOf(segment.id);
    if (place.upTo === Number.MAX_SAFE_INTEGER && !this.#left.has(segment.id)) return;
    for await (const line of readSegment(segment, { bodies: true, onDamage: this.#options.onDamage })) {
      const push = this.#take(segment, line, 0);
      if (push !== undefined) yield push;
    }
    place.upTo = Number.MAX_SAFE_INTEGER;
    this.#saver.saveSoon();
  }

  /** Notes that a line has been read. @returns `undefined` for one that is settled, or need not be handed on. */
  #take(segment: SegmentFile, line: JournalLine, startBytes: number): StoredPush | undefined {
    const place = this.#placeOf(segment.id);
    const isNew = line.sequence > place.upTo;
    const left = this.#left.get(segment.id)?.delete(line.sequence) === true && place.pending.has(line.sequence);
    if (isNew) {
      place.upTo = line.sequence;
      place.bytes = startBytes;
    }
    if (!isNew && !left) return undefined;
    const push = judgeLine(line, segment.id, {}, this.#seen);
    if (push === undefined) {
      place.pending.delete(line.sequence);
      this.#saver.saveSoon();
    } else {
      place.pending.add(line.sequence);
    }
    return push;
  }

  #placeOf(id: string): SegmentPlace {
    let place = this.#place.segments.get(id);
    if (place === undefined) {
      place = { upTo: 0, bytes: 0, pending: new Set() };
      this.#place.segments.set(id, place);
    }
    return place;
  }

  /** A clock that was far ahead and is right again: what comes now lies in days that seemed to be over. */
  #stepBackWithTheClock(): void {
    const yesterday = this.#yesterday();
    if (yesterday < this.#place.fromDay) this.#place.fromDay = yesterday;
  }

  #letDaysGo(): void {
    // What was left and did not come again is no longer in the journal.
    for (const [id, gone] of this.#left) for (const one of gone) this.#place.segments.get(id)?.pending.delete(one);
    this.#left.clear();
    const needed = firstDayNeeded({ ...this.#place, fromDay: this.#yesterday() });
    if (needed <= this.#place.fromDay) return;
    this.#place.fromDay = needed;
    for (const id of this.#place.segments.keys()) {
      if (dayOfSegment(id) >= needed) continue;
      this.#place.segments.delete(id);
      this.#tails.delete(id);
    }
    this.#saver.saveSoon();
  }

  #yesterday(): string {
    return dayOf(new Date(this.#options.now().getTime() - DAY_MS));
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wake = () => undefined;
        resolve();
      };
      let timer = setTimeout(done, this.#written ? GATHER_MS : POLL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        timer = setTimeout(done, GATHER_MS);
      };
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}

/** Asked anew each time: it changes while the loop waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
