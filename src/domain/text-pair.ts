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

/** Several texts as one, with a comma or `between` between them. */
export function joinPairs(parts: readonly TextPair[], between = COMMA): TextPair {
  return { zh: parts.map(({ zh }) => zh).join(between.zh), en: parts.map(({ en }) => en).join(between.en) };
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

/** As a warning is told: `warning: …`. */
export function asWarning(words: Words): TextPair {
  return { zh: `警告：${wordsIn(words, 'zh')}`, en: `warning: ${wordsIn(words, 'en')}` };
}
