import { setMaxListeners } from 'node:events';
import { joinPairs, pairOf, type TextPair, type Words } from '../domain/text-pair.js';
import { AppError, isAppError } from '../errors.js';
import { allocateNames } from './allocate-names.js';
import { findArchived } from './archive-key.js';
import { downloadRecording, type DownloadOptions, type DownloadParts } from './download-recording.js';
import { buildNotebook, type Notebook } from './notebook.js';
import { missingError, missingText, type MissingCause, type MissingReason } from './missing-texts.js';
import { sortMissing } from './sort-missing.js';
import { stopsRun } from './stops-run.js';
import { sweepParts } from './sweep-parts.js';
import type { CallRecord } from '../domain/call-record.js';
import type { ArchiveEntry } from '../store/archive-entry.js';
import type { KeyedLog } from '../store/keyed-log.js';
import type { RecordingNote } from '../store/recording-note.js';
import type { FollowFile, FollowUp } from './follow-file.js';
import type { RecordingItem, RecordingPlan } from './plan-recordings.js';
import type { NameOptions, NameTemplate } from './recording-name.js';

/** What became of one recording. */
export interface RecordingResult {
  readonly kind: 'Recording';
  /**
   * `already`: it lay in the archive before. `expired`: past its seven days, or the platform no longer has it. `waiting`: it was not
   * tried, for the window closed or too much failed.
   */
  readonly state: 'saved' | 'already' | 'too-short' | 'expired' | 'failed' | 'waiting';
  readonly key?: string | undefined;
  /** Absolute path. */
  readonly file?: string | undefined;
  readonly sizeBytes?: number | undefined;
  /** Lower-case hex. */
  readonly sha256?: string | undefined;
  readonly durationSeconds?: number | undefined;
  /** Why it is not there, or what is unusual about it. */
  readonly reason?: TextPair | undefined;
  /** What to do about it. */
  readonly hint?: TextPair | undefined;
  /** Which of its reasons the answer `1012007` most likely has. */
  readonly missing?: MissingCause | undefined;
  /** To be fetched by then. */
  readonly fetchBy?: Date | undefined;
  /** What the file was followed by: sidecar and command. The file itself is whole. */
  readonly followUp?: FollowUp | undefined;
  /** Only with `failed`. */
  readonly error?: AppError | undefined;
  readonly record: CallRecord;
}

/** What a run needs beside what each download needs. */
export interface RunParts extends Omit<DownloadParts, 'platform'> {
  /** The platform for the application that a call belongs to. */
  readonly platformOf: (record: CallRecord) => Promise<DownloadParts['platform']>;
  readonly recordingNotes: Pick<KeyedLog<RecordingNote>, 'append'>;
  /** The platform's clock, where an answer told it; `now` unless given. The seven days are counted by it. */
  readonly platformNow?: (() => Date) | undefined;
}

/** How a run over many recordings goes. */
export interface RunOptions extends Omit<DownloadOptions, 'name'> {
  readonly template: NameTemplate;
  readonly naming: NameOptions;
  /** Downloads at once, from 1. */
  readonly concurrency: number;
  /** After so many failures nothing new is started. */
  readonly maxErrors?: number | undefined;
  /** When downloads may start; `ready` waits until they may for the first time. */
  readonly window?: { ready(signal: AbortSignal): Promise<void>; isOpen(): boolean } | undefined;
  /** Done with each saved file, and asked of those that are in the archive already. */
  readonly follow?: FollowFile | undefined;
}

/**
 * Removes what killed runs have left in the folders of past days, works a plan off and gives one result for each of its records: first those that need no request, then the downloads as
 * they finish, then those that were not tried. Whoever stops reading stops the run. Failures are noted for later runs.
 * @throws the first failure that stops the run (see {@link stopsRun}), after the downloads under way have ended and given
 * their results; the signal's reason.
 */
