import { TextError } from './text-error.js';
import type { TextPair, Words } from './text-pair.js';
/** A JSON value that knows on which line it stands. */
export interface LocatedValue {
  /** From 1. */
  readonly line: number;
  readonly value: string | number | boolean | null | readonly LocatedValue[] | ReadonlyMap<string, LocatedValue>;
}

/** What is wrong with a text, and where. */
export class LocatedError extends TextError {
  override readonly name = 'LocatedError';
  /** From 1. */
  readonly line: number;
  /** From 1, in characters; of what is no JSON. */
  readonly column: number | undefined;

  constructor(line: number, words: Words, column?: number) {
    super(words);
    this.line = line;
    this.column = column;
  }
}

const DEEPEST = 50;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Reads JSON that people write, for messages that name the line. A byte-order mark is no harm; a name that stands twice in one object is.
 * @throws {LocatedError} at the first thing that is no JSON.
 */
export function parseLocatedJson(text: string): LocatedValue {
  return new Parser(text.replace(/^\uFEFF/, '')).whole();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): LocatedValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): LocatedValue {
    this.#space();
    const line = this.#line;
    const first = this.#text[this.#at];
    if (depth > DEEPEST) throw this.#error({ zh: '嵌套层数过多', en: 'nested too deeply' });
    if (first === '{') return { line, value: this.#object(depth) };
    if (first === '[') return { line, value: this.#array(depth) };
    if (first === '"') return { line, value: this.#string() };
    const word = this.#match(WORD) ?? this.#match(NUMBER);
    if (word === undefined) throw this.#unexpected();
    return { line, value: JSON.parse(word) as number | boolean | null };
  }

  #object(depth: number): ReadonlyMap<string, LocatedValue> {
    const fields = new Map<string, LocatedValue>();
    this.#at += 1;
    if (this.#takes('}')) return fields;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#unexpected({ zh: '双引号中的名称', en: 'a name in double quotes' });
      const name = this.#string();
      if (fields.has(name)) throw this.#error({ zh: `“${name}” 在这里出现了两次`, en: `"${name}" stands here twice` });
      if (!this.#takes(':')) throw this.#unexpected({ zh: '冒号', en: 'a colon' });
      fields.set(name, this.#value(depth + 1));
    } while (this.#takes(','));
    if (!this.#takes('}')) throw this.#unexpected({ zh: '逗号或 }', en: 'a comma or }' });
    return fields;
  }

  #array(depth: number): readonly LocatedValue[] {
    const items: LocatedValue[] = [];
    this.#at += 1;
    if (this.#takes(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#takes(','));
    if (!this.#takes(']')) throw this.#unexpected({ zh: '逗号或 ]', en: 'a comma or ]' });
    return items;
  }

  #string(): string {
    const token = this.#match(STRING);
    if (token === undefined) throw this.#error({ zh: '文本没有在本行结束', en: 'a text does not end on its line' });
    try {
      return JSON.parse(token) as string;
    } catch {
      throw this.#error({ zh: '文本中有未知的 \\ 序列', en: 'a text holds an unknown \\ sequence' });
    }
  }

  #takes(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    const from = this.#at;
    const space = this.#match(SPACE) ?? '';
    for (let end = space.indexOf('\n'); end >= 0; end = space.indexOf('\n', end + 1)) {
      this.#line += 1;
      this.#lineStart = from + end + 1;
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(wanted: TextPair = { zh: '一个值', en: 'a value' }): LocatedError {
    const found = this.#text[this.#at];
    const what =
      found === undefined
        ? { zh: '文件已结束', en: 'the file ends' }
        : { zh: `是 ${JSON.stringify(found)}`, en: `${JSON.stringify(found)} stands` };
    return this.#error({ zh: `此处应为${wanted.zh}，但${what.zh}`, en: `${what.en} where ${wanted.en} is expected` });
  }

  #error(words: TextPair): LocatedError {
    return new LocatedError(this.#line, words, this.#at - this.#lineStart + 1);
  }
}
