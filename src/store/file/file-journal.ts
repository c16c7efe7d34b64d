import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Batched } from '../../domain/batched.js';
import type { TextPair } from '../../domain/text-pair.js';
import { AppError, storageError } from '../../errors.js';
import type {
  AppendResult,
  ConsumeOptions,
  FollowQuery,
  IncomingPush,
  Journal,
  JournalConsumer,
  JournalDamage,
  JournalQuery,
  StoredPush,
} from '../journal.js';
import { openConsumer } from './consume-journal.js';
import { fileFailure } from './file-failure.js';
import { followJournal } from './follow-journal.js';
import { gatherKeys } from './gather-keys.js';
import { judgeInGroup, type JournalGroup, takeGroup, type WaitingPush } from './journal-group.js';
import { JOURNAL_LIMITS, type JournalLimits } from './journal-limits.js';
import { journalLineParts, preparePush } from './journal-line.js';
import { readJournal } from './journal-reader.js';
import { FILE_MODE, makePrivateFolder } from '../../disk/private-folder.js';
import { RETAIN_SECONDS, type SeenKeys } from './seen-keys.js';
import { setAsideTails } from './set-aside-tails.js';
import { SealedLines } from './sealed-line.js';
import { SegmentWriter } from './segment-writer.js';

/** Written to try the disk: more than an empty file, which a full disk takes too. */
const PROBE = Buffer.alloc(4096, 0x20);
/** What a waiting push takes beside its body: headers, key and the objects themselves. */
const OVERHEAD_BYTES = 1024;

/** Options of a {@link FileJournal}. */
export interface FileJournalOptions {
  /** Data folder; the journal is the folder `journal` in it. Made when the first push is kept, not before. */
  readonly folder: string;
  readonly now: () => Date;
  readonly pid: number;
  readonly hostname: string;
  readonly limits?: JournalLimits | undefined;
  /** Told of lines that could not be read while the known keys were gathered. */
  readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
}

/**
 * The journal in files. Pushes that wait while the disk syncs share the next write; how a push stands to those before it is decided
 * when it is written, so a duplicate is never acknowledged before its original is durable.
 *
 * A group is durable after two syncs (see {@link SegmentWriter.write}); the second is that of the next group, where one waits.
 */
export class FileJournal implements Journal {
  readonly #options: FileJournalOptions;
  readonly #limits: JournalLimits;
  readonly #folder: string;
  readonly #queue: WaitingPush[] = [];
  #seen: SeenKeys | undefined;
  #preparing: Promise<SeenKeys> | undefined;
  #segment: SegmentWriter | undefined;
  /** Of the group that is being written. */
  readonly #lines = new SealedLines();
  /** Written and synced once: acknowledged after the next sync. */
  #synced: JournalGroup | undefined;
  #draining: Promise<void> | undefined;
  #folderMade = false;
  #pendingBytes = 0;
  #healthy = true;
  #closed = false;
  /** Told of each group that was written: readers in this process need not wait for their next look. */
  readonly #written = new Set<() => void>();

