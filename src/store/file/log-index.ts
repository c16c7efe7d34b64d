import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { CONTENT_WORDS, PAGE_BYTES, PageError, PageReader, type Section } from './index-pages.js';
import { hashTerm, KEY_KIND, TERM_KIND, type TermHash } from './term-hash.js';

/** Lines whose instants are kept together as earliest and latest. */
export const ZONE_LINES = 512;
/** Instants behind it are kept as this one, those before 1970 as 0. */
export const LAST_SECOND = 2 ** 32 - 1;
/** Entries of a table that says where the hashes begin that start with these 16 bits. */
export const FAN = 65_536;
const FINGERPRINT_BYTES = 16_384;

/** A part of a log: its first `size` bytes. */
export interface LogPart {
  readonly fd: number;
  /** Of the file, see `identityOf`. */
  readonly identity: string;
  readonly size: number;
}

/** A line of the indexed part that cannot be trusted. */
export interface DamagedLine {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** The sections of an index. */
export interface IndexSections {
  /** Upper half of the hash, line (from 0) of each term of each line; by hash, then line. */
  readonly terms: Section;
  readonly termFan: Section;
  /** Both halves of the hash, place among the keys by their first line, latest line; by hash. */
  readonly keys: Section;
  readonly keyFan: Section;
  /** Where each line begins: lower and upper half. */
  readonly lines: Section;
  /** Earliest and latest instant of {@link ZONE_LINES} lines, in seconds, rounded outwards. */
  readonly zones: Section;
}

/** What an index says of itself. */
export interface IndexHead {
  /** 1; of another version nothing is known. */
  readonly v: number;
  readonly identity: string;
  /** Bytes of the log that it covers: whole lines. */
  readonly covered: number;
  /** CRC-32 of the first and the last bytes of this part. */
  readonly fingerprint: number;
  readonly seed: number;
  readonly pages: number;
  /** How many lines are damaged, and the first of them. */
  readonly damaged: { readonly count: number; readonly first: readonly DamagedLine[] };
  readonly sections: IndexSections;
}

/** A key of the indexed part. */
export interface IndexedKey {
  /** From 0: its place among the keys by their first lines. */
  readonly place: number;
  /** From 0: its latest whole line. */
  readonly latest: number;
}

/** Opens the index in `file` when it is whole and of the beginning of this log. @returns `undefined` otherwise. Never throws. */
export function openLogIndex(file: string, log: LogPart): LogIndex | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    const reader = new PageReader(fd);
    const words = reader.page(0).subarray(0, CONTENT_WORDS);
    const head = JSON.parse(
      Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('utf8'),
    ) as IndexHead;
    const isOurs = head.v === 1 && head.identity === log.identity && head.covered <= log.size;
    if (
      isOurs &&
      fstatSync(fd).size === head.pages * PAGE_BYTES &&
      fingerprintOf(log.fd, head.covered) === head.fingerprint
    ) {
      const index = new LogIndex({ fd, log, head, reader });
      fd = undefined;
      return index;
    }
  } catch {
    // Missing, unreadable or torn: the log itself has everything.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  return undefined;
}

/** CRC-32 of the first and the last bytes before `end`. @throws the error of the file system. */
export function fingerprintOf(fd: number, end: number): number {
  const bytes = Buffer.alloc(Math.min(FINGERPRINT_BYTES, end));
  const first = readSync(fd, bytes, 0, bytes.length, 0);
  const crc = crc32(bytes.subarray(0, first));
  const last = readSync(fd, bytes, 0, bytes.length, end - bytes.length);
  return crc32(bytes.subarray(0, last), crc);
}

/**
 * An index of the first part of a log, read page by page: nothing is loaded that is not asked for. Derived and never the truth: what it finds is read from the
 * log and checked there. Every method throws `PageError` where the index is damaged, and the error of the file system.
 */
export class LogIndex {
  readonly head: IndexHead;
  readonly reader: PageReader;
  readonly #fd: number;
  readonly #log: LogPart;

  constructor(parts: {
    readonly fd: number;
    readonly log: LogPart;
    readonly head: IndexHead;
    readonly reader: PageReader;
  }) {
    this.#fd = parts.fd;
    this.#log = parts.log;
    this.head = parts.head;
    this.reader = parts.reader;
  }

  /** Lines of the indexed part, damaged and empty ones included. */
  get lineCount(): number {
    return this.head.sections.lines.count;
  }

  get keyCount(): number {
    return this.head.sections.keys.count;
  }

  /** Where `key` stands; a key that was never in the log may be taken for another one of the same hash: look at the line. */
  findKey(key: string): IndexedKey | undefined {
    const { keys, keyFan } = this.head.sections;
    const hash = hashTerm(key, this.head.seed, KEY_KIND);
    let [low, high] = this.#fanOf(keyFan, hash);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBefore(keys, middle, hash)) low = middle + 1;
      else high = middle;
    }
    if (low >= keys.count) return undefined;
    const word = (at: number): number => this.reader.word(keys, low, at);
    return word(0) === hash.high && word(1) === hash.low ? { place: word(2), latest: word(3) } : undefined;
  }

  /** Records of `term` in the table of terms: from, and to (excluded). Some may be of other terms. */
  findTerm(term: string): readonly [from: number, to: number] {
    const { terms, termFan } = this.head.sections;
    const { high: wanted } = hashTerm(term, this.head.seed, TERM_KIND);
    const [low, high] = this.#fanOf(termFan, { high: wanted, low: 0 });
    const bound = (isBelow: (hash: number) => boolean): number => {
      let [from, to] = [low, high];
      while (from < to) {
        const middle = (from + to) >>> 1;
        if (isBelow(this.reader.word(terms, middle, 0))) from = middle + 1;
        else to = middle;
      }
      return from;
    };
    return [bound((hash) => hash < wanted), bound((hash) => hash <= wanted)];
  }

  /** The line (from 0) of a record of the table of terms. */
  lineOfTerm(record: number): number {
    return this.reader.word(this.head.sections.terms, record, 1);
  }

  /** The latest line of each key, in the order in which the keys first appear: four bytes a key. */
  latestLines(): Uint32Array {
    const { keys } = this.head.sections;
    const lines = new Uint32Array(keys.count);
    for (let record = 0; record < keys.count; record += 1)
      lines[this.reader.word(keys, record, 2)] = this.reader.word(keys, record, 3);
    return lines;
  }

  /** Where a line (from 0) begins and where it ends, its line feed left out. */
  placeOf(line: number): readonly [start: number, end: number] {
    const next = line + 1 < this.lineCount ? this.#startOf(line + 1) : this.head.covered;
    return [this.#startOf(line), next - 1];
  }

  /** The bytes of a line (from 0), without its line feed. */
  readLine(line: number): Buffer {
    const [start, end] = this.placeOf(line);
    const bytes = Buffer.allocUnsafe(end - start);
    const read = readSync(this.#log.fd, bytes, 0, bytes.length, start);
    if (read !== bytes.length) throw new PageError('the log is shorter than its index');
    return bytes;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #startOf(line: number): number {
    const { lines } = this.head.sections;
    return this.reader.word(lines, line, 0) + this.reader.word(lines, line, 1) * 2 ** 32;
  }

  #fanOf(fan: Section, { high }: TermHash): [number, number] {
    const bits = high >>> 16;
    return [this.reader.word(fan, bits, 0), this.reader.word(fan, bits + 1, 0)];
  }

  #isBefore(keys: Section, record: number, hash: TermHash): boolean {
    const high = this.reader.word(keys, record, 0);
    return high < hash.high || (high === hash.high && this.reader.word(keys, record, 1) < hash.low);
  }
}
