import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../../../src/errors.js';
import { type FailedTry, nextDelayMs, parseRetryAfter } from '../../../src/platform/retry-policy.js';

function delay(code: ErrorCode, more: Partial<FailedTry> & { resultcode?: string } = {}): number | undefined {
  const { resultcode, ...rest } = more;
  const error = new AppError(code, 'x', { platform: { httpStatus: 500, resultcode } });
  return nextDelayMs({ attempt: 1, flowControlWaitsDone: 0, error, change: false, random: () => 0.5, ...rest });
}

describe('nextDelayMs', () => {
  it('doubles the ceiling of the jitter up to 8 s', () => {
    const limits = { retries: 9 };
    const delays = [1, 2, 3, 4, 5, 6, 9].map((attempt) => delay('network-timeout', { attempt, limits }));
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000]);
    expect(delay('network-timeout', { attempt: 10, limits })).toBeUndefined();
    expect(delay('network-timeout', { random: () => 0 })).toBe(0);
  });

  it('tries three more times by default, 1023002 once, never with 0', () => {
    expect(delay('platform-failure', { attempt: 3 })).toBe(1000);
    expect(delay('platform-failure', { attempt: 4 })).toBeUndefined();
    expect(delay('platform-failure', { resultcode: '1023002' })).toBe(250);
    expect(delay('platform-failure', { resultcode: '1023002', attempt: 2 })).toBeUndefined();
    expect(delay('platform-failure', { limits: { retries: 0 } })).toBeUndefined();
    expect(delay('platform-failure', { limits: { retries: 0 }, resultcode: '1023002' })).toBeUndefined();
  });

  it('waits a minute for flow control, once, also for a change', () => {
    expect(delay('flow-control')).toBe(60_000);
    expect(delay('flow-control', { change: true })).toBe(60_000);
    expect(delay('flow-control', { flowControlWaitsDone: 1 })).toBeUndefined();
    expect(delay('flow-control', { flowControlWaitsDone: 1, limits: { flowControlWaits: 2 } })).toBe(60_000);
    expect(delay('flow-control', { limits: { flowControlWaits: 0 } })).toBeUndefined();
  });

  it('obeys Retry-After up to ten minutes', () => {
    expect(delay('platform-failure', { retryAfterMs: 30_000 })).toBe(30_000);
    expect(delay('platform-failure', { retryAfterMs: 31_536_000_000 })).toBe(600_000);
    expect(delay('platform-failure', { retryAfterMs: -5 })).toBe(250);
    expect(delay('flow-control', { retryAfterMs: 90_000 })).toBe(90_000);
    expect(delay('flow-control', { retryAfterMs: 1000 })).toBe(60_000);
  });

  it('never repeats a change, a refusal, or anything about keys', () => {
    const transient = ['network-unreachable', 'network-timeout', 'network-interrupted', 'platform-failure'];
    const codes = fc.constantFrom(...(Object.keys(ERROR_CATALOGUE) as ErrorCode[]));
    fc.assert(
      fc.property(codes, fc.boolean(), fc.integer({ min: 1, max: 9 }), (code, change, attempt) => {
        fc.pre(code !== 'flow-control');
        const again = delay(code, { change, attempt }) !== undefined;
        expect(again).toBe(!change && transient.includes(code) && attempt <= 3);
      }),
    );
  });
});

describe('parseRetryAfter', () => {
  const now = new Date('2026-07-01T00:00:00Z');
  it.each([
    ['120', 120_000],
    ['-5', -5000],
    ['Wed, 01 Jul 2026 00:00:30 GMT', 30_000],
    ['Tue, 30 Jun 2026 23:59:00 GMT', -60_000],
    ['later', undefined],
    [undefined, undefined],
  ])('%s', (text, ms) => {
    expect(parseRetryAfter(text, now)).toBe(ms);
  });
});