  constructor(options: FileJournalOptions) {
    this.#options = options;
    this.#limits = options.limits ?? JOURNAL_LIMITS;
    this.#folder = join(options.folder, 'journal');
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get healthy(): boolean {
    return this.#healthy;
  }

  /**
   * @returns once the push is durable.
   * @throws {AppError} `disk-full`, `storage-denied`, `storage-failed`; the push is then not kept, or not known to be.
   */
  append(push: IncomingPush): Promise<AppendResult> {
    const sizeBytes = push.bytes.length + OVERHEAD_BYTES;
    if (this.#closed)
      return Promise.reject(new AppError('storage-failed', { zh: '推送日志已关闭', en: 'the journal is closed' }));
    if (this.#pendingBytes + sizeBytes > this.#limits.pendingBytes) {
      return Promise.reject(
        new AppError('storage-failed', {
          zh: `推送日志 ${this.#folder} 过慢：队列已满`,
          en: `the journal ${this.#folder} is too slow: queue full`,
        }),
      );
    }
    return new Promise((resolve, reject) => {
      const prepared = preparePush(push);
      this.#queue.push({ prepared, day: prepared.at.slice(0, 10), sizeBytes, result: 'new', resolve, reject });
      this.#pendingBytes += sizeBytes;
      this.#draining ??= this.#drain();
    });
  }

  /**
   * Sets torn ends of segments aside, gathers the keys of the last 24 hours and tries whether the folder can be written. The first append does it by itself; a server
   * calls it before it accepts pushes. Makes the data folder.
   * @throws {AppError} `disk-full`, `storage-denied`, `storage-failed`.
   */
  async prepare(): Promise<void> {
    const probe = join(this.#options.folder, `.probe-${this.#options.pid}`);
    try {
      await setAsideTails(this.#folder, { now: this.#options.now(), onDamage: this.#options.onDamage });
      await this.#prepared();
      await writeFile(probe, PROBE, { mode: FILE_MODE, flush: true });
      await rm(probe, { force: true });
      this.#healthy = true;
    } catch (error) {
      await rm(probe, { force: true }).catch(() => undefined);
      throw storageError(error, {
        zh: `无法写入推送日志 ${this.#folder}`,
        en: `cannot write the journal ${this.#folder}`,
      });
    }
  }

  read(query: JournalQuery = {}): Batched<StoredPush> {
    return new Batched(this.#read(query));
  }

  async *#read(query: JournalQuery): AsyncGenerator<readonly StoredPush[]> {
    try {
      yield* readJournal(this.#folder, query).batches();
    } catch (error) {
      throw fileFailure(error, cannotRead(this.#folder));
    }
  }

  async *follow(query: FollowQuery, signal: AbortSignal): AsyncIterable<StoredPush> {
    const { now } = this.#options;
    try {
      yield* followJournal({ journalFolder: this.#folder, now, signal }, query);
    } catch (error) {
      throw fileFailure(error, cannotRead(this.#folder));
    }
  }

  async consume(name: string, options: ConsumeOptions = {}): Promise<JournalConsumer> {
    const { folder, now, pid } = this.#options;
    return openConsumer({
      folder,
      name,
      now,
      pid,
      ...options,
      onWritten: (wake) => {
        this.#written.add(wake);
        return () => this.#written.delete(wake);
      },
    });
  }

  /** Waits for what was taken, then lets the segment go. Further pushes are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
    const segment = this.#segment;
    this.#segment = undefined;
    await segment?.close();
  }

  async #drain(): Promise<void> {
    // Pushes that arrive in one turn of the loop share the first group: without it the first of them went alone, and the others waited for it.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0 || this.#synced !== undefined) {
      const group = takeGroup(this.#queue, this.#limits.groupBytes);
      try {
        if (group === undefined) await this.#settle();
        else await this.#store(group);
        this.#healthy = true;
      } catch (error) {
        await this.#refuse(
          group,
          storageError(error, {
            zh: `无法写入推送日志 ${this.#folder}`,
            en: `cannot write the journal ${this.#folder}`,
          }),
        );
      }
    }
    this.#draining = undefined;
  }

  /** Writes a group and syncs: the group before it is durable then. */
  async #store(group: JournalGroup): Promise<void> {
    const seen = await this.#prepared();
    const segment = await this.#segmentFor(group.pushes[0]?.day ?? '');
    const lines = this.#lines;
    lines.clear();
    for (const [index, waiting] of group.pushes.entries()) {
      waiting.result = judgeInGroup(waiting.prepared, group, this.#synced, seen);
      lines.add(journalLineParts(waiting.prepared, segment.lines + index + 1, waiting.result));
    }
    await segment.write(lines);
    this.#acknowledge(seen);
    this.#synced = group;
  }

  /** Makes the last group durable where no other group does it. */
  async #settle(): Promise<void> {
    if (this.#synced === undefined) return;
    const seen = await this.#prepared();
    await this.#segment?.sync();
    this.#acknowledge(seen);
  }

  /** A sync has ended that began after that of the last group: it is durable. */
  #acknowledge(seen: SeenKeys): void {
    const group = this.#synced;
    this.#synced = undefined;
    if (group === undefined) return;
    for (const { hash, prepared } of group.fresh) seen.add(hash, prepared.sha, prepared.push.at);
    for (const wake of this.#written) wake();
    for (const { sizeBytes, result, resolve } of group.pushes) {
      this.#pendingBytes -= sizeBytes;
      resolve(result);
    }
  }

  /** Gives the segment up, and with it all that is not durable. */
  async #refuse(group: JournalGroup | undefined, error: AppError): Promise<void> {
    this.#healthy = false;
    const lost = [this.#synced, group];
    this.#synced = undefined;
    const segment = this.#segment;
    this.#segment = undefined;
    await segment?.abandon();
    for (const { sizeBytes, reject } of lost.flatMap((each) => each?.pushes ?? [])) {
      this.#pendingBytes -= sizeBytes;
      reject(error);
    }
  }

  async #segmentFor(day: string): Promise<SegmentWriter> {
    const now = this.#options.now();
    const current = this.#segment;
    if (current !== undefined) {
      const ageMs = now.getTime() - current.startedAt.getTime();
      const usable =
        current.day === day && current.sizeBytes < this.#limits.segmentBytes && ageMs < this.#limits.segmentMs;
      if (usable) return current;
      await this.#settle();
      this.#segment = undefined;
      await current.close();
    }
    const { pid, hostname } = this.#options;
    this.#segment = await SegmentWriter.open({ journalFolder: this.#folder, day, hostname, pid, startedAt: now });
    return this.#segment;
  }

  async #prepared(): Promise<SeenKeys> {
    if (!this.#folderMade) {
      // Only once: a folder that vanishes later may be a disk that was unmounted, and must not be made anew beneath it.
      await makePrivateFolder(this.#options.folder);
      this.#folderMade = true;
    }
    if (this.#seen !== undefined) return this.#seen;
    this.#preparing ??= this.#gatherKeys();
    try {
      this.#seen = await this.#preparing;
      return this.#seen;
    } finally {
      this.#preparing = undefined;
    }
  }

  async #gatherKeys(): Promise<SeenKeys> {
    const from = new Date(this.#options.now().getTime() - RETAIN_SECONDS * 1000);
    return gatherKeys({ journalFolder: this.#folder, from, onDamage: this.#options.onDamage });
  }
}

function cannotRead(folder: string): TextPair {
  return { zh: `无法读取推送日志 ${folder}`, en: `cannot read the journal ${folder}` };
}
