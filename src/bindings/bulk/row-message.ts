import { pairOf, type Words } from '../../domain/text-pair.js';
import type { RowLine } from '../../store/jobs.js';

/** What the line of a row says to people: in English, as data has it, and in Chinese where there is such. */
export function rowMessage(words: Words): Pick<RowLine, 'message' | 'messageZh'> {
  const { zh, en } = pairOf(words);
  return zh === en ? { message: en } : { message: en, messageZh: zh };
}
