import { MAX_DEPTH } from './json-scanner.js';

/** Whether JSON text has brackets enough to be nested deeper than {@link MAX_DEPTH}; brackets inside strings count too. */
export function mayBeDeep(text: string): boolean {
  let left = MAX_DEPTH;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) if (--left < 0) return true;
  }
  return false;
}

/** Whether objects and arrays of a parsed JSON value are nested in more than `levels` levels. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
