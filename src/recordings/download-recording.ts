import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { AppError, isAppError, storageError } from '../errors.js';
import { discard, isLocalHost, openAddress } from './open-address.js';
import { makeFolders, publishFile } from './publish-file.js';
import { saveBody, type SavedBody } from './save-body.js';
import type { Platform } from '../platform/platform.js';
import type { Transport, WireAnswer } from '../platform/transport.js';
import type { ArchiveEntry, KeyedLog } from '../store/store.js';
import type { RecordingItem } from './plan-recordings.js';

/** What a download needs. */
export interface DownloadParts {
  readonly platform: Pick<Platform, 'application' | 'recordingAddress'>;
  readonly transport: Transport;
  readonly archive: KeyedLog<ArchiveEntry>;
  readonly now: () => Date;
  /** Waits, or rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
}

/** Where one recording goes and how hard it is tried. */
export interface DownloadOptions {
  /** Absolute path of the folder that all recordings stay below. */
  readonly root: string;
  /** Relative to `root`, see `recordingName`. */
  readonly name: string;
  /** Longest wait for the head of an answer and for each part of the body. */
  readonly timeoutMs: number;
  /** Tries after the first, for faults of network and storage. */
  readonly retries: number;
  readonly signal: AbortSignal;
  /** Told of each piece of a body. */
  readonly progress?:
    | ((step: {
        readonly key: string;
        readonly receivedBytes: number;
        readonly totalBytes?: number | undefined;
      }) => void)
    | undefined;
  /** Waited for before each piece is written: the bandwidth of the whole run. */
  readonly throttle?: ((bytes: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** `ready` is waited for before every request; `hold` is told what a 429 or 503 asks for, so that all slow down. */
  readonly pause?: { ready(signal: AbortSignal): Promise<void>; hold(milliseconds: number): void } | undefined;
}

/** A recording that lies whole under its final name. */
export interface DownloadedRecording {
  readonly entry: ArchiveEntry;
  /** What is unusual about it. */
  readonly notes: readonly string[];
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_RETRY_AFTER_MS = 600_000;

/** Why one try failed, and what may help. */
class TryFailed extends Error {
  readonly failure: AppError;
  readonly remedy: 'wait' | 'fresh-address' | 'none';
  readonly retryAfterMs: number;

  constructor(failure: AppError, remedy: TryFailed['remedy'], retryAfterMs = 0) {
    super(failure.message);
    this.failure = failure;
    this.remedy = remedy;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Fetches one recording: address, download without signature headers, length and WAV checked, synced, named, archived. An
 * existing file is never overwritten: one with the same content is taken as the recording, beside another one the name
 * gets eight digits of the key's hash. On failure nothing stands under the final name.
 * @throws AppError `recording-not-found` when platform or storage do not have it; `recording-damaged`; `network-…`;
 * `platform-failure`; `disk-full`, `storage-…`; what the platform answered to the address; the signal's reason.
 */
export async function downloadRecording(
  parts: DownloadParts,
  item: RecordingItem,
  options: DownloadOptions,
): Promise<DownloadedRecording> {
  const final = join(resolve(options.root), options.name);
  await makeFolders(resolve(options.root), final);
  let freshAddresses = 1;
  for (let attempt = 0; ; attempt += 1) {
    options.signal.throwIfAborted();
    try {
      return await tryOnce(parts, { item, options, final });
    } catch (error) {
      options.signal.throwIfAborted();
      const failed = error instanceof TryFailed ? error : failureOf(error);
      if (failed.remedy === 'fresh-address' && freshAddresses > 0) {
        freshAddresses -= 1;
        continue;
      }
      if (failed.remedy !== 'wait' || attempt >= options.retries) throw failed.failure;
      const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * parts.random();
      await parts.sleep(Math.max(backoff, failed.retryAfterMs), options.signal);
    }
  }
}

interface Job {
  readonly item: RecordingItem;
  readonly options: DownloadOptions;
  readonly final: string;
}

async function tryOnce(parts: DownloadParts, job: Job): Promise<DownloadedRecording> {
  const { item, options, final } = job;
  const answer = await openAddress(parts.transport, {
    address: await addressOf(parts, item),
    allowLocal: isLocalHost(new URL(parts.platform.application.endpoint).hostname),
    timeoutMs: options.timeoutMs,
    signal: options.signal,
  });
  if (answer.status !== 200) {
    await discard(answer);
    throw refusal(answer, parts.now());
  }
  const saved = await saveBody(answer, final);
  const file = await publish(saved, final, item.key).catch(async (error: unknown) => {
    await unlink(saved.temporary).catch(() => undefined);
    throw storageError(error, `cannot name ${final}`);
  });
  const entry: ArchiveEntry = {
    key: item.key,
    at: parts.now(),
    file,
    sizeBytes: saved.sizeBytes,
    sha256: saved.sha256,
    durationSeconds: Math.round(saved.durationSeconds * 1000) / 1000,
    sessionId: item.record.sessionId,
  };
  await parts.archive.append([entry]);
  return { entry, notes: saved.notes };
}

async function addressOf(parts: DownloadParts, item: RecordingItem): Promise<string> {
  const { fileName, domain, url } = item.record.recording ?? {};
  if (fileName && domain) {
    // The client of the platform retries by itself; a second round here would only add to a flow control.
    return parts.platform.recordingAddress({ fileName, domain }).catch((error: unknown) => {
      throw error instanceof AppError ? new TryFailed(error, 'none') : error;
    });
  }
  if (url) return url;
  throw new TryFailed(new AppError('recording-not-found', 'the call record names no file and no address'), 'none');
}

/** @returns the path under which the content stands: `final`, or beside it. */
async function publish(saved: SavedBody, final: string, key: string): Promise<string> {
  const extension = extname(final);
  const mark = createHash('sha256').update(key).digest('hex').slice(0, 8);
  const beside = `${final.slice(0, final.length - extension.length)}~${mark}${extension}`;
  for (const path of [final, beside]) {
    if (await publishFile(saved.temporary, path)) return path;
    if (await holdsSame(path, saved)) {
      await unlink(saved.temporary);
      return path;
    }
  }
  throw new AppError('storage-failed', `${final} and ${beside} exist with other content`);
}

async function holdsSame(path: string, saved: SavedBody): Promise<boolean> {
  const found = await stat(path);
  if (!found.isFile() || found.size !== saved.sizeBytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === saved.sha256;
}

function refusal(answer: WireAnswer, now: Date): TryFailed {
  const { status } = answer;
  if (status === 403 || status === 404) {
    const message = `the storage does not hand the recording out (HTTP ${status})`;
    return new TryFailed(new AppError('recording-not-found', message), 'fresh-address');
  }
  const failure = new AppError('platform-failure', `the storage answered HTTP ${status}`);
  const passing = status === 408 || status === 429 || status >= 500;
  return new TryFailed(failure, passing ? 'wait' : 'none', retryAfterMs(answer.headers['retry-after'], now));
}

function retryAfterMs(text: string | undefined, now: Date): number {
  if (text === undefined) return 0;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), LONGEST_RETRY_AFTER_MS);
}

function failureOf(error: unknown): TryFailed {
  if (!(error instanceof AppError)) throw error;
  const passing = isAppError(
    error,
    'network-unreachable',
    'network-timeout',
    'network-interrupted',
    'network-proxy',
    'recording-damaged',
  );
  return new TryFailed(error, passing ? 'wait' : 'none');
}
