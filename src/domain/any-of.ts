import type { TextPair } from './text-pair.js';

/** `a, b or c`, `a、b 或 c`: what is possible, in a sentence. The last one alone where there is no other; nothing for none. */
export function anyOf(choices: readonly string[]): TextPair {
  const last = choices.at(-1) ?? '';
  if (choices.length < 2) return { zh: last, en: last };
  const before = choices.slice(0, -1);
  return { zh: `${before.join('、')} 或 ${last}`, en: `${before.join(', ')} or ${last}` };
}
