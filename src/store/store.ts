import type { Binding } from '../domain/binding.js';
import type { Mode } from '../domain/mode.js';
import type { PushKind } from '../domain/push-kind.js';
import type { TextPair } from '../domain/text-pair.js';

/**
 * What the tool keeps, behind interfaces that the embedded files and a shared database both meet. One contract suite runs on every
 * implementation. Every promise that resolves means: durable. Failures reject with `AppError` `disk-full` or `storage-…`.
 */
export interface Store {
  readonly journal: Journal;
  /** Every change of a binding made or seen by this tool; key: see {@link LedgerEntry}. */
  readonly ledger: KeyedLog<LedgerEntry>;
  /** X numbers; key: the number. */
  readonly inventory: KeyedLog<InventoryEntry>;
  /** Recordings that lie whole under their final name; key: see {@link ArchiveEntry}. */
  readonly archive: KeyedLog<ArchiveEntry>;
  /** What is to be remembered of recordings beside the archive; key: that of the archive. */
  readonly recordingNotes: KeyedLog<RecordingNote>;
  health(): Promise<StoreHealth>;
  close(): Promise<void>;
}

/** What `doctor` and `GET /healthz` say of a store. */
export interface StoreHealth {
  readonly durable: boolean;
  /** Where it keeps its data, for people. */
  readonly location: string;
  /** What a person should know; empty when all is well. */
  readonly notes: readonly TextPair[];
}

/** A push as it came in, before anybody has understood it. */
export interface IncomingPush {
  /** Instant of arrival. */
  readonly at: Date;
  readonly kind: PushKind;
  /** What makes it the same push when it comes again; `undefined` = never taken for a duplicate. */
  readonly key: string | undefined;
  /** Address of the sender. */
  readonly remote: string;
  /** Request target with its query. */
  readonly path: string;
  /** Names in lower case; signature headers included. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, byte for byte. */
  readonly bytes: Uint8Array;
  /** Whether the body is known to be one JSON value in UTF-8 and nothing else; `undefined`: nobody has looked. */
  readonly isJson?: boolean | undefined;
}

/** How a push stands to what the journal holds. `conflict`: the key is known with other content; both are kept. */
export type AppendResult = 'new' | 'duplicate' | 'conflict';

/** A push as the journal gives it back. */
export interface StoredPush extends IncomingPush {
  /** `<segment>:<sequence>`: names the line; also a cursor to go on from. */
  readonly id: string;
  /** How it stood to the pushes before it. A duplicate has no bytes of its own: `bytes` is empty. */
  readonly result: AppendResult;
}

/** Whether the headers and the body of a push are wanted. */
export type BodyChoice = (kind: PushKind, body: () => Uint8Array) => boolean;

/** Which pushes to read; instants of arrival, `from` included, `to` not. */
export interface JournalQuery {
  readonly kind?: PushKind | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Duplicates are left out unless asked for. */
  readonly duplicates?: boolean | undefined;
  /** Whose headers and bodies are wanted, by kind or by the body itself: of others both come empty, and the body is not checked against its own checksum. Without it all are. */
  readonly bodiesOf?: BodyChoice | undefined;
  /** False: headers come empty. */
  readonly headers?: boolean | undefined;
  /** Told of every damaged line; reading goes on behind it. */
  readonly onDamage?: ((damage: JournalDamage) => void) | undefined;
}

