import type { Mode } from '../domain/mode.js';

/** What became of a row of a bulk job. `sent`: a request left and no outcome was written: the process ended in between. */
export const ROW_STATES = ['waiting', 'sent', 'done', 'already', 'refused', 'in-doubt'] as const;
export type RowState = (typeof ROW_STATES)[number];

/** One line of a job: a row's new state. The latest line of a row counts. */
export interface RowLine {
  /** From 0, as `TableRow.index`. */
  readonly row: number;
  readonly at: Date;
  readonly state: RowState;
  /** Binding ID. */
  readonly id?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly extension?: string | undefined;
  /** Error code of a row that was refused or is in doubt. */
  readonly code?: string | undefined;
  /** Why, for people, in English; numbers masked. */
  readonly message?: string | undefined;
  /** The same in Chinese. */
  readonly messageZh?: string | undefined;
}

/** What a job is to do; never changes. */
export interface JobHead {
  readonly id: string;
  readonly at: Date;
  readonly operation: 'bind' | 'unbind' | 'update';
  readonly mode: Mode;
  readonly profile: string;
  /** Name of the input as it was typed. */
  readonly file: string;
  /** Lower-case hex, of the input's bytes. */
  readonly sha256: string;
  /** Own values that every row has unless its cell says otherwise. */
  readonly defaults: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Own name → heading. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly ifExists?: 'fail' | 'skip' | 'update' | undefined;
  readonly ignoreMissing?: boolean | undefined;
}

/** How many rows stand in each state. */
export type RowCounts = Readonly<Record<RowState, number>>;

/** A job as it stands; reading it changes nothing. */
export interface JobRecord {
  readonly head: JobHead;
  /** Rows of the input; `undefined` while it is being planned: nothing was sent. */
  readonly rows: number | undefined;
  readonly counts: RowCounts;
  /** When the last line was written. */
  readonly updatedAt: Date;
  stateOf(row: number): RowState;
  /** The latest line of a row; rows asked for in their order are read fastest. */
  lineOf(row: number): Promise<RowLine | undefined>;
  close(): Promise<void>;
}

/** A job that this process alone writes. */
export interface JobLog extends JobRecord {
  /** The input, as it came. */
  input(): AsyncIterable<Uint8Array>;
  /** Resolves once the lines are durable; lines that wait share one write and sync. What was handed in first is never durable later. */
  append(lines: readonly RowLine[]): Promise<void>;
  /** Ends the planning: from now on the job can be resumed. Durable. */
  begin(rows: number): Promise<void>;
  /** Lets others in; a job that never began is removed. */
  close(): Promise<void>;
}

/** The bulk jobs of this machine's user. */
export interface Jobs {
  /**
   * The job of the same work (operation, mode, profile, input, defaults, mapping) that is not over, else a new one. Holds its lock until it is closed.
   * `before` is the latest job of the same work that is over, where there is one.
   * @throws AppError `job-running` when another process holds it; `disk-full` or `storage-…`.
   */
  start(
    work: Omit<JobHead, 'id' | 'at' | 'sha256'>,
    input: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly job: JobLog; readonly resumed: boolean; readonly before?: JobRecord | undefined }>;
  /** Takes a job up again. @throws AppError `job-not-found`, `job-running`, `storage-…`. */
  resume(id: string): Promise<JobLog>;
  /** @throws AppError `job-not-found`, `storage-…`. */
  read(id: string): Promise<JobRecord>;
  /** Every job, the newest first. */
  list(): AsyncIterable<JobRecord>;
  /** The input of a job. */
  input(id: string): AsyncIterable<Uint8Array>;
  /**
   * Removes a job and the copy of its input, unless rows are left or in doubt.
   * @returns whether it is gone. @throws AppError `job-not-found`, `job-running`, `storage-…`.
   */
  remove(id: string): Promise<boolean>;
}
