import type { HashThread } from './hash-thread.js';
import type { WriteBuffers } from './write-buffers.js';

/** What a part file belongs to. */
export interface PartOptions {
  /** Absolute path of the finished file; its folder exists. */
  readonly final: string;
  /** See `archiveKey`. */
  readonly key: string;
  /** Of this process, for the lock. Without it nothing is kept for later processes. */
  readonly pid: number | undefined;
  readonly buffers: WriteBuffers;
  /** Hashes large files; without it all are hashed in this thread. */
  readonly hashes?: Pick<HashThread, 'begin'> | undefined;
  /** Makes the folder again when it has gone meanwhile. */
  readonly remake: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** A finished part: whole, synced, closed, not yet named. */
export interface FinishedPart {
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** The first 64 KiB, or all of it; stands until the part is closed or removed. */
  readonly head: Uint8Array;
}
