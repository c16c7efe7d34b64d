import type { Sink } from '../context.js';
import { safeLine } from './safe-text.js';
import { type Words, wordsIn } from '../domain/text-pair.js';

/** Tells a person how long work is going on. */
export interface Progress {
  /** Replaces the line. */
  update(text: Words): void;
  /** Takes the line away. */
  stop(): void;
}

/** A line in a pipe at most this often. */
const PLAIN_INTERVAL_MS = 10_000;

/**
 * A spinner on a terminal; elsewhere a plain line now and then; nothing where `silent`.
 * @param now the clock, so that plain lines keep their distance.
 */
export async function startProgress(
  text: Words,
  options: { readonly stderr: Sink; readonly silent: boolean; readonly lang: 'zh' | 'en'; now(): Date },
): Promise<Progress> {
  const { stderr, lang } = options;
  const lineOf = (words: Words): string => safeLine(wordsIn(words, lang));
  if (options.silent) return { update: () => undefined, stop: () => undefined };
  if (stderr.terminal === undefined) {
    let last = options.now().getTime();
    return {
      update: (line) => {
        const time = options.now().getTime();
        if (time - last < PLAIN_INTERVAL_MS) return;
        last = time;
        void stderr.write(`${lineOf(line)}\n`).catch(() => undefined);
      },
      stop: () => undefined,
    };
  }
  const { default: ora } = await import('ora');
  const spinner = ora({ text: wordsIn(text, lang), stream: stderr.terminal, discardStdin: false }).start();
  return {
    update: (line) => {
      spinner.text = lineOf(line);
    },
    stop: () => {
      spinner.stop();
    },
  };
}
