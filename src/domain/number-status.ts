import { numberCause, numberStatus } from './cause-lookup.js';
import type { Cause } from './cause.js';
import { textField } from './field.js';

/** Change of the state of one X number. Source: numstatus_notify_axb. */
export interface NumberStatus {
  readonly kind: 'NumberStatus';
  readonly x?: string | undefined;
  readonly status?: Cause | undefined;
  /** Only with status 10. */
  readonly cause?: Cause | undefined;
  /** When it was received; the push itself carries no time. */
  readonly at?: Date | undefined;
  /** The `numInfo` entry as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/**
 * Reads one entry of `numInfo`.
 * @param receivedAt when the push came in; the push itself has no time.
 * Source: numstatus_notify_ax / axb / axe / axyb (read 2026-07).
 */
export function parseNumberStatus(entry: Record<string, unknown>, receivedAt?: Date): NumberStatus {
  const status = textField(entry, 'status');
  const cause = textField(entry, 'cause');
  return {
    kind: 'NumberStatus',
    x: textField(entry, 'number'),
    status: status === undefined ? undefined : numberStatus(status),
    cause: cause === undefined ? undefined : numberCause(cause),
    at: receivedAt,
    raw: entry,
  };
}

/**
 * What makes two readings one: number, state, cause and the instant of arrival. A state may come back, so without that instant no
 * two are the same.
 * @returns `undefined` without a number or an instant.
 */
export function numberStatusKey({ x, status, cause, at }: NumberStatus): string | undefined {
  if (x === undefined || at === undefined) return undefined;
  return [x, status?.code ?? '', cause?.code ?? '', at.toISOString()].join(':');
}
