import { BEIJING, zoneOffsetMinutes } from '../domain/instant.js';

/** Part of every day, by the clocks of Beijing; one over midnight has an end before its start. */
export interface TimeWindow {
  /** Minutes since midnight, 0 to 1439; inside. */
  readonly fromMinute: number;
  /** Minutes since midnight, 0 to 1440; outside. */
  readonly toMinute: number;
}

const WINDOW = /^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$/;
const DAY_MS = 86_400_000;

/**
 * Reads `01:00-06:00` and, over midnight, `22:00-06:00`; the end may be `24:00`.
 * @returns `undefined` for any other text, also when start and end are the same.
 */
export function parseTimeWindow(text: string): TimeWindow | undefined {
  const [, ...parts] = WINDOW.exec(text.trim()) ?? [];
  if (parts.length === 0) return undefined;
  const [fromHour = 0, fromMinutes = 0, toHour = 0, toMinutes = 0] = parts.map(Number);
  const fromMinute = fromHour * 60 + fromMinutes;
  const toMinute = toHour * 60 + toMinutes;
  const isTime = fromMinutes < 60 && toMinutes < 60 && fromMinute < 1440 && toMinute <= 1440;
  return isTime && fromMinute !== toMinute ? { fromMinute, toMinute } : undefined;
}

/**
 * How long it is until the window opens.
 * @returns milliseconds; 0 while it is open.
 */
export function windowOpensInMs({ fromMinute, toMinute }: TimeWindow, now: Date): number {
  const local = now.getTime() + zoneOffsetMinutes(now, BEIJING) * 60_000;
  const time = ((local % DAY_MS) + DAY_MS) % DAY_MS;
  const [from, to] = [fromMinute * 60_000, toMinute * 60_000];
  const isOpen = from < to ? time >= from && time < to : time >= from || time < to;
  return isOpen ? 0 : (from - time + DAY_MS) % DAY_MS;
}
