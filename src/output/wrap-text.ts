import stringWidth from 'string-width';

/** A Chinese character with the marks that must not begin a line, a word, or blanks. */
const PIECES = /\p{Script=Han}[\u3001\u3002\uff01\uff09\uff0c\uff1a\uff1b\uff1f]*|[^\s\p{Script=Han}]+|\s+/gu;

/** `text` in lines of at most `width` columns of a terminal, broken at blanks and between Chinese characters. A word that is longer stands alone. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(PIECES) ?? []) {
    if (line !== '' && stringWidth(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line !== '' || piece.trim() !== '') line += piece;
  }
  return line.trimEnd() === '' ? lines : [...lines, line.trimEnd()];
}
