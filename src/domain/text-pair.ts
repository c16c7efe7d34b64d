/** A text in both languages. */
export interface TextPair {
  readonly zh: string;
  readonly en: string;
}

/** A text that is the same in both languages: a name, a status. */
export function sameText(text: string): TextPair {
  return { zh: text, en: text };
}
