import { entriesWith, IN_DOUBT } from './entries-with.js';
import { ledgerState, type LedgerState } from './ledger-state.js';
import { type Batched, mapBatched } from '../domain/batched.js';
import type { Mode } from '../domain/mode.js';
import type { KeyedLog } from '../store/keyed-log.js';
import type { LedgerEntry } from '../store/ledger-entry.js';

/** A number that is meant: whole, in global format, which the ledger finds by its index, or a test, for which it is read. */
export type MeantNumber = string | ((number: string) => boolean);

/** Which bindings of the ledger are meant; everything given must fit. */
export interface LedgerCriteria {
  readonly mode?: Mode | undefined;
  readonly id?: string | undefined;
  readonly a?: MeantNumber | undefined;
  readonly b?: MeantNumber | undefined;
  readonly x?: MeantNumber | undefined;
  readonly y?: MeantNumber | undefined;
  readonly extension?: string | undefined;
  readonly userData?: string | undefined;
  /** Bound within these instants, `from` included, `to` not; where that is not known, last changed within them. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only `active` unless given. */
  readonly states?: readonly LedgerState[] | undefined;
}

/** A ledger entry and how it stands now. */
export interface LedgerRow {
  readonly entry: LedgerEntry;
  readonly state: LedgerState;
}

/** Bindings of the ledger that fit, in the order in which they were first entered. */
export function findBindings(
  ledger: Pick<KeyedLog<LedgerEntry>, 'entries' | 'find'>,
  criteria: LedgerCriteria,
  now: Date,
): Batched<LedgerRow> {
  const states = criteria.states ?? ['active'];
  const texts = textsOf(criteria);
  if (states.every((state) => state === 'in-doubt')) texts.push(IN_DOUBT);
  const { from, to } = criteria;
  return mapBatched(entriesWith(ledger, texts, { from, to }), (entry) => {
    const state = ledgerState(entry, now);
    return states.includes(state) && fits(entry, criteria) ? { entry, state } : undefined;
  });
}

/** Values by which the ledger finds. */
function textsOf({ id, a, b, x, y, extension, userData }: LedgerCriteria): string[] {
  return [id, a, b, y, x, extension, userData].filter((text) => typeof text === 'string');
}

function fits(entry: LedgerEntry, criteria: LedgerCriteria): boolean {
  const { binding } = entry;
  if (criteria.mode !== undefined && criteria.mode !== entry.mode) return false;
  if (criteria.id !== undefined && criteria.id !== binding.subscriptionId) return false;
  const at = binding.createdAt ?? entry.at;
  if ((criteria.from !== undefined && at < criteria.from) || (criteria.to !== undefined && at >= criteria.to))
    return false;
  return (['a', 'b', 'x', 'y', 'extension', 'userData'] as const).every((name) =>
    isMeant(criteria[name], binding[name]),
  );
}

function isMeant(meant: MeantNumber | undefined, value: string | undefined): boolean {
  if (typeof meant === 'function') return value !== undefined && meant(value);
  return meant === undefined || meant === value;
}

/**
 * Active bindings whose life ends within the next `withinSeconds`, soonest first. Bindings whose end the ledger does not
 * know are not among them.
 */
export async function findExpiring(
  ledger: Pick<KeyedLog<LedgerEntry>, 'entries' | 'find'>,
  criteria: LedgerCriteria & {
    readonly withinSeconds: number;
    /** Told of each active binding that fits and whose end is not known. */
    readonly onUnknownEnd?: (() => void) | undefined;
  },
  now: Date,
): Promise<LedgerRow[]> {
  const latest = now.getTime() + criteria.withinSeconds * 1000;
  const endOf = (row: LedgerRow): number => row.entry.binding.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const rows: LedgerRow[] = [];
  for await (const row of findBindings(ledger, { ...criteria, states: ['active'] }, now)) {
    if (row.entry.binding.expiresAt === undefined) criteria.onUnknownEnd?.();
    if (endOf(row) <= latest) rows.push(row);
  }
  return rows.sort((one, other) => endOf(one) - endOf(other));
}
