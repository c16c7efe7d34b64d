import { join } from 'node:path';
import { takeLock, type HeldLock } from '../../disk/lock-file.js';
import { makePrivateFolder } from '../../disk/private-folder.js';
import { storageError } from '../../errors.js';
import type { JournalConsumer, JournalDamage, StoredPush } from '../store.js';
import {
  consumerFile,
  consumersFolder,
  dayOfSegment,
  firstDayNeeded,
  readPlace,
  writePlace,
  type ConsumerPlace,
  type SegmentPlace,
} from './consumer-place.js';
import { dayOf, listDays, listSegments, type SegmentFile } from './journal-files.js';
import { judgeLine } from './journal-reader.js';
import type { JournalLine } from './journal-line.js';
import { lastSequence } from './last-sequence.js';
import { readSegment } from './read-segment.js';
import { SeenKeys } from './seen-keys.js';
import { SegmentTail } from './segment-tail.js';

/** How often the folder is looked at for what other processes write. */
const POLL_MS = 250;
/** So long what is written in this process is gathered before it is read. */
const GATHER_MS = 5;
/** How often the place is written while it changes. */
const SAVE_MS = 200;
const DAY_MS = 86_400_000;

/** Options of {@link openConsumer}. */
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

/**
 * Opens the consumer; see {@link JournalConsumer}.
 * @throws {AppError} `storage-locked` at once while another process has it; `storage-…`.
 */
export async function openConsumer(options: ConsumerOptions): Promise<JournalConsumer> {
  const { folder, name, pid, now } = options;
  const file = consumerFile(folder, name);
  const journalFolder = join(folder, 'journal');
  let lock: HeldLock | undefined;
  try {
    await makePrivateFolder(consumersFolder(folder));
    lock = await takeLock(`${file}.lock`, { pid, waitMs: 0 });
    const place = (await readPlace(file)) ?? (await placeOfNow(journalFolder, now()));
    // Written also where nothing changes in it: a process that is killed must not leave a place that looks closed.
    Object.assign(place, { label: options.label ?? place.label, usedAt: now(), closed: false });
    await writePlace(file, place);
    return new Consumer(options, { file, journalFolder, lock, place });
  } catch (error) {
    await lock?.release();
    throw storageError(error, { zh: `无法打开 ${file}`, en: `cannot open ${file}` });
  }
}

async function placeOfNow(journalFolder: string, now: Date): Promise<ConsumerPlace> {
  const fromDay = dayOf(new Date(now.getTime() - DAY_MS));
  const segments = new Map<string, SegmentPlace>();
  for (const day of await listDays(journalFolder, {})) {
    if (day < fromDay) continue;
    for (const segment of await listSegments(journalFolder, day)) {
      const { sequence, endBytes } = await lastSequence(segment);
      segments.set(segment.id, { upTo: sequence, bytes: endBytes, pending: new Set() });
    }
  }
  return { fromDay, segments };
}

interface Reading {
  readonly segment: SegmentFile;
  readonly tail: SegmentTail;
  lines: readonly JournalLine[];
  next: number;
  /** Where the lines held begin. */
  startBytes: number;
  /** Nothing more in this round. */
  dry: boolean;
}

class Consumer implements JournalConsumer {
  readonly #options: ConsumerOptions;
  readonly #file: string;
  readonly #journalFolder: string;
  readonly #lock: HeldLock;
  readonly #place: ConsumerPlace;
  readonly #seen = new SeenKeys();
  readonly #tails = new Map<string, SegmentTail>();
  /** Left by an earlier run, by segment; they come again when the segment is read. */
  readonly #left = new Map<string, Set<number>>();
  #saving: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #wake: () => void = () => undefined;
  #written = false;
  readonly #unregister: () => void;

  constructor(
    options: ConsumerOptions,
    own: { file: string; journalFolder: string; lock: HeldLock; place: ConsumerPlace },
  ) {
    this.#options = options;
    this.#file = own.file;
    this.#journalFolder = own.journalFolder;
    this.#lock = own.lock;
    this.#place = own.place;
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
    this.#saveSoon();
  }

  async close(): Promise<void> {
    this.#unregister();
    clearTimeout(this.#timer);
    this.#place.closed = true;
    this.#save();
    await this.#saving;
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
    const readings: Reading[] = [];
    for (const segment of await listSegments(this.#journalFolder, day)) {
      if (segment.gzipped) yield* this.#readGzipped(segment);
      else readings.push(this.#readingOf(segment));
    }
    for (const reading of readings) await this.#fill(reading);
    for (;;) {
      const reading = earliest(readings);
      const line = reading?.lines[reading.next];
      if (reading === undefined || line === undefined) return;
      reading.next += 1;
      const push = this.#take(reading.segment, line, reading.startBytes);
      if (push !== undefined) yield push;
      await this.#fill(reading);
    }
  }

  #readingOf(segment: SegmentFile): Reading {
    let tail = this.#tails.get(segment.id);
    if (tail === undefined) {
      const startBytes = this.#left.has(segment.id) ? 0 : (this.#place.segments.get(segment.id)?.bytes ?? 0);
      tail = SegmentTail.from(segment, startBytes);
      this.#tails.set(segment.id, tail);
    }
    return { segment, tail, lines: [], next: 0, startBytes: tail.offset, dry: false };
  }

  async #fill(reading: Reading): Promise<void> {
    while (!reading.dry && reading.next >= reading.lines.length) {
      reading.startBytes = reading.tail.offset;
      reading.lines = await reading.tail.next(this.#options.onDamage);
      reading.next = 0;
      // A chunk of damaged lines gives none although there is more.
      if (reading.lines.length === 0 && !(await reading.tail.hasMore())) reading.dry = true;
    }
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
    this.#saveSoon();
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
      this.#saveSoon();
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
    this.#saveSoon();
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

  #saveSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#save();
    }, SAVE_MS);
  }

  /** A place that cannot be written is written with the next one; until then the worst is that pushes come again. */
  #save(): void {
    this.#timer = undefined;
    this.#place.usedAt = this.#options.now();
    this.#saving = this.#saving.then(() => writePlace(this.#file, this.#place)).catch(() => undefined);
  }
}

/** Asked anew each time: it changes while the loop waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function earliest(readings: readonly Reading[]): Reading | undefined {
  let found: Reading | undefined;
  let foundMs = Number.POSITIVE_INFINITY;
  for (const reading of readings) {
    const ms = reading.lines[reading.next]?.push.at.getTime();
    if (ms === undefined || ms >= foundMs) continue;
    found = reading;
    foundMs = ms;
  }
  return found;
}
