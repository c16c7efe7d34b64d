import type { Sink } from '../context.js';

/** A sink, no terminal, that keeps what is written. */
export function collectText(): { readonly sink: Sink; readonly text: () => string } {
  const parts: string[] = [];
  const sink: Sink = {
    isTerminal: false,
    columns: undefined,
    write: (text) => {
      parts.push(text);
      return Promise.resolve();
    },
  };
  return { sink, text: () => parts.join('') };
}
