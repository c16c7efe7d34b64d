import { decideCall } from './call-outcome.js';
import type { CallEvent } from './call-event.js';
import type { CallRecord } from './call-record.js';
import { hangupCause, q850Cause, releasePoint } from './cause-lookup.js';
import type { Cause } from './cause.js';
import { CALL_REMEDIES } from './catalogues/remedies.js';
import { explainCode } from './explain.js';
import { feeCode } from './fee-code.js';
import { objectField, textField } from './field.js';
import type { Outcome } from './outcome.js';
import type { TextPair } from './text-pair.js';

/** How a call ended, which code says so, and what to do. */
export interface TimelineVerdict {
  readonly outcome: Outcome;
  /** The code that decided; its `source` says from where: `hangup` of the `disconnect`, `release` or `q850` of the CDR. */
  readonly cause?: Cause | undefined;
  /** What told of the deciding code. */
  readonly decidedBy?: 'disconnect' | 'cdr' | undefined;
  /** Every code that was given, the deciding one too. */
  readonly causes: readonly Cause[];
  /** `undefined` where nothing honest can be said. */
  readonly remedy?: TextPair | undefined;
}

/** `NO_BINDING`: the release point that says no more than that. */
const CODE_OF_NO_BINDING = '7104';

/** The CDR that counts where a call has several: an answered one, else the one that ended last. */
export function decidingRecord(records: readonly CallRecord[]): CallRecord | undefined {
  const weight = (record: CallRecord): number =>
    (record.outcome === 'answered' ? 1e15 : 0) + (record.endedAt ?? record.startedAt ?? new Date(0)).getTime();
  return [...records].sort(
    (one, other) => weight(other) - weight(one) || (JSON.stringify(one.raw) < JSON.stringify(other.raw) ? -1 : 1),
  )[0];
}

/** An event says that there is no binding by an ID that is there and empty. */
function isUnbound(event: CallEvent): boolean {
  return (
    event.subscriptionId === undefined &&
    event.notifyMode === undefined &&
    Object.hasOwn(objectField(event.raw, 'statusInfo'), 'subscriptionId')
  );
}

function fromEvents(events: readonly CallEvent[]): Pick<TimelineVerdict, 'outcome' | 'cause'> {
  const end = events.find(({ type }) => type === 'disconnect');
  if (end === undefined) return { outcome: 'unknown' };
  const answered = events.some(({ type }) => type === 'answer');
  const { outcome } = decideCall({
    answered,
    release: end.cause?.code,
    q850: undefined,
    unbound: !answered && isUnbound(end),
  });
  return { outcome, cause: end.cause };
}

function allCauses(events: readonly CallEvent[], records: readonly CallRecord[]): Cause[] {
  const found: (Cause | undefined)[] = events.map(({ cause }) => cause && hangupCause(cause.code));
  for (const { raw } of records) {
    const [release, q850] = [feeCode(raw, 'ulFailReason'), feeCode(raw, 'fwdUnaswRsn')];
    found.push(release === undefined ? undefined : releasePoint(release));
    found.push(q850 === undefined || q850 === '0' ? undefined : q850Cause(q850));
  }
  const known = new Map<string, Cause>();
  for (const cause of found) if (cause !== undefined) known.set(`${cause.source} ${cause.code}`, cause);
  return [...known.keys()].sort().flatMap((key) => known.get(key) ?? []);
}

function remedyOf(causes: readonly (Cause | undefined)[], outcome: Outcome): TextPair | undefined {
  for (const cause of causes) {
    const said = cause && explainCode(cause.code).find(({ source }) => source === cause.source);
    if (said?.remedyZh === undefined || said.remedyEn === undefined) continue;
    if (cause?.code !== '0' || outcome === 'answered') return { zh: said.remedyZh, en: said.remedyEn };
  }
  return outcome === 'no-binding' ? CALL_REMEDIES[CODE_OF_NO_BINDING] : undefined;
}

/**
 * Decides how a call ended: by its CDR where that says something, else by the `disconnect`.
 * Source: privatenumber_04_0010; FAQ "bound, but calls fail", pn_faq_00023_6 (read 2026-07).
 */
export function decideTimeline(events: readonly CallEvent[], records: readonly CallRecord[]): TimelineVerdict {
  const record = decidingRecord(records);
  const end = fromEvents(events);
  const causes = allCauses(events, records);
  // A 0 of a call that was not answered says nothing.
  const says = (cause: Cause | undefined, outcome: Outcome): boolean =>
    cause !== undefined && (cause.code !== '0' || outcome === 'answered');
  const byCdr = record !== undefined && (says(record.cause, record.outcome) || !says(end.cause, end.outcome));
  const cause = byCdr ? record.cause : end.cause;
  const outcome = record === undefined || record.outcome === 'unknown' ? end.outcome : record.outcome;
  return {
    outcome,
    cause,
    decidedBy: cause === undefined ? undefined : byCdr ? 'cdr' : 'disconnect',
    causes,
    remedy: remedyOf([cause, ...causes], outcome),
  };
}

/** Binding ID of a call, from its CDR, else from its events. */
export function bindingOf(events: readonly CallEvent[], records: readonly CallRecord[]): string | undefined {
  return (
    decidingRecord(records)?.subscriptionId ??
    [...events.map(({ subscriptionId }) => subscriptionId)].filter((id) => id !== undefined).sort()[0]
  );
}

/** Whether the platform wrote an empty binding ID into the CDR. */
export function hasEmptyBinding(record: CallRecord): boolean {
  return Object.hasOwn(record.raw, 'subscriptionId') && textField(record.raw, 'subscriptionId') === undefined;
}
