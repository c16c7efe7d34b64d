import { RECORD_KINDS } from '../domain/push-kind.js';
import { buildRecordFilter, type RecordCriteria } from '../notifications/filter-records.js';
import { parsePush } from '../notifications/parse-push.js';

/** Says whether a saved body is wanted; `value` is the body, parsed, `undefined` when it is no JSON. */
export type ChooseBody = (value: unknown, receivedAt?: Date) => boolean;

/**
 * Wants the pushes of which at least one record meets the criteria: a push of 50 CDRs is sent whole or not at all. What is no
 * notification is wanted only where nothing is asked.
 * @param kind of push: `fee`, `event`, `sms`, `number-status`.
 * @throws AppError `flag-invalid` when a number has no digits.
 */
export function chooseBody(criteria: RecordCriteria, kind?: keyof typeof RECORD_KINDS): ChooseBody {
  const all = { ...criteria, kind: kind === undefined ? criteria.kind : RECORD_KINDS[kind] };
  if (Object.values(all).every((value) => value === undefined)) return () => true;
  const fits = buildRecordFilter(all);
  return (value, receivedAt) =>
    parsePush(value, receivedAt)?.records.some((record) => fits(record, receivedAt)) ?? false;
}
