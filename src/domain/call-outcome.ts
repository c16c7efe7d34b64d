import { causeGroup, q850Cause, releasePoint } from './cause-lookup.js';
import type { Cause } from './cause.js';
import type { Outcome } from './outcome.js';

/** What a CDR tells of the end of its call. Codes as text, `undefined` where the record has none. */
export interface CallEnd {
  readonly answered: boolean;
  /** `ulFailReason`. */
  readonly release: string | undefined;
  /** `fwdUnaswRsn`. */
  readonly q850: string | undefined;
  /** The platform found no binding: the binding ID is there and empty, or the direction is abnormal. */
  readonly unbound: boolean;
}

/** How the call ended and the code that says so. */
export interface CallVerdict {
  readonly outcome: Outcome;
  readonly cause: Cause | undefined;
}

const OUTCOME_OF_RELEASE = outcomes({
  'caller-hung-up': ['7501', '7502', '7516', '8009'],
  rejected: ['7503', '7504', '8004'],
  'no-answer': ['8003', '8035', '8101'],
  busy: ['8102'],
  unreachable: ['8002', '8100', '8103', '8104', '8105'],
  'no-binding': ['7104', '8014', '8018', '8022', '8030'],
  refused: ['8032', '8033', '8058', '8059'],
});

/** For the codes not named above: by the group of the hang-up cause of the same number. */
const OUTCOME_OF_GROUP = outcomes({
  refused: ['binding', 'control'],
  failed: ['tenant', 'platform', 'network', 'number'],
});

const OUTCOME_OF_Q850 = outcomes({
  busy: ['17'],
  'no-answer': ['18', '19'],
  rejected: ['21'],
  unreachable: ['1', '2', '3', '20', '22', '27', '28'],
});

/** Normal clearing says only that somebody hung up. */
const Q850_WITHOUT_NEWS: ReadonlySet<string> = new Set(['0', '16', '31']);

function outcomes(table: Partial<Record<Outcome, readonly string[]>>): ReadonlyMap<string, Outcome> {
  const rows = Object.entries(table) as [Outcome, readonly string[]][];
  return new Map(rows.flatMap(([outcome, keys]) => keys.map((key) => [key, outcome])));
}

function outcomeOfRelease(code: string): Outcome | undefined {
  return OUTCOME_OF_RELEASE.get(code) ?? OUTCOME_OF_GROUP.get(causeGroup(code) ?? '');
}

const isCode = (code: string | undefined): code is string => code !== undefined && code !== '0';

/** The first rule that says something decides. */
const RULES: readonly ((end: CallEnd) => CallVerdict | undefined)[] = [
  ({ answered, release, q850 }) => (answered ? { outcome: 'answered', cause: anyCause(release, q850) } : undefined),
  ({ release }) => {
    const outcome = isCode(release) ? outcomeOfRelease(release) : undefined;
    return outcome && release !== undefined ? { outcome, cause: releasePoint(release) } : undefined;
  },
  ({ release, q850 }) => {
    if (q850 === undefined || Q850_WITHOUT_NEWS.has(q850)) return undefined;
    return {
      outcome: OUTCOME_OF_Q850.get(q850) ?? 'failed',
      cause: isCode(release) ? releasePoint(release) : q850Cause(q850),
    };
  },
  ({ release, q850, unbound }) => (unbound ? { outcome: 'no-binding', cause: anyCause(release, q850) } : undefined),
  ({ release, q850 }) => (isCode(release) ? { outcome: 'failed', cause: anyCause(release, q850) } : undefined),
];

function anyCause(release: string | undefined, q850: string | undefined): Cause | undefined {
  if (release !== undefined) return releasePoint(release);
  return isCode(q850) ? q850Cause(q850) : undefined;
}

/**
 * Decides how a call ended: answered; else by the release point; else by Q.850; else no binding, when the record says so; else
 * failed when there is a code in no table; else unknown.
 * Source: privatenumber_04_0010 and the groups of privatenumber_02_0017 (read 2026-07).
 */
export function decideCall(end: CallEnd): CallVerdict {
  for (const rule of RULES) {
    const verdict = rule(end);
    if (verdict) return verdict;
  }
  return { outcome: 'unknown', cause: anyCause(end.release, end.q850) };
}
