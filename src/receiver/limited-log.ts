import type { TextPair } from '../domain/text-pair.js';
/** Writes a line of one kind; lines of a kind are limited, those of another are not held back by them. */
export type LimitedLog = (line: TextPair, kind: string) => void;

/**
 * A log that writes at most one line of a kind a second, so that a flood of refused requests cannot fill the disk or the terminal; what was
 * left out is counted in the next line of that kind.
 * @param log takes the lines; kinds are few and fixed.
 */
export function limitedLog(log: (line: TextPair) => void, now: () => Date): LimitedLog {
  const states = new Map<string, { lastMs: number; leftOut: number }>();
  return (line, kind) => {
    const ms = now().getTime();
    const state = states.get(kind);
    // A clock that was set back must not silence the log.
    if (state !== undefined && ms >= state.lastMs && ms - state.lastMs < 1000) {
      state.leftOut += 1;
      return;
    }
    const leftOut = state?.leftOut ?? 0;
    log(leftOut === 0 ? line : { zh: `${line.zh}（另有 ${leftOut} 次）`, en: `${line.en} (and ${leftOut} more)` });
    states.set(kind, { lastMs: ms, leftOut: 0 });
  };
}
