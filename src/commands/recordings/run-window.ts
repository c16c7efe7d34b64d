import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../domain/duration.js';
import type { TextPair } from '../../domain/text-pair.js';
import type { RunOptions } from '../../recordings/download-recordings.js';
import { windowOpensInMs, type TimeWindow } from '../../recordings/time-window.js';
import type { CommandContext } from '../command-context.js';

/** The clock of the machine may be set, and the machine may sleep: it is looked at again at least this often. */
const LOOK_EVERY_MS = 30_000;

/** The window of `--window` for a run: waits until it opens and says so. */
export function buildRunWindow(
  window: TimeWindow,
  text: string,
  context: Pick<CommandContext, 'now' | 'note'>,
): NonNullable<RunOptions['window']> {
  const opensIn = (): number => windowOpensInMs(window, context.now());
  return {
    isOpen: () => opensIn() === 0,
    ready: async (signal) => {
      if (opensIn() === 0) return;
      await context.note(waitingFor(formatDuration(opensIn() / 1000), text));
      for (let left = opensIn(); left > 0; left = opensIn()) {
        signal.throwIfAborted();
        await sleep(Math.min(left, LOOK_EVERY_MS), undefined, { signal }).catch(() => undefined);
      }
      signal.throwIfAborted();
    },
  };
}

function waitingFor(duration: string, window: string): TextPair {
  return {
    zh: `等待 ${duration}，到 ${window} 时段（北京时间）开始`,
    en: `waiting ${duration} for the window ${window} (Beijing time)`,
  };
}
