/** Steps of a tenth of a millisecond up to ten seconds, and of ten milliseconds above, up to two hours. */
const FINE_MS = 0.1;
const FINE_COUNT = 100_000;
const COARSE_MS = 10;
const COARSE_COUNT = 719_000;

/** How long answers took. All in milliseconds; `undefined` where nothing was answered. */
export interface LatencyFigures {
  readonly p50?: number | undefined;
  readonly p95?: number | undefined;
  readonly p99?: number | undefined;
  readonly max?: number | undefined;
}

/** Counts latencies in constant memory. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(FINE_COUNT + COARSE_COUNT);
  #count = 0;
  #maxMs = 0;

  add(latencyMs: number): void {
    const fine = Math.round(latencyMs / FINE_MS);
    const coarse = Math.floor((latencyMs - FINE_COUNT * FINE_MS) / COARSE_MS);
    const slot = fine < FINE_COUNT ? fine : FINE_COUNT + Math.min(coarse, COARSE_COUNT - 1);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#count += 1;
    this.#maxMs = Math.max(this.#maxMs, latencyMs);
  }

  /** The figures so far: of the answers in order of length the one at half, at 95 and at 99 of 100, and the longest. */
  figures(): LatencyFigures {
    if (this.#count === 0) return {};
    return { p50: this.#at(0.5), p95: this.#at(0.95), p99: this.#at(0.99), max: this.#maxMs };
  }

  #at(share: number): number {
    let left = Math.ceil(this.#count * share);
    const slot = this.#counts.findIndex((count) => (left -= count) <= 0);
    const ms = slot < FINE_COUNT ? slot * FINE_MS : FINE_COUNT * FINE_MS + (slot - FINE_COUNT) * COARSE_MS;
    return Math.min(this.#maxMs, Math.round(ms * 10) / 10);
  }
}

/** `p50 1.2 ms, p95 4 ms, p99 9.1 ms, max 20.3 ms`; `undefined` where nothing was answered. */
export function describeLatency({ p50, p95, p99, max }: LatencyFigures): string | undefined {
  return max === undefined ? undefined : `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, max ${max} ms`;
}
