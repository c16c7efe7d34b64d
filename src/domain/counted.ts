import type { TextPair } from './text-pair.js';

/** `1 push`, `2 pushes`: how many, with the noun. @param many the noun of several, `…s` unless given. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A noun that can be counted, with its Chinese measure word: `个号码`. */
export interface Noun {
  readonly zh: string;
  readonly en: string;
  /** `…s` unless given. */
  readonly many?: string;
}

/** How many, in both languages: `2 个号码`, `2 numbers`. */
export function countedPair(count: number, { zh, en, many }: Noun): TextPair {
  return { zh: `${count} ${zh}`, en: counted(count, en, many) };
}

/** How far work is, in both languages: `2/5 个号码`, `2 of 5 numbers`. */
export function partPair(done: number, total: number, noun: Noun): TextPair {
  return { zh: `${done}/${countedPair(total, noun).zh}`, en: `${done} of ${countedPair(total, noun).en}` };
}

/** The footer of a list that says no more than how many rows it has: `2 numbers`. */
export function countFooter(noun: Noun): (count: number) => TextPair {
  return (count) => countedPair(count, noun);
}

/** Nouns that footers count. */
export const NOUNS = {
  binding: { zh: '条绑定关系', en: 'binding' },
  difference: { zh: '处差异', en: 'difference' },
  job: { zh: '个批量任务', en: 'job' },
  number: { zh: '个号码', en: 'number' },
  record: { zh: '条记录', en: 'record' },
  recording: { zh: '个录音', en: 'recording' },
  row: { zh: '行', en: 'row' },
} as const satisfies Readonly<Record<string, Noun>>;
