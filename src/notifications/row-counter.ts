import { MODES } from '../domain/mode.js';
import { OUTCOMES } from '../domain/outcome.js';
import type { CallCalendar } from './call-calendar.js';
import type { CallFacts } from './call-facts.js';
import { causeText, type CallGroup, type CallGroups } from './call-groups.js';
import type { GroupKey } from './group-key.js';
import { offsetAt } from './local-hours.js';
import { CallCounter, type CountedBy } from './quick/call-counter.js';
import type { CallRows } from './quick/call-rows.js';

/** Of the bits that tell groups apart those of each key, lower and higher half: as `keysOf` of `wasm/count-calls.ts` puts them. */
const KEY_BITS: Readonly<Record<GroupKey, readonly [low: number, high: number]>> = {
  outcome: [0x0000_000f, 0],
  mode: [0x0000_00f0, 0],
  hour: [0x0000_1f00, 0],
  weekday: [0x0000_e000, 0],
  day: [0xffff_0000, 0],
  cause: [0, 0xffff_ffff],
  x: [0, 0],
  area: [0, 0],
};

/** What {@link RowCounter} counts by, and where groups are found. */
export interface RowCounterOptions {
  readonly by: readonly GroupKey[];
  readonly zone: string;
  readonly groups: CallGroups;
  /** Counts a call that has to be looked at whole. */
  readonly count: (call: CallFacts) => void;
}

/**
 * Counts scanned calls by the numbers in their rows. Only the first row of a new combination of numbers is made a call, whose group {@link CallGroups} finds: so
 * groups are the same as for whole records.
 */
export class RowCounter {
  readonly #options: RowCounterOptions;
  /** Of the groups of the counter those of the calls. */
  readonly #known: CallGroup[] = [];
  /** Number of each cause. */
  readonly #causes = new Map<string, number>();
  #counter: CallCounter | undefined;
  /** The rows that are counted at present, and the number of the first of them. */
  #rows: CallRows | undefined;
  #from = 0;

  constructor(options: RowCounterOptions) {
    this.#options = options;
  }

  add(rows: CallRows): void {
    this.#counter ??= this.#makeCounter();
    this.#rows = rows;
    for (const part of rows.facts(this.#counter.mostAtOnce)) {
      this.#from = part.from;
      this.#counter.count(part);
    }
  }

  /** Hands over what was counted: to the groups, and to a calendar. To be called once, at the end. */
  addTo(calendar: CallCalendar): void {
    const counter = this.#counter;
    if (counter === undefined) return;
    for (const { group, ...sums } of counter.groups()) this.#known[group]?.tally.addSums(sums);
    for (const { group, seconds, isTalk, count } of counter.lengths()) {
      const tally = this.#known[group]?.tally;
      if (isTalk) tally?.addTalk(seconds, count);
      else tally?.addRing(seconds, count);
    }
    for (const { hours, calls, answered } of counter.hours()) calendar.addHour(hours, calls, answered);
    const { earliestAt, latestAt } = counter;
    if (earliestAt !== undefined && latestAt !== undefined) calendar.addSpan(earliestAt * 1000, latestAt * 1000);
  }

  #makeCounter(): CallCounter {
    const { by, zone, groups, count } = this.#options;
    return new CallCounter(countedBy(by), {
      offset: (time) => offsetAt(zone, time),
      ending: (call) => {
        const { outcome, cause, mode } = this.#callOf(call);
        const modeNumber = mode === undefined ? MODES.length : MODES.indexOf(mode);
        const bits = OUTCOMES.indexOf(outcome) | (modeNumber << 4);
        return { bits, cause: this.#causeNumber(causeText(cause)), answered: outcome === 'answered' };
      },
      group: (call, hours) => {
        this.#known.push(groups.of(this.#callOf(call), hours));
      },
      left: (call) => {
        count(this.#callOf(call));
      },
    });
  }

  #callOf(call: number): CallFacts {
    if (this.#rows === undefined) throw new Error('no rows are counted');
    return this.#rows.callOf(this.#from + call);
  }

  #causeNumber(text: string): number {
    let number = this.#causes.get(text);
    if (number === undefined) {
      number = this.#causes.size;
      this.#causes.set(text, number);
    }
    return number;
  }
}

function countedBy(by: readonly GroupKey[]): CountedBy {
  const bits = by.map((key) => KEY_BITS[key]);
  const low = bits.reduce((all, [one]) => all | one, 0);
  const high = bits.reduce((all, [, one]) => all | one, 0);
  return { low, high, x: by.includes('x'), area: by.includes('area') };
}
