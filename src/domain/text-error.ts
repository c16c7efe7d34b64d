import { pairOf, sameText, type TextPair, type Words, wordsIn } from './text-pair.js';

/** An error that is told to people: its `message` is English, as data has it. */
export class TextError extends Error {
  /** The same in both languages, where it has them. */
  readonly words: Words;

  constructor(words: Words, options?: ErrorOptions) {
    super(wordsIn(words, 'en'), options);
    this.words = words;
  }
}

/** What an error says, to stand in a sentence of both languages. */
export function wordsOfError(error: unknown): TextPair {
  if (error instanceof TextError) return pairOf(error.words);
  return sameText(error instanceof Error ? error.message : String(error));
}
