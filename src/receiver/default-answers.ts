import type { BlockKind } from './block-question.js';

/**
 * Answers to pushes that wait for an instruction, where nobody has decided: the call is ended, the message discarded. Nothing is put
 * through to a real number without a decision.
 * Source: privatenumber_02_0006_2 (answer of X mode), privatenumber_02_0008 (answer to SMS control) (read 2026-07).
 */
export const DEFAULT_ANSWERS: Readonly<Record<BlockKind, string>> = {
  call: '{"operation":"close","closeInfo":{}}',
  sms: '{"actions":[{"operation":"DiscardMessage"}]}',
};
