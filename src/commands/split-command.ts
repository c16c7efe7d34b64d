/**
 * Splits a command line into program and arguments, as a shell would without ever asking one: blanks separate, `'…'` keeps everything, `"…"`
 * keeps everything but `\"` and `\\`, a backslash elsewhere keeps the next character. Nothing is expanded: `$NAME`, `*`, `~`, `|` and `>` are
 * plain text.
 * @returns `undefined` when a quote is not closed, the text ends in a backslash, or there is no program.
 */
export function splitCommand(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (quote === "'" ? character === "'" : quote === '"' && character === '"') {
      quote = undefined;
    } else if (character === '\\' && (quote === undefined || (quote === '"' && (next === '"' || next === '\\')))) {
      if (next === '') return undefined;
      word = `${word ?? ''}${next}`;
      at += 1;
    } else if (quote !== undefined) {
      word = `${word ?? ''}${character}`;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = `${word ?? ''}${character}`;
    }
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words.length === 0 || words[0] === '' ? undefined : words;
}
