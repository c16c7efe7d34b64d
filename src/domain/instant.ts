/** Instants and the zones they are shown in. The platform writes UTC; people in Beijing read eight hours more. */

const PLATFORM_TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/** Zone in which times are shown and read unless another is chosen. */
export const BEIJING = 'Asia/Shanghai';

/**
 * Reads a time of a notification: `2019-01-23 09:15:14` is UTC; an ISO text with `Z` or an offset is read as it says.
 * Real payloads hold empty texts, doubled blanks and fractions too.
 * @returns `undefined` for an empty text, a missing value or anything that is no time.
 * Source: privatenumber_02_0006a, privatenumber_02_0008 (field tables); the zone: FAQ, "times are UTC".
 */
export function parsePlatformTime(value: unknown): Date | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const usual = usualTime(value);
  if (usual !== undefined) return new Date(usual);
  const found = PLATFORM_TIME.exec(value.trim());
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = found[7] === undefined ? 0 : Math.floor(Number(`0.${found[7]}`) * 1000);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const date = new Date(utc);
  const same =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour;
  if (!same || minute > 59 || second > 59) return undefined;
  return new Date(utc - offsetMinutesOf(found[8]) * 60_000);
}

const DAYS_OF_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_TO_1970 = 719_468;

/**
 * The form of nearly every time, `2019-01-23 09:15:14`, in a twentieth of the time.
 * @returns milliseconds since 1970; `undefined` for any other form and for dates that do not exist.
 */
function usualTime(text: string): number | undefined {
  if (text.length !== 19 || text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return undefined;
  if (text.charCodeAt(10) !== 0x20 || text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const exists = year >= 1000 && day >= 1 && day <= (DAYS_OF_MONTH[month] ?? 0) + leap;
  // Where a character is no digit, its number is not a number and none of this holds.
  if (!exists || !(hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  // Years begin in March here, so that the leap day is their last.
  const marchYear = month > 2 ? year : year - 1;
  const century = Math.floor(marchYear / 100);
  const marchDay = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const days = Math.floor(marchYear * 365.25) - century + Math.floor(century / 4) + marchDay - DAYS_TO_1970;
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

/** The number in two digits; NaN when one of them is none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function offsetMinutesOf(suffix: string | undefined): number {
  if (suffix === undefined || suffix === 'Z') return 0;
  const sign = suffix.startsWith('-') ? -1 : 1;
  const digits = suffix.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

/** The platform's form of an instant in call events and CDRs: `2019-01-23 09:15:14`, UTC. */
export function formatPlatformTime(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Whether this Node knows the zone `name` (an IANA name, or an offset such as `+08:00`). */
export function isZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Beijing has kept +08:00 without daylight saving since 1991-09-15; before that the zone database decides. */
const BEIJING_FIXED_SINCE = Date.UTC(1991, 8, 15);

/** Offset of `zone` from UTC at `instant`, in whole minutes, east positive. */
export function zoneOffsetMinutes(instant: Date, zone: string): number {
  const time = instant.getTime();
  if (zone === 'UTC') return 0;
  if (zone === BEIJING && time >= BEIJING_FIXED_SINCE) return 480;
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(instant)
      .map((part) => [part.type, Number(part.value)]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return Math.round((local - Math.floor(time / 1000) * 1000) / 60_000);
}

function shifted(instant: Date, zone: string): { text: string; offsetMinutes: number } {
  const offsetMinutes = zoneOffsetMinutes(instant, zone);
  return { text: new Date(instant.getTime() + offsetMinutes * 60_000).toISOString(), offsetMinutes };
}

/** `+08:00`; `Z` for UTC itself. */
function formatOffset(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'Z';
  const minutes = Math.abs(offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** RFC 3339 in `zone`: `2019-01-23T17:15:14+08:00`, with milliseconds only where there are any. */
export function formatInstant(instant: Date, zone: string): string {
  const { text, offsetMinutes } = shifted(instant, zone);
  const wall = instant.getUTCMilliseconds() === 0 ? text.slice(0, 19) : text.slice(0, 23);
  return `${wall}${formatOffset(offsetMinutes)}`;
}

/** For people: `2019-01-23 17:15:14` in `zone`, without the offset (a table's heading names it). */
export function formatLocal(instant: Date, zone: string): string {
  return shifted(instant, zone).text.slice(0, 19).replace('T', ' ');
}

/** The calendar day of `instant` in `zone`: `2019-01-23`. */
export function formatDay(instant: Date, zone: string): string {
  return shifted(instant, zone).text.slice(0, 10);
}

/**
 * The instant at which clocks in `zone` show this wall time. In the hour that daylight saving repeats it is the earlier one; in
 * the hour that it skips, the instant after the gap.
 */
export function instantOfLocal(
  wall: { year: number; month: number; day: number; hour?: number; minute?: number; second?: number },
  zone: string,
): Date {
  const utc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour ?? 0, wall.minute ?? 0, wall.second ?? 0);
  const early = new Date(utc - zoneOffsetMinutes(new Date(utc - 86_400_000), zone) * 60_000);
  const late = new Date(utc - zoneOffsetMinutes(new Date(utc + 86_400_000), zone) * 60_000);
  const shows = (instant: Date): boolean => zoneOffsetMinutes(instant, zone) * 60_000 === utc - instant.getTime();
  return !shows(early) && shows(late) ? late : early;
}
