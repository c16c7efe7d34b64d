import { EMPTY_INPUT, type ReadReason } from '../domain/read-reason.js';
import { isDeeperThan, mayBeDeep } from './json-depth.js';
import { JsonScanner, MAX_DEPTH } from './json-scanner.js';
import { findOpening, isPlainLine, skipBlanks } from './line-text.js';
import type { LinePart } from './read-lines.js';

/** One value found in a stream (and its own text, where that was asked for), or why there is none at that line. */
export type JsonPiece =
  | { readonly line: number; readonly value: unknown; readonly text?: string; readonly problem?: undefined }
  | { readonly line: number; readonly problem: ReadReason; readonly value?: undefined };

/** So short a text is taken whatever its depth: code that walks its value by recursion is safe. */
const SHORT_LINE_CHARS = 4096;

/**
 * `text`: outside any value. `array`: behind `[`. `value`: inside a value. `element` and `next`: in an array before an element, and
 * behind one. `rest`: behind damage, until the line ends.
 */
type Place = 'text' | 'array' | 'value' | 'element' | 'next' | 'rest';

/**
 * The state of {@link splitJson} between two lines. What bracket opens a value is decided by what follows it, so prefixes such as
 * `[2026-11-22]` or `{main}` are passed over; from then on the first character that cannot stand where it stands ends the value,
 * and what lies behind its first line is read anew.
 */
export class JsonSplitter {
  readonly #maxValueChars: number;
  readonly #scanner = new JsonScanner();
  /** Text to read, next part last. */
  #waiting: LinePart[] = [];
  #place: Place = 'text';
  #line = 1;
  /** Indentation of the current line. */
  #indent = 0;
  #lineHasJson = false;

  /** Parts of the value being read, line ends included. */
  #value: string[] = [];
  #valueChars = 0;
  #valueLine = 1;
  #valueIndent = 0;
  #inArray = false;
  #arrayLine = 1;

  /** Nothing but blanks came. */
  #isBlank = true;
  /** Behind damage: lines indented deeper than this, or that only go on with something, belong to the damage. */
  #damageIndent: number | undefined;
  #sawText = false;
  #sawValue = false;
  #sawProblem = false;

  readonly #quickLineChars: number;
  readonly #withText: boolean;

  /**
   * @param quickLineChars in a line of up to so many characters the parser is tried first: same pieces, a tenth of the time.
   * @param withText each value comes with its text, from its first character to its last (of a line that is one value, the whole line).
   */
  constructor(
    maxValueChars: number,
    quickLineChars = Math.max(SHORT_LINE_CHARS, maxValueChars),
    withText: 'with-text' | 'without-text' = 'without-text',
  ) {
    this.#maxValueChars = maxValueChars;
    this.#quickLineChars = quickLineChars;
    this.#withText = withText === 'with-text';
  }

  /** Reads the next part of a line; what it completes is added to `found`. */
  push(part: LinePart, found: JsonPiece[]): void {
    this.#waiting.push(part);
    this.#readWaiting(found);
  }

