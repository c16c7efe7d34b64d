import { zoneOffsetMinutes } from '../domain/instant.js';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
const DAY_SECONDS = 86_400;
/** Offsets kept per quarter of an hour: some six weeks of records. */
const MOST_OFFSETS = 4096;

/**
 * Makes the clock of a zone: the whole hours from 1970-01-01 00:00 on the walls of the zone to an instant (milliseconds since 1970). Hour of the day, day and weekday follow
 * from that one number. The offset is asked for once a quarter of an hour: no zone changes its clocks between quarters nowadays.
 */
export function localHours(zone: string): (atMs: number) => number {
  const offsets = new Map<number, number>();
  // Calls mostly come by time: half of them are in the quarter of the one before.
  let last = Number.NaN;
  let lastOffset = 0;
  return (atMs) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    if (quarter === last) return Math.floor((atMs + lastOffset) / HOUR_MS);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      if (offsets.size >= MOST_OFFSETS) offsets.clear();
      offset = zoneOffsetMinutes(new Date(atMs), zone) * 60_000;
      offsets.set(quarter, offset);
    }
    last = quarter;
    lastOffset = offset;
    return Math.floor((atMs + offset) / HOUR_MS);
  };
}

/**
 * What the clock of a zone adds to UTC at a time, in minutes, and whether it does so on the whole UTC day; else on the quarter of an hour at least.
 * No zone has changed its clock twice within two days since 1970.
 * @param seconds since 1970.
 */
export function offsetAt(zone: string, seconds: number): { readonly minutes: number; readonly ofDay: boolean } {
  const dayMs = Math.floor(seconds / DAY_SECONDS) * DAY_SECONDS * 1000;
  const minutes = zoneOffsetMinutes(new Date(dayMs), zone);
  if (minutes === zoneOffsetMinutes(new Date(dayMs + DAY_SECONDS * 1000), zone)) return { minutes, ofDay: true };
  return { minutes: zoneOffsetMinutes(new Date(seconds * 1000), zone), ofDay: false };
}

/** Hour of the day, 0 to 23. */
export function hourOfDay(hours: number): number {
  return ((hours % 24) + 24) % 24;
}

/** Whole days since 1970-01-01. */
export function dayNumber(hours: number): number {
  return Math.floor(hours / 24);
}

/** Day of the week of a day number: 1 is Monday, 7 is Sunday (ISO 8601). */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** `2026-11-22`. */
export function dayText(day: number): string {
  return new Date(day * 24 * HOUR_MS).toISOString().slice(0, 10);
}
