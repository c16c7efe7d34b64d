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