/** A line that cannot be trusted. */
export interface JournalDamage {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** Which pushes to follow. */
export interface FollowQuery extends Pick<JournalQuery, 'kind' | 'duplicates' | 'onDamage'> {
  /** First those that the journal holds from this instant of arrival on; without it only what comes from now on. */
  readonly from?: Date | undefined;
}

/** How a consumer is taken up. */
export interface ConsumeOptions extends Pick<JournalQuery, 'onDamage'> {
  /** How people know it; kept with its place. No secrets. */
  readonly label?: string | undefined;
}

/**
 * A reader of the journal that remembers what it is done with, also when the process is killed: pushes that were not settled come again.
 * The journal itself is the queue; only places in it are kept.
 */
export interface JournalConsumer {
  /**
   * What is not settled yet, in order of arrival, then what comes, until `signal` aborts. Duplicates are left out. For one loop at a time.
   * @throws AppError `storage-…`.
   */
  pushes(signal: AbortSignal): AsyncIterable<StoredPush>;
  /** This push need not come again. Durable within a fraction of a second, and when the consumer is closed; until then it may come twice. */
  settle(id: string): void;
  /** Makes what was settled durable and lets another process take over. */
  close(): Promise<void>;
}

/** The pushes received, in order of arrival. */
export interface Journal {
  /** Resolves once the push is durable; waiting pushes share one write and sync. A refused write rejects them all. */
  append(push: IncomingPush): Promise<AppendResult>;
  read(query?: JournalQuery): AsyncIterable<StoredPush>;
  /**
   * Pushes as they come, from every receiver that writes into the journal; the journal need not exist yet. What is already there counts from the first
   * request of the iterator on. Ends when `signal` aborts.
   */
  follow(query: FollowQuery, signal: AbortSignal): AsyncIterable<StoredPush>;
  /**
   * Takes up the reader `name` where it stood; a new one begins with what comes from now on.
   * @param name letters, digits and hyphens.
   * @throws AppError `storage-locked` while another process has it; `storage-…`.
   */
  consume(name: string, options?: ConsumeOptions): Promise<JournalConsumer>;
  /** Does at once what the first append would have to do, and tries whether the store can be written. For servers, before they accept. */
  prepare(): Promise<void>;
  /** Bytes taken but not yet durable. */
  readonly pendingBytes: number;
  /** False from a refused write until the next one that holds. */
  readonly healthy: boolean;
}

/** A log in which the latest line of a key counts. Safe for several processes at once. */
export interface KeyedLog<T extends { readonly key: string }> {
  /** Appends the entries as one write. */
  append(entries: readonly T[]): Promise<void>;
  /** Latest entry of each key, in order of its first appearance. */
  entries(): AsyncIterable<T>;
  /** Latest entry of `key`. */
  get(key: string): Promise<T | undefined>;
  /** Latest entries of those of `keys` that there are, as they are at one instant: the log is looked at once. */
  getAll(keys: Iterable<string>): Promise<ReadonlyMap<string, T>>;
  /**
   * Latest entries, in the order of `entries`: all that have these texts among what they are found by (see the codec) and whose instant lies in `span`, and some
   * that do not. For a few out of very many: loads nothing else. A log without it is read whole.
   */
  find?(texts: readonly string[], span?: TimeSpan): AsyncIterable<T>;
  /** Whether `find` takes a fraction of the time of reading everything. */
  findsQuickly?(): Promise<boolean>;
  /** What of it cannot be trusted any more. A store that vouches for its lines has none. */
  damage?(): Promise<LogDamage>;
}

/** Damaged lines of a log. */
export interface LogDamage {
  readonly file: string;
  /** In the log still: they are left out. As far as this is known at little cost. */
  readonly damaged: number;
  /** Where those lie that were taken out of it, as they were. */
  readonly aside: string;
  readonly setAside: number;
}

/** Instants from `from` to `to`, the latter not included; without them open. */
export interface TimeSpan {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** One line of the ledger. Key: mode, `subscriptionId` and, for AXYB, Y; for a bind in doubt, the request's own ID. */
export interface LedgerEntry {
  readonly key: string;
  readonly at: Date;
  readonly mode: Mode;
  readonly action: 'bind' | 'update' | 'unbind' | 'seen';
  /** `in-doubt`: the answer was lost and nobody knows yet. `gone`: unbound, expired or found missing. */
  readonly state: 'active' | 'gone' | 'in-doubt';
  /** As far as it is known after this change. */
  readonly binding: Binding;
  /** Own values of the request, without credentials. */
  readonly request?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** On lines after the bind: what it and the updates since have asked for, by own names. */
  readonly settings?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Why it is gone or in doubt, for people. */
  readonly note?: string | undefined;
  /** A person said that a bind in doubt did not happen: it may be sent again. */
  readonly closedByHand?: boolean | undefined;
}

/** Where the tool learnt of an X number. */
export type NumberOrigin = 'import' | 'bind' | 'query' | 'cdr' | 'status';

/** One X number. */
export interface InventoryEntry {
  /** The number in global format. */
  readonly key: string;
  readonly at: Date;
  readonly mode?: Mode | undefined;
  readonly city?: string | undefined;
  readonly areaCode?: string | undefined;
  /** As the console or a status push says it. */
  readonly status?: string | undefined;
  /** Why it is in this state, where a status push said so. */
  readonly cause?: string | undefined;
  /** Since when it has been known to be in this state: the push, or the first import that said so. */
  readonly statusAt?: Date | undefined;
  readonly sms?: boolean | undefined;
  readonly origins: readonly NumberOrigin[];
  /** Further columns of the imported file, by heading. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
  /** When it entered the inventory. */
  readonly firstAt?: Date | undefined;
  /** When the platform was last asked for all bindings on it. */
  readonly askedAt?: Date | undefined;
  /** How many bindings the platform then had. */
  readonly platformBindings?: number | undefined;
  /** A list no longer had it and a person agreed to forget it. It comes back when it is seen again. */
  readonly forgotten?: boolean | undefined;
}

/** One recording on disk. Key: domain and file name, else the direct address without its query. */
export interface ArchiveEntry {
  readonly key: string;
  readonly at: Date;
  /** Absolute path. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly durationSeconds?: number | undefined;
  readonly sessionId?: string | undefined;
  /** The command of `--exec` was promised to the file and has not ended well yet. A further line without it says that it has. */
  readonly commandDue?: boolean | undefined;
}

/**
 * What is to be remembered of a recording beside its archive entry. `failed`: the last run did not get it. `again`: `recordings verify` found
 * the file missing or altered, and the next download fetches it. `command-failed`: the file is whole, the command of `--exec` failed on it.
 * `settled`: nothing any more.
 */
export interface RecordingNote {
  readonly key: string;
  readonly at: Date;
  readonly state: 'failed' | 'again' | 'command-failed' | 'settled';
  /** For people, in English; older versions wrote it in the language of the run. */
  readonly reason?: string | undefined;
  /** The same in Chinese. */
  readonly reasonZh?: string | undefined;
  /** Likely reason of the platform's answer that there is none. */
  readonly missing?: 'arrears' | 'wrong-name' | 'expired' | 'too-short' | undefined;
  /** Error code of the failure. */
  readonly code?: string | undefined;
}

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
   * `before` is the latest job of the same work that is over, where there is one.
   * The job of the same work (operation, mode, profile, input, defaults, mapping) that is not over, else a new one. Holds its lock until it is closed.
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
