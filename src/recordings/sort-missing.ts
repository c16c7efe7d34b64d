import { AppError } from '../errors.js';
import type { RecordingItem } from './plan-recordings.js';

/** Why the platform says that a recording does not exist. */
export type MissingCause = 'arrears' | 'wrong-name' | 'expired' | 'too-short';

/** What the run knows when an answer has to be understood. */
export interface MissingFacts {
  readonly now: Date;
  /** Whether the platform handed out another recording in this run. */
  readonly othersFound: boolean;
}

/** Seconds of talk are whole and rounded down, so a call of 3 may have been too short for the recorder. */
const SHORT_SECONDS = 3;

/**
 * The platform gives one answer (`1012007`) for four reasons. What is known of the call and of the run tells which is likely; arrears come first
 * of those that are left, for then the seven days run on while nothing can be fetched.
 * @returns the failure to report, its cause, and whether the recording is gone for good.
 * Source: codes of the download address, privatenumber_02_0007_3; pn_faq_00028_3 (read 2026-07).
 */
export function sortMissing(
  item: RecordingItem,
  facts: MissingFacts,
  cause?: unknown,
): { readonly cause: MissingCause; readonly isGone: boolean; readonly error: AppError } {
  const found = causeOf(item, facts);
  const { message, hint } = WORDS[found];
  const error = new AppError('recording-not-found', message, { hint, cause });
  return { cause: found, isGone: found === 'expired', error };
}

function causeOf({ fetchBy, record }: RecordingItem, { now, othersFound }: MissingFacts): MissingCause {
  if (fetchBy !== undefined && fetchBy.getTime() <= now.getTime()) return 'expired';
  if (record.talkSeconds !== undefined && record.talkSeconds <= SHORT_SECONDS) return 'too-short';
  return othersFound ? 'wrong-name' : 'arrears';
}

const WORDS: Readonly<Record<MissingCause, { readonly message: string; readonly hint: string }>> = {
  expired: {
    message: 'the platform has no such recording: it is past its seven days',
    hint: 'Deleted for good. Run recordings download every day.',
  },
  'too-short': {
    message: 'the platform has no such recording: calls of about 3 seconds or less often have no file',
    hint: 'Nothing is lost but a few seconds.',
  },
  'wrong-name': {
    message:
      'the platform has no such recording, but it has others: file name or domain is wrong, or it is not ready yet',
    hint: 'Compare recordObjectName and recordDomain with the CDR; the next run tries again.',
  },
  arrears: {
    message:
      'the platform has no such recording, nor has it handed out another: the account may be in arrears, or the name is wrong',
    hint: 'Look at the balance in the console first: while it is negative the seven days run on.',
  },
};
