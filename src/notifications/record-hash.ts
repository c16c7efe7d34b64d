/** Hashes parsed JSON values to 64 bits: equal values have equal hashes, whatever the order of their fields. */
export interface RecordHash {
  /** The two halves of the last hash; as bits, signed. */
  readonly high: number;
  readonly low: number;
  /** Hashes a value; the result stands in `high` and `low`. */
  add(value: unknown): void;
}
