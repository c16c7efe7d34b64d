import { AppError, ERROR_CATALOGUE, isAppError } from '../errors.js';
import { findArchived } from './archive-key.js';
import { downloadRecording, type DownloadOptions, type DownloadParts } from './download-recording.js';
import { recordingName, type NameOptions, type NameTemplate } from './recording-name.js';
import type { CallRecord } from '../domain/call-record.js';
import type { ExitName } from '../exit-codes.js';
import type { RecordingItem, RecordingPlan } from './plan-recordings.js';

/** What became of one recording. */
export interface RecordingResult {
  readonly kind: 'Recording';
  /** `already`: it lay in the archive before. `expired`: past its seven days, or the platform no longer has it. */
  readonly state: 'saved' | 'already' | 'too-short' | 'expired' | 'failed';
  readonly key?: string | undefined;
  /** Absolute path. */
  readonly file?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly durationSeconds?: number | undefined;
  /** Why it is not there, or what is unusual about it. */
  readonly reason?: string | undefined;
  /** Only with `failed`. */
  readonly error?: AppError | undefined;
  readonly record: CallRecord;
}

/** How a run over many recordings goes. */
export interface RunOptions extends Omit<DownloadOptions, 'name'> {
  readonly template: NameTemplate;
  readonly naming: NameOptions;
  /** Downloads at once, from 1. */
  readonly concurrency: number;
}

/** Failures of these groups meet every further item too, or do harm when they are repeated. */
const STOPPING: readonly ExitName[] = ['auth', 'account', 'lockedOut', 'interrupted', 'terminated'];

/** Whether no further item must be tried after `error`: wrong credentials, a block, a full disk, a stop. */
export function stopsRun(error: unknown): boolean {
  if (isAppError(error, 'disk-full', 'storage-denied', 'storage-locked')) return true;
  return !(error instanceof AppError) || STOPPING.includes(ERROR_CATALOGUE[error.code].exit);
}

/**
 * Works a plan off and gives one result for each of its records: first those that need no request, then the downloads as
 * they finish. Whoever stops reading stops the run.
 * @throws the first failure that stops the run (see {@link stopsRun}), after the downloads under way have ended and given
 * their results; the signal's reason.
 */
export async function* downloadRecordings(
  parts: DownloadParts,
  plan: RecordingPlan,
  options: RunOptions,
): AsyncGenerator<RecordingResult> {
  yield* withoutRequest(plan);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const waiting = plan.toFetch[Symbol.iterator]();
  const running = new Map<RecordingItem, Promise<Finished>>();
  let stopped: { readonly error: unknown } | undefined;
  const start = (): void => {
    while (stopped === undefined && !signal.aborted && running.size < Math.max(1, options.concurrency)) {
      const next = waiting.next();
      if (next.done === true) return;
      const item = next.value;
      running.set(item, finish(item, downloadOne(parts, item, { ...options, signal })));
    }
  };
  try {
    start();
    while (running.size > 0) {
      const finished = await Promise.race(running.values());
      running.delete(finished.item);
      if ('result' in finished) yield finished.result;
      else stopped ??= { error: finished.error };
      start();
    }
    options.signal.throwIfAborted();
    if (stopped !== undefined) throw stopped.error;
  } finally {
    stop.abort();
    await Promise.all(running.values());
  }
}

type Finished =
  | { readonly item: RecordingItem; readonly result: RecordingResult }
  | { readonly item: RecordingItem; readonly error: unknown };

/** Never rejects, so that no download is left without someone who looks at its end. */
function finish(item: RecordingItem, running: Promise<RecordingResult>): Promise<Finished> {
  return running.then(
    (result) => ({ item, result }),
    (error: unknown) => ({ item, error }),
  );
}

function* withoutRequest(plan: RecordingPlan): Generator<RecordingResult> {
  for (const { key, record, entry } of plan.archived) {
    const { file, sizeBytes, durationSeconds } = entry;
    yield { kind: 'Recording', state: 'already', key, file, sizeBytes, durationSeconds, record };
  }
  for (const record of plan.tooShort) {
    yield { kind: 'Recording', state: 'too-short', reason: 'calls of under 3 seconds have no file', record };
  }
  for (const { key, record } of plan.expired) {
    yield {
      kind: 'Recording',
      state: 'expired',
      key,
      reason: 'past the seven days that the platform keeps it',
      record,
    };
  }
  for (const record of plan.withoutLocation) {
    const error = new AppError('recording-not-found', 'the call record names no file and no address');
    yield { kind: 'Recording', state: 'failed', reason: error.message, error, record };
  }
}

async function downloadOne(parts: DownloadParts, item: RecordingItem, options: RunOptions): Promise<RecordingResult> {
  const { key, record } = item;
  const archived = await findArchived(parts.archive, key);
  if (archived !== undefined) {
    const { file, sizeBytes, durationSeconds } = archived;
    return { kind: 'Recording', state: 'already', key, file, sizeBytes, durationSeconds, record };
  }
  try {
    const name = recordingName(options.template, record, options.naming);
    const { entry, notes } = await downloadRecording(parts, item, { ...options, name });
    const { file, sizeBytes, durationSeconds } = entry;
    const reason = notes.length === 0 ? undefined : notes.join('; ');
    return { kind: 'Recording', state: 'saved', key, file, sizeBytes, durationSeconds, reason, record };
  } catch (error) {
    if (stopsRun(error) || !(error instanceof AppError)) throw error;
    const over = item.fetchBy !== undefined && item.fetchBy.getTime() <= parts.now().getTime();
    const lost = over && isAppError(error, 'recording-not-found');
    return { kind: 'Recording', state: lost ? 'expired' : 'failed', key, reason: error.message, error, record };
  }
}
