/** After so many turns they are counted in an array: fewer take less memory in a map. */
const DENSE_FROM = 8192;
/** Lengths from 0 to below this stand in the array: a little more than an hour. */
const DENSE_SECONDS = 4096;

/** How often each length in whole seconds occurred. Memory grows with the number of different lengths. */
export class SecondCounts {
  #turns = 0;
  #dense: Float64Array | undefined;
  readonly #others = new Map<number, number>();

  add(seconds: number, count = 1): void {
    this.#turns += 1;
    if (this.#dense !== undefined && seconds < DENSE_SECONDS) {
      this.#dense[seconds] = (this.#dense[seconds] ?? 0) + count;
      return;
    }
    this.#others.set(seconds, (this.#others.get(seconds) ?? 0) + count);
    if (this.#dense === undefined && this.#turns >= DENSE_FROM) this.#makeDense();
  }

  /** Adds all that another has counted. */
  merge(other: SecondCounts): void {
    for (const [seconds, count] of other.entries()) this.add(seconds, count);
  }

  /** Each length that occurred, and how often; in no order. */
  *entries(): Generator<readonly [seconds: number, count: number]> {
    yield* this.#others;
    for (const [seconds, count] of (this.#dense ?? []).entries()) if (count > 0) yield [seconds, count];
  }

  #makeDense(): void {
    this.#dense = new Float64Array(DENSE_SECONDS);
    for (const [seconds, count] of this.#others) {
      if (seconds >= DENSE_SECONDS) continue;
      this.#dense[seconds] = count;
      this.#others.delete(seconds);
    }
  }
}
