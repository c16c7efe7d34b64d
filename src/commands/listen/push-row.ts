import type { PushReport } from '../../receiver/push-report.js';

/** So many number states of one push are named. */
const MOST_STATES = 3;

/** What became of a push, as `listen` shows it; the first row tells that the receiver is ready. */
export interface PushRow {
  readonly kind: 'Push';
  readonly at: Date;
  readonly push: string;
  readonly what?: string | undefined;
  /** `ready` in the first row. */
  readonly result: string;
  readonly status?: number;
  readonly signature?: string;
  readonly remote?: string;
  readonly path?: string;
}

/** The row of a push that was answered. */
export function rowOf(report: PushReport): PushRow {
  const { at, kind, key = statesOf(report), result = 'refused', status, signature, remote, path } = report;
  return { kind: 'Push', at, push: kind, what: key, result, status, signature, remote, path };
}

/** `number-status:+8617000000201:10:2`, number, status and cause: number states have no key. */
function statesOf(report: PushReport): string | undefined {
  if (report.kind !== 'number-status') return undefined;
  const states = report.records.flatMap((record) =>
    record.kind === 'NumberStatus' ? [[record.x, record.status?.code, record.cause?.code]] : [],
  );
  const named = states.slice(0, MOST_STATES).map((state) => state.filter((part) => part !== undefined).join(':'));
  const more = states.length > MOST_STATES ? [`${states.length - MOST_STATES} more`] : [];
  return `number-status:${[...named, ...more].join(',')}`;
}
