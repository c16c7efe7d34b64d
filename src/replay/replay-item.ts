/** One saved push, ready to be sent again. */
export interface ReplayItem {
  /** Its place among the pushes of a run, from 1; `undefined` outside of one. */
  readonly number?: number | undefined;
  /** Names it for people: `cdr.json:17`, or the line of the journal. */
  readonly label: string;
  /** The body, byte for byte as it will be sent. */
  readonly bytes: Uint8Array;
  /** As they were saved, names in lower case; for a plain file only the content type. */
  readonly headers: Readonly<Record<string, string>>;
  /** Request target with its query; `/` where it was not saved. */
  readonly path: string;
  /** Calls (`sessionId`) or SMS (`smsIdentifier`) it is about; pushes that share one keep their order. */
  readonly sessionKeys: readonly string[];
  /** When it came the first time; `undefined` where it was not saved. */
  readonly receivedAt?: Date | undefined;
  /** Why it is not sent: its verdict is a failure with this reason. */
  readonly refused?: string | undefined;
}

/** Headers of a push that was saved without any. Source: privatenumber_02_0006 (read 2026-07). */
export const PLAIN_HEADERS: Readonly<Record<string, string>> = { 'content-type': 'application/json;charset=UTF-8' };
