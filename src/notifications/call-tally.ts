import type { CallFacts } from './call-facts.js';
import { SecondCounts } from './second-counts.js';

/** What is counted of some calls. Rates and percentiles of nothing are `undefined`. */
export interface CallFigures {
  readonly calls: number;
  readonly answered: number;
  /** Answered of all, 0 to 1, to four places. */
  readonly answerRate: number | undefined;
  readonly talkSeconds: number;
  /** The same in minutes, to two places. */
  readonly talkMinutes: number;
  /** Sum of the started minutes of each call. */
  readonly billedMinutes: number;
  /** Of the calls that rang, answered or not. */
  readonly ringSecondsMedian: number | undefined;
  readonly ringSecondsP95: number | undefined;
  /** Of the answered calls. */
  readonly talkSecondsMedian: number | undefined;
  readonly talkSecondsP95: number | undefined;
}

/** Names of {@link CallFigures}, in the order in which they are shown. */
export const FIGURE_NAMES = [
  'calls',
  'answered',
  'answerRate',
  'talkSeconds',
  'talkMinutes',
  'billedMinutes',
  'ringSecondsMedian',
  'ringSecondsP95',
  'talkSecondsMedian',
  'talkSecondsP95',
] as const satisfies readonly (keyof CallFigures)[];

/** Counts calls one by one. Memory grows with the number of different lengths in seconds, not with the calls. */
export class CallTally {
  #calls = 0;
  #answered = 0;
  #talkSeconds = 0;
  #billedMinutes = 0;
  readonly #ring = new SecondCounts();
  readonly #talk = new SecondCounts();

  get calls(): number {
    return this.#calls;
  }

  add({ ringSeconds, talkSeconds, outcome }: CallFacts): void {
    this.#calls += 1;
    if (talkSeconds !== undefined) {
      this.#talkSeconds += talkSeconds;
      this.#billedMinutes += Math.ceil(talkSeconds / 60);
    }
    if (ringSeconds !== undefined) this.#ring.add(ringSeconds);
    if (outcome !== 'answered') return;
    this.#answered += 1;
    if (talkSeconds !== undefined) this.#talk.add(talkSeconds);
  }

  /** Adds the sums of calls whose lengths are told apart by {@link addRing} and {@link addTalk}. */
  addSums(sums: Pick<CallFigures, 'calls' | 'answered' | 'talkSeconds' | 'billedMinutes'>): void {
    this.#calls += sums.calls;
    this.#answered += sums.answered;
    this.#talkSeconds += sums.talkSeconds;
    this.#billedMinutes += sums.billedMinutes;
  }

  /** `count` calls rang for so long. */
  addRing(seconds: number, count: number): void {
    this.#ring.add(seconds, count);
  }

  /** The talk of `count` answered calls was so long. */
  addTalk(seconds: number, count: number): void {
    this.#talk.add(seconds, count);
  }

  /** Adds all that another tally has counted. */
  merge(other: CallTally): void {
    this.#calls += other.#calls;
    this.#answered += other.#answered;
    this.#talkSeconds += other.#talkSeconds;
    this.#billedMinutes += other.#billedMinutes;
    this.#ring.merge(other.#ring);
    this.#talk.merge(other.#talk);
  }

  figures(): CallFigures {
    const [ringSecondsMedian, ringSecondsP95] = percentiles(this.#ring.entries(), [50, 95]);
    const [talkSecondsMedian, talkSecondsP95] = percentiles(this.#talk.entries(), [50, 95]);
    return {
      calls: this.#calls,
      answered: this.#answered,
      answerRate: this.#calls === 0 ? undefined : rounded(this.#answered / this.#calls, 4),
      talkSeconds: this.#talkSeconds,
      talkMinutes: rounded(this.#talkSeconds / 60, 2),
      billedMinutes: this.#billedMinutes,
      ringSecondsMedian,
      ringSecondsP95,
      talkSecondsMedian,
      talkSecondsP95,
    };
  }
}

/**
 * The percentile by nearest rank: of n values in ascending order the one at place ceil(n × percent / 100), counted from 1. It is always a value that
 * occurred: of 1, 2, 3, 4 the median is 2.
 * @param counts how often each value occurred, each value once.
 * @returns `undefined` when nothing was counted.
 */
export function percentile(
  counts: Iterable<readonly [value: number, count: number]>,
  percent: number,
): number | undefined {
  return percentiles(counts, [percent])[0];
}

/** Several percentiles, each as {@link percentile} gives it. @param counts each value once. */
function percentiles(
  counts: Iterable<readonly [value: number, count: number]>,
  percents: readonly number[],
): readonly (number | undefined)[] {
  const countOf = new Map(counts);
  const values = Float64Array.from(countOf.keys()).sort();
  let total = 0;
  for (const count of countOf.values()) total += count;
  return percents.map((percent) => {
    const rank = Math.max(1, Math.ceil((total * percent) / 100));
    let passed = 0;
    return values.find((value) => {
      passed += countOf.get(value) ?? 0;
      return passed >= rank;
    });
  });
}

function rounded(value: number, places: number): number {
  const factor = 10 ** places;
  return Math.round(value * factor) / factor;
}
