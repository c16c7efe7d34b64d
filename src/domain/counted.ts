/** `1 push`, `2 pushes`: how many, with the noun. @param many the noun of several, `…s` unless given. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
