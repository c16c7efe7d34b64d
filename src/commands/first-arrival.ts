import { isLoopback } from '../platform/is-loopback.js';
import { SANDBOX_PROFILE } from '../config/resolve-settings.js';
import type { CommandContext } from './command-context.js';

/** How far the clocks of the platform and of a receiver may be apart; also how long a push that comes again counts as a repeat. */
const MARGIN_MS = 86_400_000;

/**
 * From which arrival on the journal may hold records of `since` or later. A push tells of what has been, so whatever arrived more than a day before
 * cannot; the day is for clocks that do not agree, and for repeats, which are known by the first of them. There is no such bound at the other end: a push
 * comes up to 10.4 hours after its call by the platform's tries, but any time later by a replay or from a receiver that hands its journal on.
 * @returns `undefined` without `since`, and with a sandbox: its clock is moved at will.
 */
export function firstArrival(
  since: Date | undefined,
  { profile, settings }: Pick<CommandContext, 'profile' | 'settings'>,
): Date | undefined {
  if (since === undefined || profile === SANDBOX_PROFILE) return undefined;
  const { value: endpoint } = settings.endpoint;
  if (endpoint !== undefined && isLoopback(new URL(endpoint).hostname)) return undefined;
  return new Date(since.getTime() - MARGIN_MS);
}
