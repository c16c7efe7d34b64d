/** Text of a terminal with its long lines put together again: what goes on below is indented. */
export function unfold(text: string): string {
  return text
    .replaceAll(/(?<=\p{Script=Han})\n +(?=\p{Script=Han})|(?<=[、。！），：；？”》])\n +/gu, '')
    .replaceAll(/\n {2,}(?=\S)/g, ' ');
}
