/**
 * A log that writes at most one line a second, so that a flood of refused requests cannot fill the disk or the terminal; what was
 * left out is counted in the next line.
 */
export function limitedLog(log: (line: string) => void, now: () => Date): (line: string) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return (line) => {
    const ms = now().getTime();
    // A clock that was set back must not silence the log.
    if (ms >= lastMs && ms - lastMs < 1000) {
      leftOut += 1;
      return;
    }
    log(leftOut === 0 ? line : `${line} (and ${leftOut} more)`);
    lastMs = ms;
    leftOut = 0;
  };
}
