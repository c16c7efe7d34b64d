import type { CatalogueEntry, NumberStatusEntry, ResultCodeEntry } from './catalogues/catalogue-entry.js';
import { HANGUP_CAUSES } from './catalogues/hangup-causes.js';
import { NUMBER_CAUSES, NUMBER_STATUSES } from './catalogues/number-statuses.js';
import { Q850_CAUSES } from './catalogues/q850-causes.js';
import { RELEASE_POINTS } from './catalogues/release-points.js';
import {
  CALL_REMEDIES,
  NUMBER_CAUSE_REMEDIES,
  Q850_REMEDIES,
  RELEASE_REMEDIES,
  SMS_REMEDIES,
  type Remedy,
} from './catalogues/remedies.js';
import { RESULT_CODES } from './catalogues/result-codes.js';
import { SMS_RESULTS } from './catalogues/sms-results.js';
import type { CauseSource } from './cause.js';
import type { Mode } from './mode.js';

/** One code of one catalogue with all that is known of it. */
export interface Explanation {
  readonly kind: 'Explanation';
  readonly source: CauseSource;
  readonly code: string;
  /** Result codes only; the same code may stand under two statuses. */
  readonly httpStatus?: number | undefined;
  readonly zh?: string | undefined;
  readonly en?: string | undefined;
  /** What to do; `undefined` where nothing honest can be said. */
  readonly remedyZh?: string | undefined;
  readonly remedyEn?: string | undefined;
  /** Modes in which it occurs; `undefined` = all. */
  readonly modes?: readonly Mode[] | undefined;
  /** The documentation's group of a hang-up cause. */
  readonly group?: string | undefined;
}

function explainEntry(source: CauseSource, entry: CatalogueEntry, remedy: Remedy | undefined): Explanation {
  const { code, zh, en, modes, group } = entry;
  return { kind: 'Explanation', source, code, zh, en, remedyZh: remedy?.zh, remedyEn: remedy?.en, modes, group };
}

function explainStatus(entry: NumberStatusEntry): Explanation {
  const described = {
    ...entry,
    zh: `${entry.zh ?? ''}（${entry.effectZh}）`,
    en: `${entry.en ?? ''} (${entry.effectEn})`,
  };
  return explainEntry('number-status', entry.effectEn === 'none' ? entry : described, undefined);
}

function explainResult({
  code,
  httpStatus,
  message,
  meaningZh,
  remedyEn,
  remedyZh,
  modes,
}: ResultCodeEntry): Explanation {
  return {
    kind: 'Explanation',
    source: 'result',
    code,
    httpStatus,
    zh: meaningZh,
    en: message,
    remedyZh,
    remedyEn,
    modes,
  };
}

function allExplanations(): readonly Explanation[] {
  return [
    ...HANGUP_CAUSES.map((entry) => explainEntry('hangup', entry, CALL_REMEDIES[entry.code])),
    ...RELEASE_POINTS.map((entry) =>
      explainEntry('release', entry, RELEASE_REMEDIES[entry.code] ?? CALL_REMEDIES[entry.code]),
    ),
    ...Q850_CAUSES.map((entry) => explainEntry('q850', entry, Q850_REMEDIES[entry.code])),
    ...RESULT_CODES.map(explainResult),
    ...SMS_RESULTS.map((entry) => explainEntry('sms', entry, SMS_REMEDIES[entry.code])),
    ...NUMBER_STATUSES.map(explainStatus),
    ...NUMBER_CAUSES.map((entry) => explainEntry('number-cause', entry, NUMBER_CAUSE_REMEDIES[entry.code])),
  ];
}

/**
 * Everything that the catalogues say of a code, in the order hang-up, release point, Q.850, result code, SMS, number state and its
 * cause: the same number reads differently in each.
 * @returns empty when no catalogue has the code.
 */
export function explainCode(text: string): Explanation[] {
  const code = text.normalize('NFKC').trim();
  return allExplanations().filter((entry) => entry.code === code);
}

/**
 * Entries that hold every one of the words, Chinese or English, whatever their case. Entries whose meaning has the words come alone;
 * only when there is none are the remedies searched.
 * @returns empty without words or without a match.
 */
export function searchCatalogues(words: string | readonly string[]): Explanation[] {
  const wanted = [words]
    .flat()
    .flatMap((word) => word.normalize('NFKC').toLowerCase().split(/\s+/))
    .filter(Boolean);
  if (wanted.length === 0) return [];
  const holds = (texts: readonly (string | undefined)[]): boolean => {
    const hay = texts
      .filter((text) => text !== undefined)
      .join('\n')
      .normalize('NFKC')
      .toLowerCase();
    return wanted.every((word) => hay.includes(word));
  };
  const all = allExplanations();
  const byMeaning = all.filter(({ zh, en, code }) => holds([zh, en, code]));
  return byMeaning.length > 0
    ? byMeaning
    : all.filter(({ zh, en, remedyZh, remedyEn }) => holds([zh, en, remedyZh, remedyEn]));
}
