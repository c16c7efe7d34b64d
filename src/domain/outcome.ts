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

/** The outcomes in plain words. */
export const OUTCOME_TEXTS: Readonly<Record<Outcome, { readonly zh: string; readonly en: string }>> = {
  answered: { zh: '接通', en: 'answered' },
  'no-answer': { zh: '无应答', en: 'no answer' },
  busy: { zh: '忙', en: 'busy' },
  rejected: { zh: '拒接', en: 'rejected' },
  'caller-hung-up': { zh: '主叫放弃', en: 'caller hung up' },
  unreachable: { zh: '不可及', en: 'unreachable' },
  'no-binding': { zh: '无绑定', en: 'no binding' },
  refused: { zh: '被平台拒绝', en: 'refused' },
  failed: { zh: '失败', en: 'failed' },
  unknown: { zh: '不明', en: 'unknown' },
};
