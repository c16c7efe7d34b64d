/** Where a {@link JsonScanner} stands: more text is needed, the value is whole, or it can be no JSON any more. */
export type ScanState = 'open' | 'complete' | 'broken';

/** How far a scan came. */
export interface ScanStep {
  readonly state: ScanState;
  /** Index behind the value's last character, or of the character that breaks it. */
  readonly end: number;
}

/** Deeper than any notification; shallow enough that code may walk a value by recursion. */
export const MAX_DEPTH = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** What may come next. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/**
 * Follows the structure of one JSON value through pieces of text and says at the first character that cannot stand where it
 * stands. Scalars and escapes are left to the parser: they do not move the value's end.
 */
export class JsonScanner {
  /** Closing brackets still to come, innermost last. */
  #closers: number[] = [];
  #expected: Expected = 'value';
  #inString = false;
  #stringIsKey = false;
  #escaped = false;
  #inScalar = false;
  /** Whether the scan broke because of depth. */
  tooDeep = false;

  /** Starts on a new value. */
  reset(): void {
    this.#closers = [];
    this.#expected = 'value';
    this.#inString = false;
    this.#stringIsKey = false;
    this.#escaped = false;
    this.#inScalar = false;
    this.tooDeep = false;
  }

  /** True while nothing but the opening bracket has been seen. */
  get atFirstToken(): boolean {
    return !this.#inString && this.#closers.length === 1 && this.#expected === 'key-or-end';
  }

  /** Goes on with `text` from index `from`. A line end inside a string breaks the value. */
  scan(text: string, from: number): ScanStep {
    for (let at = from; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (this.#inString) {
        if (char === 0x0a || char === 0x0d) return { state: 'broken', end: at };
        if (this.#escaped) this.#escaped = false;
        else if (char === BACKSLASH) this.#escaped = true;
        else if (char === QUOTE && this.#endString()) return { state: 'complete', end: at + 1 };
        continue;
      }
      if (this.#inScalar && !isScalar(char)) {
        this.#inScalar = false;
        this.#expected = 'comma-or-end';
        if (this.#closers.length === 0) return { state: 'complete', end: at };
      }
      if (this.#inScalar || isBlank(char)) continue;
      const state = this.#take(char);
      if (state !== 'open') return { state, end: state === 'complete' ? at + 1 : at };
    }
    return { state: 'open', end: text.length };
  }

  /** @returns whether the value is whole with this string. */
  #endString(): boolean {
    this.#inString = false;
    this.#expected = this.#stringIsKey ? 'colon' : 'comma-or-end';
    return this.#closers.length === 0;
  }

  #take(char: number): ScanState {
    const expected = this.#expected;
    const inObject = this.#closers.at(-1) === CLOSE_BRACE;
    if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      const mayEnd = expected === 'comma-or-end' || expected === (inObject ? 'key-or-end' : 'value-or-end');
      if (!mayEnd || this.#closers.pop() !== char) return 'broken';
      this.#expected = 'comma-or-end';
      return this.#closers.length === 0 ? 'complete' : 'open';
    }
    if (expected === 'comma-or-end') {
      this.#expected = inObject ? 'key' : 'value';
      return char === COMMA ? 'open' : 'broken';
    }
    if (expected === 'colon') {
      this.#expected = 'value';
      return char === COLON ? 'open' : 'broken';
    }
    if (char === QUOTE) {
      this.#inString = true;
      this.#stringIsKey = expected === 'key' || expected === 'key-or-end';
      return 'open';
    }
    if (expected === 'key' || expected === 'key-or-end') return 'broken';
    if (char === OPEN_BRACE) return this.#open(CLOSE_BRACE, 'key-or-end');
    if (char === OPEN_BRACKET) return this.#open(CLOSE_BRACKET, 'value-or-end');
    this.#inScalar = isScalar(char);
    return this.#inScalar ? 'open' : 'broken';
  }

  #open(closer: number, expected: Expected): ScanState {
    this.tooDeep = this.#closers.length >= MAX_DEPTH;
    this.#closers.push(closer);
    this.#expected = expected;
    return this.tooDeep ? 'broken' : 'open';
  }
}

function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09 || char === 0xfeff;
}

/** Characters of numbers, `true`, `false` and `null`. */
function isScalar(char: number): boolean {
  const isDigit = char >= 0x30 && char <= 0x39;
  const isLetter = (char >= 0x61 && char <= 0x7a) || (char >= 0x41 && char <= 0x5a);
  return isDigit || isLetter || char === 0x2b || char === 0x2d || char === 0x2e;
}
