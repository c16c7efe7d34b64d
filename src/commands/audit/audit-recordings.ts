import type { Finding, NewCounter } from '../../notifications/finding.js';
import type { RecordingItem, RecordingPlan } from '../../recordings/plan-recordings.js';

/** Recordings that the plan does not find in the archive: still to be had, gone, and without a place. */
export function auditRecordings(plan: RecordingPlan, now: Date, newCounter: NewCounter): Finding[] {
  const [next] = plan.toFetch;
  const left = next?.fetchBy === undefined ? undefined : (next.fetchBy.getTime() - now.getTime()) / 3_600_000;
  const hoursLeft = left === undefined ? undefined : Math.max(0, Math.round(left * 10) / 10);
  const recordsOf = (items: readonly RecordingItem[]): RecordingItem['record'][] => items.map(({ record }) => record);
  const found = [
    ['recording-waiting', recordsOf(plan.toFetch)],
    ['recording-lost', recordsOf(plan.expired)],
    ['recording-without-location', plan.withoutLocation],
  ] as const;
  return found.flatMap(([code, records]) => {
    const counter = newCounter();
    for (const { endedAt, startedAt, sessionId } of records) counter.add(endedAt ?? startedAt, sessionId);
    return counter.findings(code, { hoursLeft: code === 'recording-waiting' ? hoursLeft : undefined });
  });
}
