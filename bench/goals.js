// What was to be reached, and what was measured.
import { row } from './measure.js';

/** How often our time has to go into that of a peer, on 1 GB. */
const READERS = { DuckDB: 2, jq: 20 };
const PEAK_MB = 200;
const INSTALLED_MB = 6;

/**
 * Prints each goal beside its figure. What was not measured is named as such.
 * @param measured what compareReaders, compareStarts and measureFirstStart returned; empty or `undefined` where they did not run.
 */
export function compareGoals({ tasks, starts, installed }) {
  row('Goal', 'Is to be', 'Is', '');
  row('---', '--:', '--:', '---');
  for (const { says, times, peak } of tasks) {
    for (const [peer, least] of Object.entries(READERS)) {
      const ratio = times.get(peer);
      goal(`${says}, against ${peer}`, `at least ${least} ×`, ratio, ' ×', ratio >= least);
    }
    goal(`${says}, memory`, `under ${PEAK_MB} MB`, peak, ' MB', peak < PEAK_MB);
  }
  for (const { name, ratio, goal: most } of starts) {
    goal(`start of ${name}`, `at most ${most} ×`, ratio, ' ×', ratio <= most);
  }
  if (installed !== undefined)
    goal('installed package', `under ${INSTALLED_MB} MB`, installed, ' MB', installed < INSTALLED_MB);
}

function goal(name, target, found, unit, holds) {
  const measured = found !== undefined && !Number.isNaN(found);
  row(
    name,
    target,
    measured ? `${found.toFixed(2)}${unit}` : '',
    measured ? (holds ? 'holds' : '**missed**') : 'not measured',
  );
}
