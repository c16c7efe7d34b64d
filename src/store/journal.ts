import type { PushKind } from '../domain/push-kind.js';

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
