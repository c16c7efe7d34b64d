import type { TextPair } from '../domain/text-pair.js';

/** What became of one push. */
export interface ReplayVerdict {
  readonly kind: 'ReplayVerdict';
  readonly label: string;
  /** HTTP status; `undefined` when there was no answer, or in a dry run. */
  readonly status?: number | undefined;
  /** Milliseconds; of several tries the last one's. */
  readonly latencyMs?: number | undefined;
  readonly ok: boolean;
  /** Why it is not ok, in the language that was asked for. */
  readonly reason?: string | undefined;
  /** How often it was sent, where it may be sent again. */
  readonly attempts?: number | undefined;
  /** Present in a dry run: nothing was sent. */
  readonly dryRun?: true | undefined;
}

/** Why nothing was sent. */
export const DRY_RUN: TextPair = { zh: '演练', en: 'dry run' };
