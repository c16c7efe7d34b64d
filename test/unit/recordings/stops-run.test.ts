import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import { stopsRun } from '../../../src/recordings/stops-run.js';

describe('stopsRun', () => {
  it.each([
    ['network-timeout', false],
    ['recording-not-found', false],
    ['storage-failed', false],
    ['flow-control', false],
    ['storage-denied', true],
    ['clock-skewed', true],
    ['interrupted', true],
  ] as const)('%s: %s', (code, stops) => {
    expect(stopsRun(new AppError(code, 'x'))).toBe(stops);
  });

  it('takes anything unexpected for a reason to stop', () => {
    expect(stopsRun(new TypeError('x'))).toBe(true);
  });
});
