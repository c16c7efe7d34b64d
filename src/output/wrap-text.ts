/** A Chinese character with the marks that must not begin a line, a word, or blanks. */
const PIECES = /\p{Script=Han}[\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f]*|[^\s\p{Script=Han}]+|\s+/gu;

/**
 * `text` in lines of at most `width` columns, broken at blanks and between Chinese characters; its own line breaks stay. A word that is longer stands alone.
 * @param widthOf columns that a text takes. What a terminal shows is measured by the tables of Unicode, which are not loaded for text in English.
 */
export function wrapText(text: string, width: number, widthOf: (text: string) => number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapLine(paragraph, width, widthOf));
}

function wrapLine(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(PIECES) ?? []) {
    if (line !== '' && widthOf(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line !== '' || piece.trim() !== '') line += piece;
  }
  return line.trimEnd() === '' ? lines : [...lines, line.trimEnd()];
}
