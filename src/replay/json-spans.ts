/** Where a value stands in a text: `text.slice(start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One step into a value: the name of a field, the place in a list (from 0), or `*` for every element. */
export type PathStep = string | number;

const BLANK = /[ \t\n\r]/;
const SCALAR_END = /[\s,\]}]/;

/**
 * Finds the values at `path` without changing a character of anything else, so that numbers of any length and unknown fields stay
 * what they are. Of a field that stands there twice the last one counts, as it does for a parser.
 * @param text one whole JSON value; bytes as latin1 will do, names in it are read as UTF-8.
 * @returns no span when the path leads nowhere; several only for `*`.
 */
export function findSpans(text: string, path: readonly PathStep[]): readonly Span[] {
  const start = skipBlanks(text, 0);
  let spans: readonly Span[] = [{ start, end: endOfValue(text, start) }];
  for (const step of path) spans = spans.flatMap((span) => stepInto(text, span, step));
  return spans;
}

/** A field and the span of its value, of every object at any depth, in their order. */
export function* fieldSpans(text: string): Generator<{ readonly name: string; readonly span: Span }> {
  const open: Span[] = [];
  const start = skipBlanks(text, 0);
  if (start < text.length) open.push({ start, end: endOfValue(text, start) });
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const inner: Span[] = [];
    for (const member of membersOf(text, span)) {
      if (member.name !== undefined) yield { name: member.name, span: member.span };
      if ('{['.includes(text[member.span.start] ?? ' ')) inner.push(member.span);
    }
    for (const span of inner.reverse()) open.push(span);
  }
}

function stepInto(text: string, span: Span, step: PathStep): readonly Span[] {
  const members = [...membersOf(text, span)];
  if (text[span.start] === '{') {
    const found = members.findLast(({ name }) => name === String(step));
    return found === undefined ? [] : [found.span];
  }
  if (step === '*') return members.map((member) => member.span);
  const element = members[Number(step)];
  return element === undefined ? [] : [element.span];
}

/** The values in an object or a list; nothing in a scalar. */
function* membersOf(text: string, { start, end }: Span): Generator<{ readonly name?: string; readonly span: Span }> {
  const isObject = text[start] === '{';
  if (!isObject && text[start] !== '[') return;
  for (let at = skipBlanks(text, start + 1); at < end - 1;) {
    let name: string | undefined;
    if (isObject) {
      const nameEnd = endOfString(text, at);
      name = nameOf(text.slice(at, nameEnd));
      at = skipBlanks(text, skipBlanks(text, nameEnd) + 1);
    }
    const span = { start: at, end: endOfValue(text, at) };
    yield name === undefined ? { span } : { name, span };
    at = skipBlanks(text, span.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
}

function nameOf(quoted: string): string {
  return JSON.parse(Buffer.from(quoted, 'latin1').toString('utf8')) as string;
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== '{' && first !== '[') return endOfScalar(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') depth += 1;
    else if ((char === '}' || char === ']') && (depth -= 1) === 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function endOfScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length && !SCALAR_END.test(text[at] ?? '')) at += 1;
  return at;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.test(text[at] ?? '')) at += 1;
  return at;
}
