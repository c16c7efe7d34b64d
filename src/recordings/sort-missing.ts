import type { MissingCause } from './missing-texts.js';
import type { RecordingItem } from './plan-recordings.js';

/** What the run knows when an answer has to be understood. */
export interface MissingFacts {
  /** By the platform's clock, where it is known. */
  readonly now: Date;
  /** Whether the platform handed out another recording in this run. */
  readonly othersFound: boolean;
}

/** Seconds of talk are whole and rounded down, so a call of 3 may have been too short for the recorder. */
const SHORT_SECONDS = 3;

/**
 * The platform gives one answer (`1012007`) for four reasons. What is known of the call and of the run tells which is likely; arrears come first
 * of those that are left, for then the seven days run on while nothing can be fetched.
 * Source: codes of the download address, privatenumber_02_0007_3; pn_faq_00028_3 (read 2026-07).
 */
export function sortMissing({ fetchBy, record }: RecordingItem, { now, othersFound }: MissingFacts): MissingCause {
  if (fetchBy !== undefined && fetchBy.getTime() <= now.getTime()) return 'expired';
  if (record.talkSeconds !== undefined && record.talkSeconds <= SHORT_SECONDS) return 'too-short';
  return othersFound ? 'wrong-name' : 'arrears';
}