  /** Tells what is left open at the end of the stream, or, as {@link EMPTY_INPUT} of line 0, that there was nothing in it. */
  end(found: JsonPiece[]): void {
    if (this.#isBlank) found.push(this.#problem(0, EMPTY_INPUT));
    // Text behind the first line of a cut value may hold whole values.
    while (this.#place === 'value') {
      found.push(this.#damaged('cut short', '', false));
      this.#readWaiting(found);
    }
    if (this.#place === 'element' || this.#place === 'next' || this.#place === 'array') {
      found.push(this.#problem(this.#arrayLine, 'cut short: the array has no end'));
    } else if (this.#sawText && !this.#sawValue && !this.#sawProblem) {
      found.push(this.#problem(1, 'holds no JSON'));
    }
  }

  /** The number of the line that the next part belongs to. */
  get line(): number {
    return this.#line;
  }

  /** Whether the next line begins outside any value. */
  get isBetweenValues(): boolean {
    return this.#place === 'text';
  }

  /** Passes over lines that begin outside any value, each one whole value from its first character on. @returns the number of the first. */
  passLines(count: number): number {
    this.#damageIndent = undefined;
    this.#sawValue = true;
    this.#isBlank = false;
    this.#line += count;
    return this.#line - count;
  }

  #readWaiting(found: JsonPiece[]): void {
    for (let part = this.#waiting.pop(); part !== undefined; part = this.#waiting.pop()) this.#readPart(part, found);
  }

  #readPart(part: LinePart, found: JsonPiece[]): void {
    if (this.#isBlank && /\S/.test(part.text)) this.#isBlank = false;
    if (part.first) {
      this.#indent = part.text.search(/[^\s\uFEFF]/);
      this.#lineHasJson = false;
    }
    if (this.#isPartOfDamage(part)) {
      if (part.last) this.#line++;
      return;
    }
    const quick = this.#readQuickly(part);
    if (quick !== undefined) found.push(quick);
    else for (const piece of this.#readSlowly(part)) found.push(piece);
  }

  #isPartOfDamage({ text, first }: LinePart): boolean {
    if (this.#damageIndent === undefined || this.#place !== 'text') return false;
    if (first && this.#indent >= 0 && this.#indent <= this.#damageIndent && !/^[\s\uFEFF]*["}\],]/.test(text)) {
      this.#damageIndent = undefined;
      return false;
    }
    return true;
  }

  /** A line that is one whole value, or `undefined` for any other. */
  #readQuickly({ text, first, last }: LinePart): JsonPiece | undefined {
    if (this.#place !== 'text' || !first || !last || text.length > this.#quickLineChars || text[this.#indent] !== '{')
      return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    } catch {
      return undefined;
    }
    // The slow way stops at a depth that the parser does not mind.
    if (text.length > SHORT_LINE_CHARS && mayBeDeep(text) && isDeeperThan(value, MAX_DEPTH)) return undefined;
    this.#sawValue = true;
    return this.#withText ? { line: this.#line++, value, text } : { line: this.#line++, value };
  }

  *#readSlowly(part: LinePart): Generator<JsonPiece> {
    const { text } = part;
    let at = 0;
    while (at < text.length && this.#place !== 'rest') {
      if (this.#place === 'value') {
        const found = this.#goOn(part, at);
        if (found.piece) yield found.piece;
        if (found.at === undefined) return;
        at = found.at;
      } else {
        const next = this.#betweenValues(text, at);
        if (next === undefined) yield this.#problem(this.#line, 'damaged array');
        at = next ?? text.length;
      }
    }
    if (part.last) yield* this.#readLineEnd(part);
  }

  *#readLineEnd(part: LinePart): Generator<JsonPiece> {
    if (this.#place === 'text') yield* this.#endTextLine(part);
    if (this.#place === 'value') {
      const { state } = this.#scanner.scan('\n', 0);
      if (state === 'broken') {
        yield this.#damaged('damaged or cut short', '\n', false);
        return;
      }
      if (state === 'complete') yield this.#parse();
      else this.#keep('\n');
    }
    this.#endLine();
  }

  #endLine(): void {
    this.#line++;
    if (this.#place === 'rest') this.#place = 'text';
  }

  *#endTextLine({ text, first }: LinePart): Generator<JsonPiece> {
    if (this.#lineHasJson || !first || text.trim() === '' || isPlainLine(text)) {
      if (!this.#lineHasJson && text.trim() !== '') this.#sawText = true;
      return;
    }
    // Plain text is at home in logs; between lines of nothing but JSON it is a damaged line.
    if (this.#sawValue && !this.#sawText) yield this.#problem(this.#line, 'not JSON');
    else this.#sawText = true;
  }

  /** Outside a value: finds the start of the next one. @returns index to go on from; none when the array is damaged. */
  #betweenValues(text: string, from: number): number | undefined {
    if (this.#place === 'text') {
      const start = findOpening(text, from);
      if (start < 0) return text.length;
      if (text[start] === '[') {
        this.#place = 'array';
        this.#arrayLine = this.#line;
        return start + 1;
      }
      return this.#startValue(start);
    }
    const at = skipBlanks(text, from);
    const char = text[at];
    if (char === undefined) return text.length;
    if (char === ']') {
      this.#place = 'text';
      this.#inArray = false;
      this.#lineHasJson = true;
      return at + 1;
    }
    if (this.#place === 'array' && char !== '{') {
      this.#place = 'text';
      return at;
    }
    if (this.#place === 'next' && char === ',') {
      this.#place = 'element';
      return at + 1;
    }
    if (this.#place !== 'next' && /["{[\w-]/.test(char)) return this.#startElement(at);
    this.#place = 'rest';
    this.#inArray = false;
    this.#damageIndent = this.#indent;
    return undefined;
  }

  #startElement(at: number): number {
    this.#inArray = true;
    return this.#startValue(at);
  }

  #startValue(at: number): number {
    this.#place = 'value';
    this.#scanner.reset();
    this.#value = [];
    this.#valueChars = 0;
    this.#valueLine = this.#line;
    this.#valueIndent = Math.max(0, this.#indent);
    return at;
  }

  /** Inside a value. @returns index behind what was read, or none when the rest of the part is dealt with. */
  #goOn(part: LinePart, from: number): { piece?: JsonPiece; at?: number } {
    const { text } = part;
    const { state, end } = this.#scanner.scan(text, from);
    if (state === 'broken' && this.#scanner.atFirstToken && !this.#inArray) {
      // `{` of a log's prefix, `{main} …`: no value ever began.
      this.#place = 'text';
      return { at: end };
    }
    if (state === 'broken') {
      const reason = this.#scanner.tooDeep ? 'nested too deeply' : 'damaged or cut short';
      return { piece: this.#damaged(reason, text.slice(from), part.last) };
    }
    if (this.#valueChars + end - from > this.#maxValueChars) return { piece: this.#oversized(part.last) };
    this.#keep(text.slice(from, end));
    if (state === 'open') return { at: end };
    return { piece: this.#parse(), at: end };
  }

  #keep(text: string): void {
    this.#value.push(text);
    this.#valueChars += text.length;
  }

  #parse(): JsonPiece {
    const text = this.#value.join('');
    this.#value = [];
    this.#lineHasJson = true;
    this.#place = this.#inArray ? 'next' : 'text';
    try {
      const value: unknown = JSON.parse(text);
      this.#sawValue = true;
      return this.#withText ? { line: this.#valueLine, value, text } : { line: this.#valueLine, value };
    } catch {
      return this.#problem(this.#valueLine, 'damaged');
    }
  }

  #oversized(last: boolean): JsonPiece {
    this.#value = [];
    this.#inArray = false;
    this.#damageIndent = this.#valueIndent;
    this.#skipRest(last);
    return this.#problem(this.#valueLine, `larger than ${this.#maxValueChars} characters`);
  }

  /** Gives the value up and queues what stands behind its first line. */
  #damaged(reason: ReadReason, rest: string, last: boolean): JsonPiece {
    const text = this.#value.join('') + rest;
    this.#value = [];
    this.#inArray = false;
    this.#damageIndent = this.#valueIndent;
    this.#place = 'text';
    const piece = this.#problem(this.#valueLine, reason);
    const firstEnd = text.indexOf('\n');
    if (firstEnd < 0) {
      this.#skipRest(last);
      return piece;
    }
    this.#line = this.#valueLine + 1;
    const lines = text.slice(firstEnd + 1).split('\n');
    const parts = lines.map((line, index) => ({ text: line, first: true, last: index < lines.length - 1 || last }));
    const unread = parts.filter((part) => part.text !== '' || part.last);
    for (const part of unread.reverse()) this.#waiting.push(part);
    return piece;
  }

  /** Leaves out what follows in the line. */
  #skipRest(last: boolean): void {
    this.#place = 'rest';
    if (last) this.#endLine();
  }

  #problem(line: number, problem: ReadReason): JsonPiece {
    this.#sawProblem = true;
    return { line, problem };
  }
}
