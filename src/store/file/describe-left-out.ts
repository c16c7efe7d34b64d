import { describeReason } from '../../domain/read-reason.js';
import type { TextPair } from '../../domain/text-pair.js';
import type { JournalDamage } from '../journal.js';

/** That a line of a kept file cannot be read, and what became of it, as people are told: `ledger.ndjson:7: …; the line was left out`. */
export function describeLeftOut({ file, line, reason }: JournalDamage): TextPair {
  const { zh, en } = describeReason(reason);
  return { zh: `${file}:${line}：${zh}；该行已略过`, en: `${file}:${line}: ${en}; the line was left out` };
}
