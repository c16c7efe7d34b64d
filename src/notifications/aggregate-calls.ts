import { batchesOf } from '../domain/batched.js';
import type { Cause } from '../domain/cause.js';
import { compareTexts } from '../domain/compare-texts.js';
import type { Mode } from '../domain/mode.js';
import type { Outcome } from '../domain/outcome.js';
import type { CallFacts } from './call-facts.js';
import { type CallFigures, CallTally } from './call-tally.js';
import { dayNumber, dayText, hourOfDay, localHours, weekdayOf } from './local-hours.js';

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

/** One group of calls with its figures. */
export interface CallStatistics extends GroupValues, CallFigures {
  readonly kind: 'CallStatistics';
}

/** Calls of one day. */
export interface DayCalls {
  readonly day: string;
  readonly calls: number;
  readonly answered: number;
}

/** All that was counted. */
export interface CallAggregate {
  readonly rows: readonly CallStatistics[];
  readonly total: CallFigures;
  /** Every day from the first to the last call, those without calls too. */
  readonly days: readonly DayCalls[];
  /** Calls by weekday (Monday first) and hour of the day: 7 × 24. */
  readonly week: readonly (readonly number[])[];
  readonly firstAt: Date | undefined;
  readonly lastAt: Date | undefined;
}

const TIME_KEYS: readonly GroupKey[] = ['hour', 'day', 'weekday'];
/** Days without calls are filled in up to so many years; a record with a wild date must not fill the memory. */
const MOST_DAYS = 4000;

interface Group {
  readonly values: GroupValues;
  readonly tally: CallTally;
}

/**
 * Counts calls by groups, in one pass; memory grows with the groups, not with the calls. The time of a call is its `atMs`; days, hours
 * and weekdays are those of `zone`. Percentiles are exact, by nearest rank over whole seconds. A call that lacks a value forms a group without it.
 * @returns rows by time where a time is grouped by, else with the most calls first.
 * Source: length and billing of calls, privatenumber FAQ "billing" and FeeInfo of privatenumber_02_0006a (read 2026-07).
 */
export async function aggregateCalls(
  calls: AsyncIterable<CallFacts> | Iterable<CallFacts>,
  { by, zone }: { readonly by: readonly GroupKey[]; readonly zone: string },
): Promise<CallAggregate> {
  const clock = localHours(zone);
  const groups = new Map<string | number, Group>();
  const total = new CallTally();
  const days = new Map<number, { calls: number; answered: number }>();
  const week = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const count = (call: CallFacts): void => {
    const at = call.atMs;
    const hours = at === undefined ? undefined : clock(at);
    groupOf(groups, by, call, hours).tally.add(call);
    if (at === undefined || hours === undefined) return;
    if (at < first) first = at;
    if (at > last) last = at;
    countDay(days, dayNumber(hours), call);
    const row = week[weekdayOf(dayNumber(hours)) - 1];
    if (row !== undefined) row[hourOfDay(hours)] = (row[hourOfDay(hours)] ?? 0) + 1;
  };
  for await (const batch of batchesOf(calls)) for (const call of batch) count(call);
  for (const { tally } of groups.values()) total.merge(tally);
  const rows = [...groups.values()].map(({ values, tally }): CallStatistics => ({
    kind: 'CallStatistics',
    ...values,
    ...tally.figures(),
  }));
  return {
    rows: rows.sort(orderOf(by)),
    total: total.figures(),
    days: fillDays(days),
    week,
    firstAt: first <= last ? new Date(first) : undefined,
    lastAt: first <= last ? new Date(last) : undefined,
  };
}

function groupOf(
  groups: Map<string | number, Group>,
  by: readonly GroupKey[],
  call: CallFacts,
  hours: number | undefined,
): Group {
  const [first, ...more] = by;
  let name = first === undefined ? '' : keyText(first, call, hours);
  for (const key of more) name = `${name}\n${keyText(key, call, hours)}`;
  let group = groups.get(name);
  if (group === undefined) {
    const values = Object.fromEntries(by.map((key) => [key, valueOf(key, call, hours)])) as GroupValues;
    group = { values, tally: new CallTally() };
    groups.set(name, group);
  }
  return group;
}

/** What tells the groups apart; made for every call, so it makes no texts that it does not need. */
function keyText(key: GroupKey, call: CallFacts, hours: number | undefined): string | number {
  switch (key) {
    case 'hour':
      return hours === undefined ? '' : hourOfDay(hours);
    case 'day':
      return hours === undefined ? '' : dayNumber(hours);
    case 'weekday':
      return hours === undefined ? '' : weekdayOf(dayNumber(hours));
    case 'cause':
      // The usual source without a new text: this is asked for every call.
      return call.cause?.source === 'release' ? call.cause.code : causeText(call.cause);
    case 'area':
      return call.areaCode ?? '';
    default:
      return call[key] ?? '';
  }
}

function causeText(cause: Cause | undefined): string {
  return cause === undefined ? '' : `${cause.source}:${cause.code}`;
}

function valueOf(key: GroupKey, call: CallFacts, hours: number | undefined): GroupValues[GroupKey] {
  const text = keyText(key, call, hours);
  if (text === '') return undefined;
  if (key === 'day') return dayText(Number(text));
  return key === 'cause' ? call.cause : text;
}

function countDay(days: Map<number, { calls: number; answered: number }>, day: number, call: CallFacts): void {
  let counted = days.get(day);
  if (counted === undefined) {
    counted = { calls: 0, answered: 0 };
    days.set(day, counted);
  }
  counted.calls += 1;
  if (call.outcome === 'answered') counted.answered += 1;
}

function fillDays(days: ReadonlyMap<number, { calls: number; answered: number }>): DayCalls[] {
  const known = [...days.keys()].sort((one, other) => one - other);
  const [first = 0] = known;
  const last = known.at(-1) ?? -1;
  const all = last - first < MOST_DAYS ? Array.from({ length: last - first + 1 }, (_, index) => first + index) : known;
  return all.map((day) => ({ day: dayText(day), ...(days.get(day) ?? { calls: 0, answered: 0 }) }));
}

function orderOf(by: readonly GroupKey[]): (one: CallStatistics, other: CallStatistics) => number {
  const byValues = (one: CallStatistics, other: CallStatistics): number => {
    for (const key of by) {
      const order = compareValues(one[key], other[key]);
      if (order !== 0) return order;
    }
    return 0;
  };
  if (by.some((key) => TIME_KEYS.includes(key))) return byValues;
  return (one, other) => other.calls - one.calls || byValues(one, other);
}

/** Groups without the value come last. */
function compareValues(one: GroupValues[GroupKey], other: GroupValues[GroupKey]): number {
  const text = (value: GroupValues[GroupKey]): string =>
    typeof value === 'object' ? `${value.source}:${value.code}` : String(value ?? '');
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  return compareTexts(text(one), text(other));
}
