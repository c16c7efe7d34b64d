import { buildFinding, type Finding, MOST_EXAMPLES } from '../../notifications/finding.js';
import type { RecordingItem, RecordingPlan } from '../../recordings/plan-recordings.js';

/** Recordings that the plan does not find in the archive: still to be had, gone, and without a place. */
export function auditRecordings(plan: RecordingPlan, now: Date, mostExamples = MOST_EXAMPLES): Finding[] {
  const [next] = plan.toFetch;
  const left = next?.fetchBy === undefined ? undefined : (next.fetchBy.getTime() - now.getTime()) / 3_600_000;
  const hoursLeft = left === undefined ? undefined : Math.max(0, Math.round(left * 10) / 10);
  const sessions = (records: readonly { readonly sessionId?: string | undefined }[]): string[] =>
    records.flatMap(({ sessionId }) => sessionId ?? []).slice(0, mostExamples);
  const recordsOf = (items: readonly RecordingItem[]): RecordingItem['record'][] => items.map(({ record }) => record);
  const found = [
    ['recording-waiting', recordsOf(plan.toFetch)],
    ['recording-lost', recordsOf(plan.expired)],
    ['recording-without-location', plan.withoutLocation],
  ] as const;
  return found
    .filter(([, records]) => records.length > 0)
    .map(([code, records]) =>
      buildFinding(code, {
        count: records.length,
        at: latest(records.map(({ endedAt, startedAt }) => endedAt ?? startedAt)),
        hoursLeft: code === 'recording-waiting' ? hoursLeft : undefined,
        examples: sessions(records),
      }),
    );
}

function latest(instants: readonly (Date | undefined)[]): Date | undefined {
  let found: Date | undefined;
  for (const instant of instants)
    if (instant !== undefined && (found === undefined || instant > found)) found = instant;
  return found;
}
