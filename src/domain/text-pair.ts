/** A text in both languages. */
export interface TextPair {
  readonly zh: string;
  readonly en: string;
}

/** A text that is the same in both languages: a name, a status. */
export function sameText(text: string): TextPair {
  return { zh: text, en: text };
}

/** Between the parts of a list in a sentence. */
const COMMA: TextPair = { zh: '，', en: ', ' };

/** The words in both languages: what they are in, where that is only one. */
export function pairOf(words: Words): TextPair {
  return typeof words === 'string' ? sameText(words) : words;
}

/** Between sentences: a Chinese full stop has its space in it. */
export const BETWEEN_SENTENCES: TextPair = { zh: '', en: ' ' };

/** Several texts as one, with a comma or `between` between them. */
export function joinPairs(parts: readonly Words[], between = COMMA): TextPair {
  const joined = (lang: keyof TextPair): string => parts.map((part) => wordsIn(part, lang)).join(between[lang]);
  return { zh: joined('zh'), en: joined('en') };
}

/** A footer that also tells the zone of its times. */
export function withZone(footer: TextPair, zone: string): TextPair {
  return joinPairs([footer, sameText(zone)], sameText(' · '));
}

/** A text for people: in both languages, or in the one it is written in. */
export type Words = string | TextPair;

/** The words in the chosen language where they have it. Data takes `en`. */
export function wordsIn(words: Words, lang: keyof TextPair): string {
  return typeof words === 'string' ? words : words[lang];
}

/** A text in a row of data. Data has the English one, in every language; people get theirs. */
export class Told {
  readonly #words: Words;

  constructor(words: Words) {
    this.#words = words;
  }

  in(lang: keyof TextPair): string {
    return wordsIn(this.#words, lang);
  }
}

/** The words for a row of data; `undefined` where there are none. */
export function toldOf(words: Words | undefined): Told | undefined {
  return words === undefined ? undefined : new Told(words);
}

/** As a warning is told: `warning: …`. */
export function asWarning(words: Words): TextPair {
  return { zh: `警告：${wordsIn(words, 'zh')}`, en: `warning: ${wordsIn(words, 'en')}` };
}
