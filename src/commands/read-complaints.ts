import { type TextPair, type Words, joinPairs, sameText } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { formatProblem, isEmptyInput, isGarbledInput, type ReadProblem } from '../notifications/input-problems.js';

/** Complaints of a kind shown one by one; more of them are only counted. */
const MOST_SHOWN = 20;
/** So many are named in an error. */
const MOST_NAMED = 3;

/** Complaints of one kind. */
interface Tally {
  /** As an error names the first of them. */
  readonly names: TextPair[];
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

  /** The first that could not be read. */
  get firstProblem(): TextPair | undefined {
    return this.#problems.names[0];
  }

  addProblem(problem: ReadProblem): void {
    const text = formatProblem(problem);
    const name = sameText(problem.file);
    if (isGarbledInput(problem)) this.#tell(this.#garbled, { text, name, rest: restIsGarbled });
    else if (!isEmptyInput(problem)) this.add(text);
    else this.#tell(this.#empty, { text, name, rest: restIsEmpty });
  }

  /** Something could not be read. @param text where, and why. */
  add(text: TextPair): void {
    this.#tell(this.#problems, { text, name: text, rest: restIsUnread });
  }

  /** A clause for an error about something that was not found: it may have stood there. `undefined` where everything was read. */
  clause(): TextPair | undefined {
    const parts = [
      named({ zh: '无法读取', en: 'could not be read' }, this.#problems),
      named({ zh: '空文件', en: 'empty' }, this.#empty),
      named({ zh: '非 UTF-8', en: 'not UTF-8' }, this.#garbled),
    ];
    const said = parts.filter((part) => part !== undefined);
    return said.length === 0 ? undefined : joinPairs(said, { zh: '；', en: '; ' });
  }

  #tell(
    tally: Tally,
    {
      text,
      name,
      rest,
    }: { readonly text: TextPair; readonly name: TextPair; readonly rest: (more: number) => TextPair },
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

function named(what: TextPair, { names, count }: Tally): TextPair | undefined {
  if (count === 0) return undefined;
  const more = count - names.length;
  const { zh, en } = joinPairs(names, { zh: '、', en: ', ' });
  return {
    zh: `${what.zh}：${zh}${more > 0 ? `，另有 ${more} 处` : ''}`,
    en: `${what.en}: ${en}${more > 0 ? ` and ${more} more` : ''}`,
  };
}

/** The failure of a command for which nothing could be read. @param firstProblem where, and why. */
export function nothingRead(firstProblem: TextPair): AppError {
  const words = { zh: `没有可读取的内容：${firstProblem.zh}`, en: `nothing could be read: ${firstProblem.en}` };
  return new AppError('input-invalid', words);
}
