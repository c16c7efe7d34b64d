const PLAIN_LINE = /^(#|\/\/|--|[\]},\s]*$|HTTP\/|[A-Z]+ \S+( HTTP|$)|[\w-]+:)/;

/** Whether a line without JSON is one that stands around bodies in `.http` files and logs. */
export function isPlainLine(text: string): boolean {
  return PLAIN_LINE.test(text);
}

/** Index of the next bracket that may open a value, from `from`; -1 when there is none. */
export function findOpening(text: string, from: number): number {
  const brace = text.indexOf('{', from);
  const bracket = text.indexOf('[', from);
  if (brace < 0 || bracket < 0) return Math.max(brace, bracket);
  return Math.min(brace, bracket);
}

/** Index of the first character from `from` that is no blank; the length of the text when there is none. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s\uFEFF]/.test(text.charAt(at))) at++;
  return at;
}
