import type { CallVerdict } from '../domain/call-outcome.js';
import { MODES } from '../domain/mode.js';
import { OUTCOMES } from '../domain/outcome.js';
import type { CallCalendar } from './call-calendar.js';
import { causeText, type CallGroup, type CallGroups } from './call-groups.js';
import type { GroupKey } from './group-key.js';
import { dayNumber, hourOfDay, weekdayOf } from './local-hours.js';
import { COLUMN, firstTime, NO_TIME, ringOf, talkOf } from './quick/call-columns.js';
import type { CallRows } from './quick/call-rows.js';
import { modeOf, RowVerdicts } from './quick/row-verdicts.js';
import { TextNumbers } from './quick/text-numbers.js';

/** What follows from how a call ended. */
interface Ending {
  readonly answered: boolean;
  /** Numbers of outcome and cause; 0 without a cause. */
  readonly outcome: number;
  readonly cause: number;
}

/** A row's number for a key is below this. */
const MOST_NUMBERS = 2 ** 22;

/**
 * Counts scanned calls by the numbers in their rows. What rows have in common is one number; only the first row of a new number is made a call, whose group
 * {@link CallGroups} finds: so groups are the same as for whole records.
 */
export class RowCounter {
  readonly #by: readonly GroupKey[];
  readonly #groups: CallGroups;
  readonly #calendar: CallCalendar;
  readonly #clock: (atMs: number) => number;
  readonly #known = new Map<number, CallGroup>();
  /** Of the number of the keys before and that of a key the number of both. */
  readonly #joined = new Map<number, number>();
  readonly #xs = new TextNumbers();
  readonly #areas = new TextNumbers();
  readonly #causes = new Map<string, number>();
  readonly #endings: RowVerdicts<Ending>;

  constructor(
    by: readonly GroupKey[],
    into: {
      readonly groups: CallGroups;
      readonly calendar: CallCalendar;
      readonly clock: (atMs: number) => number;
    },
  ) {
    this.#by = by;
    this.#groups = into.groups;
    this.#calendar = into.calendar;
    this.#clock = into.clock;
    this.#endings = new RowVerdicts((verdict) => this.#endingOf(verdict));
  }

  add(rows: CallRows): void {
    const { words, places } = rows;
    for (const at of places) {
      const first = firstTime(words, at);
      const hours = first === NO_TIME ? undefined : this.#clock(first * 1000);
      const ending = this.#endings.of(words, at);
      const number = this.#numberOf(rows, at, { hours, ending });
      let group = this.#known.get(number);
      if (group === undefined) {
        group = this.#groups.of(rows.callAt(at), hours);
        if (number >= 0) this.#known.set(number, group);
      }
      group.tally.addSeconds(ringOf(words, at), talkOf(words, at), ending.answered);
      if (hours !== undefined) this.#calendar.add(first * 1000, hours, ending.answered);
    }
  }

  /** @returns -1 for one that has none. */
  #numberOf(
    rows: CallRows,
    at: number,
    known: { readonly hours: number | undefined; readonly ending: Ending },
  ): number {
    let number = 0;
    for (let index = 0; index < this.#by.length; index++) {
      const next = this.#keyNumber(this.#by[index] ?? 'hour', rows, at, known);
      if (next >= MOST_NUMBERS) return -1;
      number = index === 0 ? next : this.#join(number, next);
    }
    return number;
  }

  #join(before: number, next: number): number {
    const both = before * MOST_NUMBERS + next;
    let number = this.#joined.get(both);
    if (number === undefined) {
      number = this.#joined.size;
      this.#joined.set(both, number);
    }
    return number;
  }

  #keyNumber(
    key: GroupKey,
    rows: CallRows,
    at: number,
    { hours, ending }: { readonly hours: number | undefined; readonly ending: Ending },
  ): number {
    switch (key) {
      case 'hour':
        return hours === undefined ? 24 : hourOfDay(hours);
      case 'day':
        // From a day before 1970 on, for zones behind Greenwich.
        return hours === undefined ? 0 : dayNumber(hours) + 2;
      case 'weekday':
        return hours === undefined ? 0 : weekdayOf(dayNumber(hours));
      case 'outcome':
        return ending.outcome;
      case 'cause':
        return ending.cause;
      case 'mode': {
        const mode = modeOf(rows.words, at);
        return mode === undefined ? MODES.length : MODES.indexOf(mode);
      }
      case 'x': {
        const column = rows.words[at + COLUMN.x + 1] === 0 ? COLUMN.dialled : COLUMN.x;
        return this.#textNumber(this.#xs, rows, at + column);
      }
      case 'area':
        return this.#textNumber(this.#areas, rows, at + COLUMN.area);
    }
  }

  #textNumber(numbers: TextNumbers, rows: CallRows, at: number): number {
    return numbers.of(rows.bytes, rows.words[at] ?? 0, rows.words[at + 1] ?? 0);
  }

  #endingOf({ outcome, cause }: CallVerdict): Ending {
    const text = causeText(cause);
    let number = this.#causes.get(text);
    if (number === undefined) {
      number = this.#causes.size;
      this.#causes.set(text, number);
    }
    return { answered: outcome === 'answered', outcome: OUTCOMES.indexOf(outcome), cause: number };
  }
}
