import type { TimeSpan } from '../keyed-log.js';
import { PageError } from './index-pages.js';
import { LAST_SECOND, type LogIndex, ZONE_LINES } from './log-index.js';
import { LineWindows } from './line-windows.js';
import { LineError } from './sealed-line.js';

/** More candidates than this part of all lines: reading everything in its order is quicker. */
const MOST_PART = 1 / 4;
const FEW = 1000;

/** A key found by an index: its place among all keys, its latest line. */
export interface FoundKey {
  readonly place: number;
  readonly line: number;
}

/** What is wanted: entries with all of these terms, or, without terms, of this time. */
export interface IndexQuery {
  readonly terms: readonly string[];
  readonly span: TimeSpan;
}

/** The part of a log that its index covers, as entries. Methods throw `PageError` where index and log do not agree. */
export class IndexedPart<T extends { readonly key: string }> {
  readonly index: LogIndex;
  readonly #decode: (bytes: Buffer) => T | LineError | undefined;
  readonly #lines: LineWindows;

  constructor(parts: {
    readonly index: LogIndex;
    /** Of the log. */
    readonly fd: number;
    readonly decode: (bytes: Buffer) => T | LineError | undefined;
  }) {
    this.index = parts.index;
    this.#decode = parts.decode;
    this.#lines = new LineWindows(parts.fd);
  }

  /** The entry of a line (from 0); lines asked for in their order are read fastest. */
  entryAt(line: number): T {
    const entry = this.#decode(this.#bytesOf(this.index.placeOf(line)));
    if (entry === undefined || entry instanceof LineError)
      throw new PageError(`line ${line + 1} is not what was indexed`);
    return entry;
  }

  /** The latest entry of `key`. */
  get(key: string): T | undefined {
    const found = this.index.findKey(key);
    if (found === undefined) return undefined;
    const entry = this.entryAt(found.latest);
    // Two keys of one hash: one of them hides the other.
    if (entry.key !== key) throw new PageError('the index does not tell two keys apart');
    return entry;
  }

  /** Where a key stands; `undefined` when this part does not have it. */
  placeOf(key: string): FoundKey | undefined {
    const found = this.index.findKey(key);
    return found === undefined ? undefined : { place: found.place, line: found.latest };
  }

  /** The latest entry of every key, in the order of first appearance; from the key in place `from` on. */
  *entries(from = 0): Generator<T> {
    const lines = this.index.latestLines();
    for (let place = from; place < lines.length; place += 1) yield this.entryAt(lines[place] ?? 0);
  }

  /**
   * The keys of which some line fits; at least all whose latest line does.
   * @returns `undefined` when they are so many that it is better to look at all entries.
   */
  find(query: IndexQuery): ReadonlyMap<string, FoundKey> | undefined {
    const lines = query.terms.length === 0 ? this.#linesWithin(query.span) : this.#linesWith(query.terms);
    if (lines === undefined) return undefined;
    const found = new Map<string, FoundKey>();
    const texts = query.terms.map((term) => Buffer.from(JSON.stringify(term)));
    for (const line of lines) {
      const bytes = this.#bytesOf(this.index.placeOf(line));
      // A few lines of other terms have the same hash. A line that was damaged since says nothing; the one before it is looked at as well.
      if (!texts.every((text) => bytes.includes(text))) continue;
      const entry = this.#decode(bytes);
      if (entry === undefined || entry instanceof LineError || found.has(entry.key)) continue;
      const key = this.placeOf(entry.key);
      if (key === undefined) throw new PageError('the index lacks a key');
      if (key.line !== line && this.entryAt(key.line).key !== entry.key)
        throw new PageError('the index does not tell two keys apart');
      found.set(entry.key, key);
    }
    return found;
  }

  /** Lines that may have the rarest of the terms. */
  #linesWith(terms: readonly string[]): readonly number[] | undefined {
    const [rarest] = terms.map((term) => this.index.findTerm(term)).sort(([a, b], [c, d]) => b - a - (d - c));
    if (rarest === undefined) return [];
    const [from, to] = rarest;
    if (this.#areMany(to - from)) return undefined;
    return Array.from({ length: to - from }, (_, index) => this.index.lineOfTerm(from + index));
  }

  /** Lines of the zones that reach into the span. */
  #linesWithin({ from, to }: TimeSpan): readonly number[] | undefined {
    const { zones } = this.index.head.sections;
    const lines: number[] = [];
    for (let zone = 0; zone < zones.count; zone += 1) {
      const earliest = this.index.reader.word(zones, zone, 0);
      const latest = this.index.reader.word(zones, zone, 1);
      // What is earlier or later than seconds of 32 bits is kept as the first or the last of them.
      const isBefore = from !== undefined && latest < LAST_SECOND && latest * 1000 < from.getTime();
      const isBehind = to !== undefined && earliest > 0 && earliest * 1000 > to.getTime();
      if (isBefore || isBehind) continue;
      const end = Math.min((zone + 1) * ZONE_LINES, this.index.lineCount);
      for (let line = zone * ZONE_LINES; line < end; line += 1) lines.push(line);
      if (this.#areMany(lines.length)) return undefined;
    }
    return lines;
  }

  #areMany(count: number): boolean {
    return count > FEW && count > this.index.lineCount * MOST_PART;
  }

  #bytesOf([start, end]: readonly [number, number]): Buffer {
    return this.#lines.read(start, end);
  }
}
