/** What must not end a line, and what must not begin one. */
const OPENING = '（“《';
const CLOSING = '、。！），：；？”》';

/**
 * What stays together: in Chinese a command, as it is copied, also one at the end of an English sentence; a Chinese character or a word, with the
 * marks that belong to it; blanks.
 */
const PIECES = new RegExp(
  [
    `privacy-call(?: [^\\s\\p{Script=Han}${OPENING}${CLOSING}]+)*(?=[${CLOSING}]| ?\\p{Script=Han})[${CLOSING}]*`,
    '(?<=[:：] ?)privacy-call .*$',
    `[${OPENING}]*(?:\\p{Script=Han}|[^\\s\\p{Script=Han}${OPENING}${CLOSING}]+)[${CLOSING}]*`,
    `[${OPENING}${CLOSING}]+`,
    '\\s+',
  ].join('|'),
  'gu',
);

/**
 * `text` in lines of at most `width` columns, broken at blanks and between Chinese characters; its own line breaks stay. A word that is longer stands alone.
 * @param widthOf columns that a text takes. What a terminal shows is measured by the tables of Unicode, which are not loaded for text in English.
 * @param firstWidth columns of the first line, where it is another width.
 */
export function wrapText(text: string, width: number, widthOf: (text: string) => number, firstWidth = width): string[] {
  return text
    .split('\n')
    .flatMap((paragraph, index) => wrapLine(paragraph, widthOf, [index === 0 ? firstWidth : width, width]));
}

function wrapLine(
  text: string,
  widthOf: (text: string) => number,
  [firstWidth, width]: readonly [first: number, rest: number],
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(PIECES) ?? []) {
    const room = lines.length === 0 ? firstWidth : width;
    if (line !== '' && widthOf(line + piece.trimEnd()) > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    if (line !== '' || piece.trim() !== '') line += piece;
  }
  return line.trimEnd() === '' ? lines : [...lines, line.trimEnd()];
}
