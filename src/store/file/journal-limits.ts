/** Bounds of a journal. */
export interface JournalLimits {
  /** Bytes that may wait for the disk; above it pushes are refused. */
  readonly pendingBytes: number;
  /** Size at which a new segment is begun. */
  readonly segmentBytes: number;
  /** Age at which a new segment is begun. */
  readonly segmentMs: number;
  /** Bytes written and synced at once. */
  readonly groupBytes: number;
}

/** The bounds used unless told otherwise. */
export const JOURNAL_LIMITS: JournalLimits = {
  pendingBytes: 64 * 1024 * 1024,
  segmentBytes: 64 * 1024 * 1024,
  segmentMs: 3_600_000,
  groupBytes: 8 * 1024 * 1024,
};
