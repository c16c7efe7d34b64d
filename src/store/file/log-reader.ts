import { closeSync, statSync } from 'node:fs';
import { inBatches } from '../../domain/batched.js';
import type { TimeSpan } from '../keyed-log.js';
import { identityOf, type Written } from './append-durably.js';
import { findEntries } from './find-entries.js';
import { LogAccess, type LogAccessOptions } from './log-access.js';
import type { LogPart } from './log-index.js';
import { type LogFigures, newSnapshot, type Snapshot } from './log-snapshot.js';
import { type OpenLog, openLogPart } from './open-log.js';
import { readChunks } from './read-chunks.js';
import { LineError } from './sealed-line.js';
import { splitLines } from './split-lines.js';

/**
 * Reads a log in which the latest line of a key counts; what was appended since the last time, by anybody, is read then. A long log is read by its index, and
 * only what stands behind that is held in memory. Methods throw the error of the file system.
 */
export class LogReader<T extends { readonly key: string }> {
  readonly #options: LogAccessOptions<T>;
  readonly #access: LogAccess<T>;
  #snapshot: Snapshot<T> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LogAccessOptions<T>) {
    this.#options = options;
    this.#access = new LogAccess(options);
  }

  /** As `KeyedLog.getAll`. */
  async getAll(keys: Iterable<string>): Promise<ReadonlyMap<string, T>> {
    // Looked for again where the index is not believed: an iterator could not be gone through twice.
    const wanted = [...keys];
    for (;;) {
      const snapshot = await this.#refresh();
      const found = new Map<string, T>();
      const left: string[] = [];
      for (const key of wanted) {
        const entry = snapshot?.latest.get(key);
        if (entry === undefined) left.push(key);
        else found.set(key, entry);
      }
      if (left.length === 0 || snapshot === undefined || snapshot.covered.bytes === 0) return found;
      const open = this.#openFor(snapshot);
      if (open === undefined) continue;
      try {
        for (const key of left) {
          const entry = open.part?.get(key);
          if (entry !== undefined) found.set(key, entry);
        }
        return found;
      } catch (error) {
        this.#distrust(error);
      } finally {
        open.close();
      }
    }
  }

  /** Everything as it is now: entries of the index are read as they are asked for, the others are those of this instant. In batches, none empty. */
  async *entries(): AsyncGenerator<readonly T[]> {
    for (;;) {
      const snapshot = await this.#refresh();
      const behind = new Map(snapshot?.latest);
      const isWhole = snapshot === undefined || snapshot.covered.bytes === 0;
      const open = isWhole ? undefined : this.#openFor(snapshot);
      if (!isWhole && open === undefined) continue;
      if (open === undefined) yield* inBatches(behind.values());
      else yield* this.#stream(open, behind);
      return;
    }
  }

  /** As `KeyedLog.find`. Loads what it gives and nothing else. */
  async *find(texts: readonly string[], span: TimeSpan): AsyncGenerator<readonly T[]> {
    const open = this.#options.codec.facts === undefined ? undefined : this.#access.open();
    if (open === undefined) {
      yield* this.entries();
      return;
    }
    const { log, part, close } = open;
    const given = new Set<string>();
    try {
      const decode = (bytes: Buffer): T | LineError | undefined => this.#access.decode(bytes);
      const mostBytes = this.#options.unindexedBytes;
      const query = { terms: texts, span };
      const found = await findEntries({ log, part, query, decode, mostBytes });
      if (found === undefined) {
        yield* this.entries();
        return;
      }
      for (const batch of inBatches(found)) {
        const entries = batch.map((one) => (typeof one === 'number' ? part?.entryAt(one) : one));
        const some = entries.filter((entry) => entry !== undefined);
        for (const { key } of some) given.add(key);
        yield some;
      }
      // Whoever asks has the answer by now.
      await this.#access.extend(log, part?.index.head.covered ?? 0);
    } catch (error) {
      this.#distrust(error);
      yield* this.#others(given);
    } finally {
      close();
    }
  }

  /** Takes over what this process has just appended, so that it need not be read; lines before it that are not known yet are read as ever. */
  follow(lines: readonly Buffer[], written: Written): Promise<void> {
    return this.#inTurn(() => {
      this.#follow(lines, written);
    });
  }

  #follow(lines: readonly Buffer[], { identity, start, end }: Written): void {
    const empty = { bytes: 0, lines: 0, keys: 0 };
    // Without a snapshot only a new file is known as a whole.
    const snapshot = (this.#snapshot ??= start === 0 ? newSnapshot(identity, empty) : undefined);
    if (snapshot?.identity !== identity || snapshot.offset !== start) return;
    for (const line of lines) this.#take(snapshot, line.subarray(0, -1));
    snapshot.offset = end;
  }

  /** What there is, as far as it is known without reading the indexed part. */
  async figures(): Promise<LogFigures> {
    const snapshot = await this.#refresh();
    if (snapshot === undefined) return { lines: 0, dead: 0, damaged: 0 };
    const { covered, lines, latest, damaged } = snapshot;
    const dead = covered.lines - covered.keys + (lines - covered.lines - latest.size);
    return { lines, dead, damaged };
  }

  /** Whether most of the log is left to the index; a long log gets one first, where that is possible. */
  async isIndexed(): Promise<boolean> {
    return this.#options.codec.facts !== undefined && ((await this.#refresh())?.covered.bytes ?? 0) > 0;
  }

  /** Damaged lines, as far as they are known without reading more than what stands behind the index. */
  async countDamaged(): Promise<number> {
    const open = this.#access.open();
    if (open === undefined) return 0;
    const head = open.part?.index.head;
    open.close();
    if (open.log.size - (head?.covered ?? 0) > this.#options.unindexedBytes) return head?.damaged.count ?? 0;
    return (await this.figures()).damaged;
  }

  #refresh(): Promise<Snapshot<T> | undefined> {
    return this.#inTurn(() => this.#readNew());
  }

  /** One after the other: reading moves the snapshot on. */
  #inTurn<R>(work: () => R | Promise<R>): Promise<R> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Reads what was appended since the last time. @returns `undefined` when there is no log. */
  async #readNew(): Promise<Snapshot<T> | undefined> {
    // Asked before each recording: to open the file only to see that it has not grown costs more than all else here.
    const found = statSync(this.#options.file, { bigint: true, throwIfNoEntry: false });
    const known = this.#snapshot;
    if (found !== undefined && known?.identity === identityOf(found) && found.size === BigInt(known.offset))
      return known;
    const log = openLogPart(this.#options.file);
    if (log === undefined) {
      this.#snapshot = undefined;
      return undefined;
    }
    try {
      // The size is that of one instant: what is appended while we read is left for the next time.
      let snapshot = known;
      if (snapshot?.identity !== log.identity || log.size < snapshot.offset) snapshot = this.#access.begin(log);
      if (await this.#access.extend(log, snapshot.covered.bytes)) snapshot = this.#access.begin(log);
      this.#snapshot = snapshot;
      if (log.size > snapshot.offset) await this.#readOn(log, snapshot);
      return snapshot;
    } finally {
      closeSync(log.fd);
    }
  }

  async *#stream({ part, close }: OpenLog<T>, behind: Map<string, T>): AsyncGenerator<readonly T[]> {
    let count = 0;
    try {
      for (const batch of inBatches(part?.entries() ?? [])) {
        yield batch.map((entry) => behind.get(entry.key) ?? entry);
        for (const { key } of batch) behind.delete(key);
        count += batch.length;
      }
      yield* inBatches(behind.values());
    } catch (error) {
      this.#distrust(error);
      const given = new Set<string>();
      if (count > 0 && part !== undefined)
        for (const { key } of part.entries()) if (given.add(key).size === count) break;
      yield* this.#others(given);
    } finally {
      close();
    }
  }

  /** The entries of all other keys. */
  async *#others(given: ReadonlySet<string>): AsyncGenerator<readonly T[]> {
    for await (const batch of this.entries()) {
      const others = batch.filter(({ key }) => !given.has(key));
      if (others.length > 0) yield others;
    }
  }

  /** Log and index as the snapshot knows them; otherwise the snapshot is given up and there is nothing. */
  #openFor(snapshot: Snapshot<T>): OpenLog<T> | undefined {
    const open = this.#access.open();
    if (open?.log.identity === snapshot.identity && (open.part?.index.head.covered ?? 0) >= snapshot.covered.bytes)
      return open;
    open?.close();
    this.#snapshot = undefined;
    return undefined;
  }

  /** @throws `error` unless it says that the index is damaged; then the index goes. */
  #distrust(error: unknown): void {
    this.#access.distrust(error);
    this.#snapshot = undefined;
  }

  async #readOn(log: LogPart, snapshot: Snapshot<T>): Promise<void> {
    const chunks = readChunks({ fd: log.fd, start: snapshot.offset, end: log.size });
    for await (const line of splitLines(chunks)) {
      // Without its end: a write in progress, or one that was cut. Not acknowledged, so not there yet.
      if (!line.ended) break;
      this.#take(snapshot, line.bytes);
      snapshot.offset += line.lengthBytes + 1;
    }
  }

  #take(snapshot: Snapshot<T>, bytes: Buffer | undefined): void {
    snapshot.lines += 1;
    const read = this.#access.decode(bytes);
    if (read instanceof LineError) {
      snapshot.damaged += 1;
      this.#options.onDamage?.({ file: this.#options.file, line: snapshot.lines, reason: read.message });
    } else if (read !== undefined) snapshot.latest.set(read.key, read);
  }
}
