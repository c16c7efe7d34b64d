import { dirname, join, resolve } from 'node:path';
import type { TextPair } from '../domain/text-pair.js';
import { isAppError, storageError } from '../errors.js';
import type { Sleep } from '../sleep.js';
import type { ArchiveEntry } from '../store/archive-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';
import { findArchived } from './archive-key.js';
import { fetchPart, type FetchOptions, type FetchParts } from './fetch-part.js';
import { FetchedElsewhere, PartFile } from './part-file.js';
import { removeStaleParts } from './part-names.js';
import type { HashThread } from './hash-thread.js';
import type { RecordingItem } from './plan-recordings.js';
import { makeFolders } from './publish-file.js';
import { publishRecording } from './publish-recording.js';
import type { SavedBody } from './save-body.js';
import { tryFailureOf } from './try-failed.js';
import { WriteBuffers } from './write-buffers.js';

/** What a download needs. */
export interface DownloadParts extends FetchParts {
  readonly archive: KeyedLog<ArchiveEntry>;
  readonly sleep: Sleep;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
  /** Of this process: keeps others off a part file. Without it nothing is kept for a later process to go on from. */
  readonly pid?: number | undefined;
  /** Folders that this run has looked through for stale part files; without it each download looks. */
  readonly sweptFolders?: Set<string> | undefined;
  /** Shared by the downloads of a run; without them each has its own. */
  readonly buffers?: WriteBuffers | undefined;
  /** Shared by the downloads of a run; without it large files are hashed by this thread. */
  readonly hashes?: Pick<HashThread, 'begin'> | undefined;
}

/** Where one recording goes and how hard it is tried. */
export interface DownloadOptions extends FetchOptions {
  /** Absolute path of the folder that all recordings stay below. */
  readonly root: string;
  /** Relative to `root`, see `recordingName`. */
  readonly name: string;
  /** Tries after the first, for faults of network and storage; a try that brought 1 MiB more than any before it does not count. */
  readonly retries: number;
  /** A command is to follow: the archive remembers it until the command has ended well. */
  readonly commandDue?: boolean | undefined;
}

/** A recording that lies whole under its final name. */
export interface DownloadedRecording {
  readonly entry: ArchiveEntry;
  /** What is unusual about it. */
  readonly notes: readonly TextPair[];
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const PROGRESS_BYTES = 1024 * 1024;

/**
 * Fetches one recording: address, download without signature headers, length and WAV checked, synced, named, archived. A body
 * that breaks off goes on where it ended, in this run or the next, where the storage lets versions of a file be told apart;
 * else it begins anew. An existing file is never overwritten: one with the same content is taken as the recording, beside
 * another one the name gets eight digits of the key's hash. On failure nothing stands under the final name.
 * @throws AppError `recording-not-found` when platform or storage do not have it; `recording-damaged`; `network-…`;
 * `platform-failure`; `disk-full`, `storage-…`; what the platform answered to the address; the signal's reason.
 */
export async function downloadRecording(
  parts: DownloadParts,
  item: RecordingItem,
  options: DownloadOptions,
): Promise<DownloadedRecording> {
  const root = resolve(options.root);
  const final = join(root, options.name);
  await prepareFolder(parts, root, final);
  const download = new Download(parts, { item, options, final });
  try {
    return await download.run();
  } catch (error) {
    await download.giveUp(error);
    throw error;
  }
}

/** Makes and checks the folder of `final`: once a run. */
async function prepareFolder({ sweptFolders, now }: DownloadParts, root: string, final: string): Promise<void> {
  const folder = dirname(final);
  if (sweptFolders?.has(folder) === true) return;
  await makeFolders(root, final);
  sweptFolders?.add(folder);
  await removeStaleParts(folder, now());
}

interface Job {
  readonly item: RecordingItem;
  readonly options: DownloadOptions;
  readonly final: string;
}

class Download {
  readonly #parts: DownloadParts;
  readonly #job: Job;
  #part: PartFile;
  /** Most bytes that a try has left. */
  #bestBytes = 0;

