import type { CatalogueEntry } from './catalogues/catalogue-entry.js';
import { HANGUP_CAUSES } from './catalogues/hangup-causes.js';
import { NUMBER_CAUSES, NUMBER_STATUSES } from './catalogues/number-statuses.js';
import { Q850_CAUSES } from './catalogues/q850-causes.js';
import { RELEASE_POINTS } from './catalogues/release-points.js';
import { SMS_RESULTS } from './catalogues/sms-results.js';
import type { Cause, CauseSource } from './cause.js';

type Lookup = (code: string) => Cause;

/** One frozen cause per code, so that a million records share the few that there are; made when the first code is looked up. */
function lookupOf(source: CauseSource, catalogue: readonly CatalogueEntry[]): Lookup {
  let known: ReadonlyMap<string, Cause> | undefined;
  return (code) => {
    known ??= new Map(catalogue.map(({ code, zh, en }) => [code, Object.freeze<Cause>({ source, code, zh, en })]));
    return known.get(code) ?? { source, code };
  };
}

/** Hang-up cause (`stateCode`) in words; a code that is in no table has only its code. Source: privatenumber_02_0017 (read 2026-07). */
export const hangupCause: Lookup = lookupOf('hangup', HANGUP_CAUSES);

/** Release point (`ulFailReason`) in words; an unknown code has only its code. Source: privatenumber_02_0019 (read 2026-07). */
export const releasePoint: Lookup = lookupOf('release', RELEASE_POINTS);

/** Q.850 cause (`fwdUnaswRsn`) in words; an unknown code has only its code. Source: privatenumber_02_0018 (read 2026-07). */
export const q850Cause: Lookup = lookupOf('q850', Q850_CAUSES);

/** Result of an SMS (`sendResult`) in words; an unknown code has only its code. Source: privatenumber_02_0008 (read 2026-07). */
export const smsResult: Lookup = lookupOf('sms', SMS_RESULTS);

/** State of an X number (`status`) in words; an unknown code has only its code. Source: numstatus_notify_ax (read 2026-07). */
export const numberStatus: Lookup = lookupOf('number-status', NUMBER_STATUSES);

/** Reason beside state 10 (`cause`) in words; an unknown code has only its code. Source: numstatus_notify_ax (read 2026-07). */
export const numberCause: Lookup = lookupOf('number-cause', NUMBER_CAUSES);

let groups: ReadonlyMap<string, string | undefined> | undefined;

/**
 * The documentation's group of a hang-up cause: binding, caller, number, callee, tenant, control, platform or network. Release
 * points have the same numbers and no groups of their own.
 * @returns `undefined` for a code without a group.
 */
export function causeGroup(code: string): string | undefined {
  groups ??= new Map(HANGUP_CAUSES.map(({ code, group }) => [code, group]));
  return groups.get(code);
}
