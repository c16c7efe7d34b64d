import type { TextPair, Words } from '../domain/text-pair.js';
import { formatProblem, isEmptyInput, isGarbledInput, type ReadProblem } from '../notifications/input-problems.js';

/** Complaints of a kind shown one by one; more of them are only counted. */
const MOST_SHOWN = 20;
/** So many are named in an error. */
const MOST_NAMED = 3;

/** Complaints of one kind. */
interface Tally {
  /** As an error names the first of them. */
  readonly names: string[];
  count: number;
  /** Place of the line that counts the rest. */
  restAt: number | undefined;
}

/**
 * What a person is told of while records are read: what could not be read, and, which is no failure, files with nothing in them and files that are no UTF-8.
 */
export class ReadComplaints {
  /** Filled as complaints come. */
  readonly warnings: Words[] = [];
  readonly #problems: Tally = { names: [], count: 0, restAt: undefined };
  readonly #empty: Tally = { names: [], count: 0, restAt: undefined };
  readonly #garbled: Tally = { names: [], count: 0, restAt: undefined };

  /** How many records could not be read. */
  get problemCount(): number {
    return this.#problems.count;
  }

  /** The first that could not be read, in English, as errors are. */
  get firstProblem(): string | undefined {
    return this.#problems.names[0];
  }

  addProblem(problem: ReadProblem): void {
    const text = formatProblem(problem);
    if (isGarbledInput(problem)) this.#tell(this.#garbled, { text, name: problem.file, rest: restIsGarbled });
    else if (!isEmptyInput(problem)) this.add(text);
    else this.#tell(this.#empty, { text, name: problem.file, rest: restIsEmpty });
  }

  /** Something could not be read. @param text where, and why. */
  add(text: TextPair): void {
    this.#tell(this.#problems, { text, name: text.en, rest: restIsUnread });
  }

  /** A clause for an error about something that was not found: it may have stood there. `undefined` where everything was read. */
  clause(): string | undefined {
    const parts = [
      named('could not be read', this.#problems),
      named('empty', this.#empty),
      named('not UTF-8', this.#garbled),
    ];
    const said = parts.filter((part) => part !== undefined);
    return said.length === 0 ? undefined : said.join('; ');
  }

  #tell(
    tally: Tally,
    { text, name, rest }: { readonly text: TextPair; readonly name: string; readonly rest: (more: number) => TextPair },
  ): void {
    tally.count += 1;
    if (tally.count <= MOST_NAMED) tally.names.push(name);
    if (tally.count <= MOST_SHOWN) {
      this.warnings.push(text);
      return;
    }
    tally.restAt ??= this.warnings.length;
    this.warnings[tally.restAt] = rest(tally.count - MOST_SHOWN);
  }
}

function restIsUnread(more: number): TextPair {
  return { zh: `另有 ${more} 处无法读取`, en: `and ${more} more that could not be read` };
}

function restIsEmpty(more: number): TextPair {
  return { zh: `另有 ${more} 个空文件`, en: `and ${more} more that are empty` };
}

function restIsGarbled(more: number): TextPair {
  return { zh: `另有 ${more} 个文件含有非 UTF-8 字节`, en: `and ${more} more with bytes that are no UTF-8` };
}

function named(what: string, { names, count }: Tally): string | undefined {
  if (count === 0) return undefined;
  const more = count > names.length ? ` and ${count - names.length} more` : '';
  return `${what}: ${names.join(', ')}${more}`;
}
