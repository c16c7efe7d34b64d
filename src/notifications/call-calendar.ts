import { dayNumber, dayText, hourOfDay, weekdayOf } from './local-hours.js';

/** Calls of one day. */
export interface DayCalls {
  readonly day: string;
  readonly calls: number;
  readonly answered: number;
}

/** Days without calls are filled in up to so many years; a record with a wild date must not fill the memory. */
const MOST_DAYS = 4000;

interface Counted {
  calls: number;
  answered: number;
}

/** Counts calls by days, and by the hours of a week, on the walls of a zone. */
export class CallCalendar {
  /** Calls by weekday (Monday first) and hour of the day: 7 × 24. */
  readonly week: readonly number[][] = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  readonly #days = new Map<number, Counted>();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  /** Of the hours counted last: calls mostly come by time. */
  #hours = Number.NaN;
  #row: number[] = [];
  #day: Counted = { calls: 0, answered: 0 };

  /**
   * @param atMs instant of the call in milliseconds since 1970.
   * @param hours the same by `localHours`.
   */
  add(atMs: number, hours: number, answered: boolean): void {
    if (atMs < this.#first) this.#first = atMs;
    if (atMs > this.#last) this.#last = atMs;
    if (hours !== this.#hours) this.#turnTo(hours);
    this.#day.calls += 1;
    if (answered) this.#day.answered += 1;
    const hour = hourOfDay(hours);
    this.#row[hour] = (this.#row[hour] ?? 0) + 1;
  }

  /** Adds calls of one hour, by `localHours`; when the first and the last of them were is told by {@link addSpan}. */
  addHour(hours: number, calls: number, answered: number): void {
    this.#turnTo(hours);
    this.#day.calls += calls;
    this.#day.answered += answered;
    const hour = hourOfDay(hours);
    this.#row[hour] = (this.#row[hour] ?? 0) + calls;
  }

  /** There were calls at these instants, and between. */
  addSpan(firstMs: number, lastMs: number): void {
    this.#first = Math.min(this.#first, firstMs);
    this.#last = Math.max(this.#last, lastMs);
  }

  /** Instant of the first call that was counted. */
  get firstAt(): Date | undefined {
    return this.#first <= this.#last ? new Date(this.#first) : undefined;
  }

  get lastAt(): Date | undefined {
    return this.#first <= this.#last ? new Date(this.#last) : undefined;
  }

  /** Every day from the first to the last call, those without calls too. */
  days(): DayCalls[] {
    const known = [...this.#days.keys()].sort((one, other) => one - other);
    const [first = 0] = known;
    const last = known.at(-1) ?? -1;
    const all =
      last - first < MOST_DAYS ? Array.from({ length: last - first + 1 }, (_, index) => first + index) : known;
    return all.map((day) => ({ day: dayText(day), ...(this.#days.get(day) ?? { calls: 0, answered: 0 }) }));
  }

  #turnTo(hours: number): void {
    this.#hours = hours;
    const number = dayNumber(hours);
    const day = this.#days.get(number) ?? { calls: 0, answered: 0 };
    this.#days.set(number, day);
    this.#day = day;
    this.#row = this.week[weekdayOf(number) - 1] ?? [];
  }
}
