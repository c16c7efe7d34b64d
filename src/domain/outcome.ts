/** How a call ended, in the words of people who count calls. */
export const OUTCOMES = [
  'answered',
  'no-answer',
  'busy',
  'rejected',
  'caller-hung-up',
  'unreachable',
  'no-binding',
  'refused',
  'failed',
  'unknown',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
