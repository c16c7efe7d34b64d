import { quoteHeading } from '../tables/read-table.js';

/** A cell whose word no table of ours has. */
export interface UnknownWord {
  readonly heading: string | undefined;
  readonly word: string;
  /** Why it is not understood. */
  readonly why: string;
  readonly row: number;
}

interface Seen extends UnknownWord {
  count: number;
}

/** Words that are told one by one; the others are counted. */
const TOLD_WORDS = 10;

/** Words of a list that are kept as they are, each told once. */
export class UnknownWords {
  readonly #name: string;
  readonly #seen = new Map<string, Seen>();

  /** @param name names the file in notes. */
  constructor(name: string) {
    this.#name = name;
  }

  add(found: UnknownWord): void {
    const key = JSON.stringify([found.heading, found.word]);
    const before = this.#seen.get(key);
    if (before === undefined) this.#seen.set(key, { ...found, count: 1 });
    else before.count += 1;
  }

  /** One line a word: the first row that has it, and how many have. */
  notes(): string[] {
    const words = [...this.#seen.values()];
    const notes = words.slice(0, TOLD_WORDS).map(({ heading, word, why, row, count }) => {
      const rows = count === 1 ? `row ${row}` : `row ${row} and ${count - 1} more`;
      return `${this.#name}, ${rows}: column ${quoteHeading(heading)} says ${quoteHeading(word)}: ${why}; kept as it is`;
    });
    const more = words.length - TOLD_WORDS;
    return more <= 0 ? notes : [...notes, `${this.#name}: ${more} more words like these are kept as they are`];
  }
}
