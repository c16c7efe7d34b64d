import type { TextPair } from '../domain/text-pair.js';
import type { ArchiveEntry } from './archive-entry.js';
import type { InventoryEntry } from './inventory-entry.js';
import type { Journal } from './journal.js';
import type { KeyedLog } from './keyed-log.js';
import type { LedgerEntry } from './ledger-entry.js';
import type { RecordingNote } from './recording-note.js';

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
