import { counted } from '../../domain/counted.js';
import { joinPairs, type Words } from '../../domain/text-pair.js';
import { AppError, ERROR_CATALOGUE, type ErrorCode, isAppError } from '../../errors.js';
import type { ExitName } from '../../exit-codes.js';
import type { TableRow } from '../../tables/read-table.js';
import type { Values } from '../../platform/declarations/declaration.js';
import type { JobLog, RowLine } from '../../store/jobs.js';
import type { Pace } from './pace.js';
import type { RowWork } from './row-contract.js';
import { rowMessage } from './row-message.js';

/** How a run goes. */
export interface RunOptions {
  /** Rows at once, from 1. */
  readonly concurrency: number;
  /** Pause of all workers when the platform limits the requests. */
  readonly flowControlMs: number;
  /** Such pauses in a row, without a row done between them, before the run gives up. */
  readonly flowControlWaits: number;
  /** First pause after a fault of network or platform; doubled for each further try of the row. */
  readonly retryMs: number;
  /** Rows refused or in doubt beyond which the run stops. */
  readonly maxErrors: number;
  readonly signal: AbortSignal;
}

/** What a run works with. */
export interface RunParts {
  readonly job: JobLog;
  readonly work: RowWork;
  readonly pace: Pace;
  readonly now: () => Date;
  /** The values of a row that the plan let through. @throws AppError when it cannot be read any more. */
  readonly valuesOf: (row: TableRow) => Values;
  /** Told after each row. */
  readonly onRow?: (() => void) | undefined;
}

/** What ended a run before its last row; `undefined` when nothing did. */
export type RunStop = AppError | undefined;

/** Further tries of a row after faults that leave no doubt that nothing was done. */
const TRIES = 3;
/** Failures that meet every further row too, or do harm when they are repeated. */
const STOPPING: readonly ExitName[] = ['auth', 'lockedOut', 'storage', 'interrupted', 'terminated', 'failure'];
const NETWORK: readonly ErrorCode[] = [
  'network-unreachable',
  'network-timeout',
  'network-tls',
  'network-proxy',
  'network-interrupted',
];

/**
 * Does every row that is not over: writes to the job before a request leaves and when its outcome is known. Rows whose outcome an earlier run left open are
 * asked for first. Nothing is sent twice unless the platform does not have it, or twice is the same as once.
 * @returns why it stopped early. Never rejects for a row's failure.
 */
export async function runRows(
  parts: RunParts,
  rows: AsyncIterable<readonly TableRow[]>,
  options: RunOptions,
): Promise<RunStop> {
  const run = new Run(parts, options);
  const queue = openRows(parts.job, rows);
  const worker = async (): Promise<void> => {
    while (!run.isOver) {
      const next = await queue.next();
      if (next.done === true) return;
      await run.finish(next.value);
    }
  };
  const workers = Array.from({ length: options.concurrency }, () =>
    worker().catch((error: unknown) => {
      run.stop(error);
    }),
  );
  await Promise.all(workers);
  await run.written();
  // Closes the input where the run stopped before its end.
  await queue.return(undefined);
  return run.stopped;
}

async function* openRows(job: JobLog, rows: AsyncIterable<readonly TableRow[]>): AsyncGenerator<TableRow> {
  for await (const batch of rows) {
    for (const row of batch) {
      const state = job.stateOf(row.index);
      if (state === 'waiting' || state === 'sent' || state === 'in-doubt') yield row;
    }
  }
}

class Run {
  readonly #parts: RunParts;
  readonly #options: RunOptions;
  #stopped: RunStop;
  #errors = 0;
  #flowControls = 0;
  /** Outcomes that are on their way to the disk. */
  readonly #writing = new Set<Promise<void>>();

