/**
 * Loaded into a program under test (`NODE_OPTIONS=--import`): its wall clock is CLOCK_SHIFT_MS off, and is set by CLOCK_STEP_MS
 * more CLOCK_STEP_AFTER_MS after its start. Timers and `performance.now()` stay as they are, as on a machine whose clock is set.
 */
const { CLOCK_SHIFT_MS = '0', CLOCK_STEP_MS = '0', CLOCK_STEP_AFTER_MS = 'Infinity' } = process.env;
const RealDate = Date;

function shifted() {
  const step = performance.now() >= Number(CLOCK_STEP_AFTER_MS) ? Number(CLOCK_STEP_MS) : 0;
  return RealDate.now() + Number(CLOCK_SHIFT_MS) + step;
}

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [shifted()] : args));
  }

  static now() {
    return shifted();
  }
};
