import type { TextPair } from '../domain/text-pair.js';

/** Told at the end of a dry run of what sends requests. */
export const NOTHING_SENT: TextPair = { zh: '没有发送（--dry-run）', en: 'nothing was sent (--dry-run)' };

/** The same of what removes files. */
export const NOTHING_REMOVED: TextPair = { zh: '没有删除（--dry-run）', en: 'nothing was removed (--dry-run)' };
