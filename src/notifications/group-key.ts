import type { Cause } from '../domain/cause.js';
import type { Mode } from '../domain/mode.js';
import type { Outcome } from '../domain/outcome.js';

/** What calls can be grouped by. */
export const GROUP_KEYS = ['hour', 'day', 'weekday', 'x', 'mode', 'outcome', 'cause', 'area'] as const;
export type GroupKey = (typeof GROUP_KEYS)[number];

/** What the calls of a group have in common; a member is there when it was grouped by and the records have it. */
export interface GroupValues {
  /** Hour of the day, 0 to 23. */
  readonly hour?: number | undefined;
  /** `2026-11-22`. */
  readonly day?: string | undefined;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday?: number | undefined;
  readonly x?: string | undefined;
  readonly mode?: Mode | undefined;
  readonly outcome?: Outcome | undefined;
  /** Release point, else Q.850 cause. */
  readonly cause?: Cause | undefined;
  /** City code of X where the platform sends it, which is by arrangement only. */
  readonly area?: string | undefined;
}