  constructor(parts: RunParts, options: RunOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  get stopped(): RunStop {
    return this.#stopped;
  }

  get isOver(): boolean {
    return this.#stopped !== undefined;
  }

  stop(error: unknown): void {
    const reason =
      error instanceof AppError
        ? error
        : new AppError(
            'internal',
            { zh: `意外错误：${String(error)}`, en: `unexpected: ${String(error)}` },
            { cause: error },
          );
    this.#stopped ??= reason;
  }

  async finish(row: TableRow): Promise<void> {
    const { job, valuesOf, onRow } = this.#parts;
    const before = await job.lineOf(row.index);
    const values = valuesOf(row);
    let again = before !== undefined && before.state !== 'waiting';
    let doubtSince = again ? before?.at : undefined;
    for (let attempt = 1; !this.isOver; attempt += 1) {
      const asked = doubtSince;
      let asking = asked !== undefined;
      try {
        if (asked !== undefined && !(await this.#settle(row, values, asked))) break;
        asking = false;
        await this.#send(row, values, again);
        break;
      } catch (error) {
        if (asking && asked !== undefined) {
          if (await this.#isOpenQuestion(row, error, asked)) continue;
          break;
        }
        const next = await this.#judge(row, { error, attempt, values });
        if (next === 'over') break;
        again = job.stateOf(row.index) !== 'waiting';
        doubtSince = next === 'doubt' ? (await job.lineOf(row.index))?.at : undefined;
      }
    }
    onRow?.();
  }

  /** @returns whether the row is to be sent. */
  async #settle(row: TableRow, values: Values, sentAt: Date): Promise<boolean> {
    const { work, pace } = this.#parts;
    await pace.turn(this.#options.signal);
    const settled = await work.settle(values, sentAt, (await this.#parts.job.lineOf(row.index))?.id);
    if (settled.kind === 'send') return true;
    if (settled.kind === 'end') this.#end(row, settled.end);
    else await this.#doubt(row, settled.why, sentAt);
    return false;
  }

  async #send(row: TableRow, values: Values, again: boolean): Promise<void> {
    const { work, pace, job } = this.#parts;
    // The ID that a request of this row has named before stays: X may carry another binding by now.
    const noted = again ? (await job.lineOf(row.index))?.id : undefined;
    const id = noted ?? (await work.target?.(values));
    await pace.turn(this.#options.signal);
    if (this.isOver) return;
    await this.#write(row, { state: 'sent', id });
    const end = await work.send(values, again, id);
    pace.well();
    this.#flowControls = 0;
    this.#end(row, end);
  }

  /** A question failed: the row stays as open as it was. @returns whether to ask again. */
  async #isOpenQuestion(row: TableRow, error: unknown, sentAt: Date): Promise<boolean> {
    if (!(error instanceof AppError) || (error.code !== 'flow-control' && stopsRun(error))) {
      this.stop(error);
      return false;
    }
    if (error.code === 'flow-control') return this.#waits(error);
    await this.#doubt(row, error.words, sentAt);
    return false;
  }

  /** Flow control: all workers pause and slow down together. @returns false when there were too many pauses; then the run is over. */
  #waits(error: AppError): boolean {
    const { pace } = this.#parts;
    const { flowControlMs, flowControlWaits, concurrency } = this.#options;
    this.#flowControls += 1;
    if (this.#flowControls > flowControlWaits * concurrency) {
      this.stop(error);
      return false;
    }
    pace.slowDown(flowControlMs);
    return true;
  }

  /** What a failure means for the row and for the run. */
  async #judge(
    row: TableRow,
    failed: { readonly error: unknown; readonly attempt: number; readonly values: Values },
  ): Promise<'again' | 'doubt' | 'over'> {
    const { error, attempt, values } = failed;
    const { work, pace, job } = this.#parts;
    const isSent = job.stateOf(row.index) === 'sent';
    if (!(error instanceof AppError)) return this.#giveUp(error);
    if (error.code === 'outcome-unknown') {
      // Asked once more, as a later run would: there may be another way to find it.
      if (attempt === 1 && !this.#options.signal.aborted) return 'doubt';
      await this.#doubt(row, error.words);
      return 'over';
    }
    if (error.code === 'flow-control') {
      await this.#notSent(row, isSent);
      return this.#waits(error) ? 'again' : 'over';
    }
    if (stopsRun(error)) {
      // When the disk refuses, the platform may have acted already: the line then stays as it is.
      if (ERROR_CATALOGUE[error.code].exit !== 'storage') await this.#notSent(row, isSent);
      return this.#giveUp(error);
    }
    const wasLost = isAppError(error.cause, 'outcome-unknown');
    const isNetwork = NETWORK.includes(error.code);
    if (isNetwork || error.code === 'platform-failure') {
      const mayRepeat = work.isRepeatable(values) || (isNetwork && !wasLost);
      if (attempt <= TRIES && mayRepeat) {
        pace.hold(this.#options.retryMs * 2 ** (attempt - 1));
        // A fault of the platform is asked for before the row is sent again; what never reached it needs no question.
        return isNetwork && !wasLost ? 'again' : 'doubt';
      }
      if (isNetwork && !wasLost) {
        await this.#notSent(row, isSent);
        return this.#giveUp(error);
      }
      if (wasLost && !work.isRepeatable(values)) {
        await this.#doubt(row, error.words);
        return 'over';
      }
    }
    const told = error.hint === undefined ? error.words : joinPairs([error.words, error.hint], { zh: '。', en: '. ' });
    // With the ID that an unbind or update was about, its results file can be run again.
    const id = isSent ? (await job.lineOf(row.index))?.id : undefined;
    await this.#write(row, { state: 'refused', code: error.code, id, ...rowMessage(told) });
    this.#count();
    return 'over';
  }

  #giveUp(error: unknown): 'over' {
    this.stop(error);
    return 'over';
  }

  /** Certainly nothing was done. */
  async #notSent(row: TableRow, isSent: boolean): Promise<void> {
    if (isSent) await this.#write(row, { state: 'waiting' });
  }

  /** The instant and the ID stay those of the request: they are what a later question needs. */
  async #doubt(row: TableRow, why: Words, sentAt?: Date): Promise<void> {
    const { id, at } = (await this.#parts.job.lineOf(row.index)) ?? {};
    await this.#write(row, { state: 'in-doubt', code: 'outcome-unknown', id, ...rowMessage(why) }, sentAt ?? at);
    this.#count();
  }

  /** Resolves when every outcome is on the disk, or could not be written and has stopped the run. */
  async written(): Promise<void> {
    await Promise.all(this.#writing);
  }

  /**
   * Not waited for: the job keeps the order of its lines, so this one is on the disk before the next request of the worker leaves, and both share one sync.
   * A process killed before finds the row as sent, with the binding in the ledger.
   */
  #end(row: TableRow, end: Omit<RowLine, 'row' | 'at'>): void {
    const writing = this.#write(row, end).catch((error: unknown) => {
      this.stop(error);
    });
    this.#writing.add(writing);
    void writing.then(() => this.#writing.delete(writing));
  }

  #write(row: TableRow, line: Omit<RowLine, 'row' | 'at'>, at?: Date): Promise<void> {
    return this.#parts.job.append([{ row: row.index, at: at ?? this.#parts.now(), ...line }]);
  }

  #count(): void {
    this.#errors += 1;
    if (this.#errors <= this.#options.maxErrors) return;
    this.stop(
      new AppError('some-failed', {
        zh: `已停止：失败超过 ${this.#options.maxErrors} 行（--max-errors）`,
        en: `stopped: more than ${counted(this.#options.maxErrors, 'row')} failed (--max-errors)`,
      }),
    );
  }
}

/** Whether no further row must be tried after `error`: wrong credentials, a block, arrears, a full disk, a stop. */
function stopsRun(error: AppError): boolean {
  return error.code === 'account-frozen' || STOPPING.includes(ERROR_CATALOGUE[error.code].exit);
}
