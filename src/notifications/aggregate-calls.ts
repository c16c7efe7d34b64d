import { batchesOf } from '../domain/batched.js';
import { compareTexts } from '../domain/compare-texts.js';
import { CallCalendar, type DayCalls } from './call-calendar.js';
import type { CallFacts } from './call-facts.js';
import { CallGroups } from './call-groups.js';
import { type CallFigures, CallTally } from './call-tally.js';
import type { GroupKey, GroupValues } from './group-key.js';
import { localHours } from './local-hours.js';
import type { CallRows } from './quick/call-rows.js';
import { isCallRows } from './quick/found-part.js';
import { RowCounter } from './row-counter.js';

/** One group of calls with its figures. */
export interface CallStatistics extends GroupValues, CallFigures {
  readonly kind: 'CallStatistics';
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

/**
 * Counts calls by groups, in one pass; memory grows with the groups, not with the calls. The time of a call is its `atMs`; days, hours
 * and weekdays are those of `zone`. Percentiles are exact, by nearest rank over whole seconds. A call that lacks a value forms a group without it.
 * @returns rows by time where a time is grouped by, else with the most calls first.
 * Source: length and billing of calls, privatenumber FAQ "billing" and FeeInfo of privatenumber_02_0006a (read 2026-07).
 */
export async function aggregateCalls(
  calls: AsyncIterable<CallFacts | CallRows> | Iterable<CallFacts | CallRows>,
  { by, zone }: { readonly by: readonly GroupKey[]; readonly zone: string },
): Promise<CallAggregate> {
  const clock = localHours(zone);
  const groups = new CallGroups(by);
  const calendar = new CallCalendar();
  const total = new CallTally();
  const count = (call: CallFacts): void => {
    const hours = call.atMs === undefined ? undefined : clock(call.atMs);
    groups.of(call, hours).tally.add(call);
    if (call.atMs !== undefined && hours !== undefined) calendar.add(call.atMs, hours, call.outcome === 'answered');
  };
  const rowCounter = new RowCounter({ by, zone, groups, count });
  for await (const batch of batchesOf(calls)) {
    for (const one of batch) {
      if (isCallRows(one)) rowCounter.add(one);
      else count(one);
    }
  }
  rowCounter.addTo(calendar);
  for (const { tally } of groups.all()) total.merge(tally);
  const rows = groups
    .all()
    .map(({ values, tally }): CallStatistics => ({ kind: 'CallStatistics', ...values, ...tally.figures() }));
  const { week, firstAt, lastAt } = calendar;
  return { rows: rows.sort(orderOf(by)), total: total.figures(), days: calendar.days(), week, firstAt, lastAt };
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
