/** `a, b or c`: what is possible, in a sentence. The last one alone where there is no other; nothing for none. */
export function anyOf(choices: readonly string[]): string {
  const last = choices.at(-1) ?? '';
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`;
}
