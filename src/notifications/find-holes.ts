import { dayNumber, hourOfDay, weekdayOf } from './local-hours.js';

/** Whole hours without a call; hours count as {@link localHours} counts them. `to` is the first hour behind. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** Days of a kind that must be there before an hour can be usual. */
const FEWEST_DAYS = 3;
/** Usual hours that a stretch without calls must hold. */
const FEWEST_HOURS = 2;
/** Longest range looked at; one record with a wild date must not make it endless. */
const MOST_HOURS = 4000 * 24;

/**
 * Finds stretches without any call in which calls are usual. An hour is usual when on at least half of the days of its kind (Monday to Friday, or
 * Saturday and Sunday) there is a call in that hour of the day, and there are at least three such days. A stretch counts when it holds two usual hours.
 * Nights and weekends without calls are no holes therefore. This is a guess: a quiet day looks the same as a receiver that was down.
 * @param hours whole hours that had a call.
 * @param end looked at up to this hour, which is left out; `undefined`: to the last hour with a call.
 */
export function findHoles(hours: ReadonlySet<number>, end?: number): Hole[] {
  const sorted = [...hours].sort((one, other) => one - other);
  const stop = Math.max(end ?? 0, sorted.at(-1) ?? 0);
  const first = sorted.find((hour) => hour >= stop - MOST_HOURS);
  if (first === undefined) return [];
  const usual = usualHours(hours, first, stop);
  const holes: Hole[] = [];
  let from: number | undefined;
  let counted = 0;
  for (let hour = first; hour <= stop; hour += 1) {
    if (hour < stop && !hours.has(hour)) {
      from ??= hour;
      if (usual(hour)) counted += 1;
      continue;
    }
    if (from !== undefined && counted >= FEWEST_HOURS) holes.push({ from, to: hour });
    from = undefined;
    counted = 0;
  }
  return holes;
}

function usualHours(hours: ReadonlySet<number>, first: number, stop: number): (hour: number) => boolean {
  const days = [0, 0];
  const withCalls = new Map<number, number>();
  const slot = (hour: number): number => kindOf(dayNumber(hour)) * 24 + hourOfDay(hour);
  for (let day = dayNumber(first); day <= dayNumber(stop); day += 1) days[kindOf(day)] = (days[kindOf(day)] ?? 0) + 1;
  for (const hour of hours) if (hour >= first) withCalls.set(slot(hour), (withCalls.get(slot(hour)) ?? 0) + 1);
  return (hour) => {
    const all = days[kindOf(dayNumber(hour))] ?? 0;
    return all >= FEWEST_DAYS && (withCalls.get(slot(hour)) ?? 0) * 2 >= all;
  };
}

/** 0 for Monday to Friday, 1 for Saturday and Sunday. */
function kindOf(day: number): 0 | 1 {
  return weekdayOf(day) > 5 ? 1 : 0;
}