  constructor(parts: DownloadParts, job: Job) {
    this.#parts = parts;
    this.#job = job;
    this.#part = this.#newPart();
  }

  async run(): Promise<DownloadedRecording> {
    if (await this.#part.takeUp()) {
      const entry = await this.#doneElsewhere();
      if (entry !== undefined) return { entry, notes: [] };
    }
    const { options, item } = this.#job;
    let freshAddresses = item.record.recording?.fileName && item.record.recording.domain ? 1 : 0;
    for (let attempt = 0; ; attempt += 1) {
      options.signal.throwIfAborted();
      try {
        return await this.#finish(await fetchPart(this.#parts, this.#part, { item, options }));
      } catch (error) {
        options.signal.throwIfAborted();
        if (error instanceof FetchedElsewhere) {
          const entry = await this.#waitForOther();
          if (entry !== undefined) return { entry, notes: [] };
          attempt -= 1;
          continue;
        }
        const failed = tryFailureOf(error);
        if (failed.remedy === 'fresh-address' && freshAddresses > 0) {
          freshAddresses -= 1;
          attempt -= 1;
          continue;
        }
        if (failed.remedy === 'anew' || failed.remedy === 'at-once') await this.#renew();
        if (failed.remedy === 'at-once') {
          attempt -= 1;
          continue;
        }
        if (this.#part.sizeBytes >= this.#bestBytes + PROGRESS_BYTES) {
          this.#bestBytes = this.#part.sizeBytes;
          attempt = 0;
        }
        const passing = failed.remedy === 'wait' || failed.remedy === 'anew';
        if (!passing || attempt >= options.retries) throw failed.failure;
        if (failed.retryAfterMs > 0) options.pause?.hold(failed.retryAfterMs);
        const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * this.#parts.random();
        await this.#parts.sleep(Math.max(backoff, failed.retryAfterMs), options.signal);
      }
    }
  }

  /** Keeps what a later run can go on from. On a full or failing disk, and of a file that is not whole, nothing is kept. */
  async giveUp(error: unknown): Promise<void> {
    const useless = ['disk-full', 'storage-denied', 'storage-failed', 'storage-locked', 'recording-damaged'] as const;
    if (isAppError(error) && !isAppError(error, ...useless)) await this.#part.keep();
    else await this.#part.remove();
  }

  #newPart(): PartFile {
    const { item, options, final } = this.#job;
    const { pid, hashes, buffers = new WriteBuffers() } = this.#parts;
    const remake = (): Promise<void> => makeFolders(resolve(options.root), final);
    return new PartFile({ final, key: item.key, pid, buffers, hashes, remake, signal: options.signal });
  }

  async #renew(): Promise<void> {
    await this.#part.remove();
    this.#part = this.#newPart();
  }

  async #waitForOther(): Promise<ArchiveEntry | undefined> {
    await this.#renew();
    await this.#part.takeUp(true);
    return this.#doneElsewhere();
  }

  /** The entry that another process made while this one waited for its part file. */
  async #doneElsewhere(): Promise<ArchiveEntry | undefined> {
    const entry = await findArchived(this.#parts.archive, this.#job.item.key);
    if (entry !== undefined) await this.#part.remove();
    return entry;
  }

  async #finish(saved: SavedBody): Promise<DownloadedRecording> {
    const { item, final, options } = this.#job;
    const file = await publishRecording(saved, final, item.key).catch((error: unknown) => {
      throw storageError(error, { zh: `无法命名 ${final}`, en: `cannot name ${final}` });
    });
    const entry: ArchiveEntry = {
      key: item.key,
      at: this.#parts.now(),
      file,
      sizeBytes: saved.sizeBytes,
      sha256: saved.sha256,
      durationSeconds: Math.round(saved.durationSeconds * 1000) / 1000,
      sessionId: item.record.sessionId,
      ...(options.commandDue === true ? { commandDue: true } : {}),
    };
    await this.#parts.archive.append([entry]);
    await this.#part.close();
    return { entry, notes: saved.notes };
  }
}