export async function* downloadRecordings(
  parts: RunParts,
  plan: RecordingPlan,
  options: RunOptions,
): AsyncGenerator<RecordingResult> {
  const notebook = buildNotebook(parts.recordingNotes, parts.now);
  try {
    await sweepParts(options.root, options.template, { now: parts.now(), signal: options.signal });
    for (const found of plan.archived) yield await lookAfter(found, { notebook, options });
    yield* withoutRequest(plan);
    yield* new Run(parts, options, notebook).work(plan);
  } finally {
    // Best effort: a note that is lost only costs a line in a later list, and the failure on its way counts more.
    await notebook.flush().catch(() => undefined);
  }
}

type Finished =
  | { readonly item: RecordingItem; readonly result: RecordingResult }
  | { readonly item: RecordingItem; readonly error: unknown };

/** The downloads of one run. */
class Run {
  readonly #parts: RunParts;
  readonly #options: RunOptions;
  readonly #notebook: Notebook;
  #names: ReadonlyMap<string, string> = new Map();
  #saved = 0;
  #failed = 0;

  constructor(parts: RunParts, options: RunOptions, notebook: Notebook) {
    this.#parts = parts;
    this.#options = options;
    this.#notebook = notebook;
  }

  async *work(plan: RecordingPlan): AsyncGenerator<RecordingResult> {
    const { window, concurrency, signal: outer } = this.#options;
    if (plan.toFetch.length === 0) return;
    await window?.ready(outer);
    this.#names = await this.#nameAll(plan);
    const stop = new AbortController();
    const signal = AbortSignal.any([outer, stop.signal]);
    // One listener for each download under way is no leak.
    setMaxListeners(0, signal);
    const waiting = plan.toFetch[Symbol.iterator]();
    const running = new Map<RecordingItem, Promise<Finished>>();
    let stopped: { readonly error: unknown } | undefined;
    const start = (): void => {
      while (stopped === undefined && !signal.aborted && running.size < Math.max(1, concurrency)) {
        if (this.#whyNot() !== undefined) return;
        const next = waiting.next();
        if (next.done === true) return;
        running.set(next.value, finish(next.value, this.#fetch(next.value, signal)));
      }
    };
    try {
      start();
      while (running.size > 0) {
        const finished = await Promise.race(running.values());
        running.delete(finished.item);
        if ('error' in finished) stopped ??= { error: finished.error };
        else {
          await this.#count(finished.item, finished.result);
          yield finished.result;
        }
        start();
      }
      outer.throwIfAborted();
      if (stopped !== undefined) throw stopped.error;
    } finally {
      stop.abort();
      await Promise.all(running.values());
    }
    const why = this.#whyNot();
    const reason = why === undefined ? undefined : missingText(why);
    for (const { key, record, fetchBy } of waiting) {
      yield { kind: 'Recording', state: 'waiting', key, fetchBy, reason, record };
    }
  }

  /** Why nothing new may start. */
  #whyNot(): MissingReason | undefined {
    const { maxErrors, window } = this.#options;
    if (maxErrors !== undefined && this.#failed >= maxErrors) return 'too-many-failed';
    return window?.isOpen() === false ? 'window-closed' : undefined;
  }

  async #nameAll(plan: RecordingPlan): Promise<ReadonlyMap<string, string>> {
    const archived: ArchiveEntry[] = [];
    for await (const entry of this.#parts.archive.entries()) archived.push(entry);
    return allocateNames(plan.toFetch, archived, this.#options);
  }

  async #count(item: RecordingItem, { state, reason, missing, error, followUp }: RecordingResult): Promise<void> {
    if (state === 'saved') this.#saved += 1;
    if (state === 'failed' || followUp?.commandError !== undefined) this.#failed += 1;
    if (state === 'failed') await this.#notebook.note(item, { state: 'failed', reason, missing, code: error?.code });
    else await this.#notebook.followed(item, followUp);
  }

  async #fetch(item: RecordingItem, signal: AbortSignal): Promise<RecordingResult> {
    const { key, record, note } = item;
    const options = { ...this.#options, signal };
    // Another process may have saved it since the plan was made.
    const archived = await findArchived(this.#parts.archive, key, note);
    if (archived !== undefined) return resultOf('already', archived, item);
    try {
      const platform = await this.#parts.platformOf(record);
      const name = this.#names.get(key) ?? key;
      const { entry, notes } = await downloadRecording({ ...this.#parts, platform }, item, { ...options, name });
      const followUp = await options.follow?.({ entry, item, fresh: true }, signal);
      return resultOf('saved', entry, item, { followUp, notes });
    } catch (error) {
      if (stopsRun(error) || !(error instanceof AppError)) throw error;
      return this.#refused(item, error);
    }
  }

  #refused(item: RecordingItem, error: AppError): RecordingResult {
    const { key, record, fetchBy } = item;
    const now = (this.#parts.platformNow ?? this.#parts.now)();
    const failed = { kind: 'Recording', key, fetchBy, record } as const;
    if (isAppError(error, 'recording-not-found') && error.platform?.resultcode === '1012007') {
      const missing = sortMissing(item, { now, othersFound: this.#saved > 0 });
      const state = missing === 'expired' || missing === 'too-short' ? missing : 'failed';
      return { ...failed, state, missing, ...whyOf(missingError(missing, error)) };
    }
    const isOver = fetchBy !== undefined && fetchBy.getTime() <= now.getTime();
    const state = isOver && isAppError(error, 'recording-not-found') ? 'expired' : 'failed';
    return { ...failed, state, ...whyOf(error) };
  }
}

/** A failure as a row tells it. */
function whyOf(error: AppError): Pick<RecordingResult, 'reason' | 'hint' | 'error'> {
  const { words, hint } = error;
  return { reason: pairOf(words), hint: hint === undefined ? undefined : pairOf(hint), error };
}

/** Never rejects, so that no download is left without someone who looks at its end. */
function finish(item: RecordingItem, running: Promise<RecordingResult>): Promise<Finished> {
  return running.then(
    (result) => ({ item, result }),
    (error: unknown) => ({ item, error }),
  );
}

function resultOf(
  state: 'saved' | 'already',
  entry: ArchiveEntry,
  item: RecordingItem,
  more: { readonly followUp?: FollowUp | undefined; readonly notes?: readonly Words[] } = {},
): RecordingResult {
  const { file, sizeBytes, sha256, durationSeconds } = entry;
  const { followUp, notes = [] } = more;
  const reasons = [...notes, ...(followUp?.commandError === undefined ? [] : [followUp.commandError])];
  const reason = reasons.length === 0 ? undefined : joinPairs(reasons, { zh: '；', en: '; ' });
  const { key, record } = item;
  return { kind: 'Recording', state, key, file, sizeBytes, sha256, durationSeconds, reason, followUp, record };
}

async function lookAfter(
  found: RecordingPlan['archived'][number],
  { notebook, options }: { readonly notebook: Notebook; readonly options: RunOptions },
): Promise<RecordingResult> {
  const followUp = await options.follow?.({ entry: found.entry, item: found, fresh: false }, options.signal);
  if (followUp !== undefined) await notebook.followed(found, followUp);
  return resultOf('already', found.entry, found, { followUp });
}

function* withoutRequest(plan: RecordingPlan): Generator<RecordingResult> {
  for (const record of plan.tooShort) {
    yield { kind: 'Recording', state: 'too-short', reason: missingText('under-3-s'), record };
  }
  for (const { key, record, fetchBy } of plan.expired) {
    const reason = missingText('overdue');
    yield { kind: 'Recording', state: 'expired', key, fetchBy, reason, record };
  }
  for (const record of plan.withoutLocation) {
    yield { kind: 'Recording', state: 'failed', ...whyOf(missingError('no-location')), record };
  }
}
