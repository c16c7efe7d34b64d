import { parseDuration } from './duration.js';
import { formatDay, instantOfLocal, parsePlatformTime } from './instant.js';

/** What a time typed by a person is read against. */
export interface TypedTimeOptions {
  /** Zone of days and of times without an offset. */
  readonly zone: string;
  readonly now: Date;
}

const DAY = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const WALL = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})$/i;
const DAY_WORDS: ReadonlyMap<string, number> = new Map([
  ['today', 0],
  ['yesterday', -1],
]);

/**
 * Reads `2026-11-22` and `2026-11-22 08:00[:05]` (in the zone), RFC 3339 with `Z` or an offset, `24h` and `7d` (so long ago), `now`,
 * `today` and `yesterday` (midnight in the zone).
 * @returns `undefined` when it is none of these, a day of no calendar included.
 */
export function parseTypedTime(text: string, options: TypedTimeOptions): Date | undefined {
  const typed = text.trim();
  const day = dayOf(typed, options);
  if (day !== undefined) return startOfDay(day, options.zone);
  if (typed.toLowerCase() === 'now') return options.now;
  if (WITH_OFFSET.test(typed)) return parsePlatformTime(withSeconds(typed));
  return parseWall(typed, options.zone) ?? parseAgo(typed, options.now);
}

/**
 * The same, as an upper bound that is itself left out: a day ends where the next one starts, so `2026-11-22` takes in all of that
 * day; a time stays the instant it is.
 * @returns `undefined` when the text is no time.
 */
export function endOfTypedTime(text: string, options: TypedTimeOptions): Date | undefined {
  const day = dayOf(text.trim(), options);
  return day === undefined ? parseTypedTime(text, options) : startOfDay(shiftDay(day, 1), options.zone);
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function dayOf(typed: string, { zone, now }: TypedTimeOptions): Day | undefined {
  const shift = DAY_WORDS.get(typed.toLowerCase());
  const found = DAY.exec(shift === undefined ? typed : formatDay(now, zone));
  if (!found) return undefined;
  const day = { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) };
  return isDay(day) ? shiftDay(day, shift ?? 0) : undefined;
}

function isDay({ year, month, day }: Day): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function shiftDay({ year, month, day }: Day, days: number): Day {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function startOfDay(day: Day, zone: string): Date {
  return instantOfLocal(day, zone);
}

function withSeconds(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/([ T]\d{2}:\d{2})\s*(?=Z|[+-])/, '$1:00')
    .replace(/\s+(?=Z|[+-])/, '');
}

function parseWall(typed: string, zone: string): Date | undefined {
  const found = WALL.exec(typed);
  if (!found) return undefined;
  const [year, month, day, hour, minute] = found.slice(1, 6).map(Number) as [number, number, number, number, number];
  const second = Number(found[6] ?? 0);
  if (!isDay({ year, month, day }) || hour > 23 || minute > 59 || second > 59) return undefined;
  return instantOfLocal({ year, month, day, hour, minute, second }, zone);
}

function parseAgo(typed: string, now: Date): Date | undefined {
  // A bare number is more likely a year or a mistake than so many seconds.
  if (!/[a-z]$/i.test(typed)) return undefined;
  const seconds = parseDuration(typed);
  if (seconds === undefined) return undefined;
  const then = new Date(now.getTime() - seconds * 1000);
  return Number.isNaN(then.getTime()) ? undefined : then;
}
