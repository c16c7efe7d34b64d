import type { TextPair } from '../domain/text-pair.js';
import { quoteHeading } from '../tables/read-table.js';

/** A cell whose word no table of ours has. */
export interface UnknownWord {
  readonly heading: string | undefined;
  readonly word: string;
  /** Why it is not understood. */
  readonly why: TextPair;
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
  notes(): TextPair[] {
    const words = [...this.#seen.values()];
    const notes = words.slice(0, TOLD_WORDS).map(({ heading, word, why, row, count }) => {
      const [column, said] = [quoteHeading(heading), quoteHeading(word)];
      const rows =
        count === 1
          ? { zh: `第 ${row} 行`, en: `row ${row}` }
          : { zh: `第 ${row} 行等 ${count} 行`, en: `row ${row} and ${count - 1} more` };
      return {
        zh: `${this.#name} ${rows.zh}：${column} 列为 ${said}：${why.zh}；按原样保留`,
        en: `${this.#name}, ${rows.en}: column ${column} says ${said}: ${why.en}; kept as it is`,
      };
    });
    const more = words.length - TOLD_WORDS;
    if (more <= 0) return notes;
    const rest = {
      zh: `${this.#name}：另有 ${more} 个这样的词按原样保留`,
      en: `${this.#name}: ${more} more words like these are kept as they are`,
    };
    return [...notes, rest];
  }
}
