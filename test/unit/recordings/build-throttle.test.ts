import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPause } from '../../../src/recordings/build-pause.js';
import { buildThrottle } from '../../../src/recordings/build-throttle.js';

/** A clock that only a sleep moves on. */
function sleeper(): {
  milliseconds: () => number;
  sleep: (wait: number, signal: AbortSignal) => Promise<void>;
  slept: number[];
} {
  let now = 5000;
  const slept: number[] = [];
  return {
    milliseconds: () => now,
    sleep: (wait) => {
      slept.push(wait);
      now += wait;
      return Promise.resolve();
    },
    slept,
  };
}

const { signal } = new AbortController();

describe('buildThrottle', () => {
  it('lets a second’s worth through at once, then keeps the rate', async () => {
    const clock = sleeper();
    const throttle = buildThrottle({ bytesPerSecond: 1000, ...clock });
    await throttle(1000, signal);
    expect(clock.slept).toEqual([]);
    await throttle(500, signal);
    await throttle(250, signal);
    expect(clock.slept).toEqual([500, 250]);
  });

  it('never passes the rate over any stretch, whatever the pieces are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 100, max: 100_000 }),
        async (pieces, bytesPerSecond) => {
          const clock = sleeper();
          const start = clock.milliseconds();
          const throttle = buildThrottle({ bytesPerSecond, ...clock });
          let bytes = 0;
          for (const piece of pieces) {
            await throttle(piece, signal);
            bytes += piece;
            const allowed = bytesPerSecond * (1 + (clock.milliseconds() - start) / 1000);
            expect(bytes).toBeLessThanOrEqual(allowed + 1);
          }
          // And it is no slower than asked: a piece waits for a whole millisecond at most.
          const needed = (bytes / bytesPerSecond - 1) * 1000;
          expect(clock.milliseconds() - start).toBeLessThanOrEqual(Math.max(0, needed) + pieces.length);
        },
      ),
    );
  });

  it('shares one rate among all who ask at once', async () => {
    const clock = sleeper();
    const throttle = buildThrottle({ bytesPerSecond: 1000, ...clock });
    const start = clock.milliseconds();
    await Promise.all([1, 2, 3, 4].map(() => throttle(1000, signal)));
    expect(clock.milliseconds() - start).toBe(3000);
  });

  it('stops waiting when it is told to', async () => {
    const clock = sleeper();
    const throttle = buildThrottle({ bytesPerSecond: 1, ...clock });
    await expect(throttle(99, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});

describe('buildPause', () => {
  it('holds everybody until the longest pause is over', async () => {
    const clock = sleeper();
    const pause = buildPause(clock.milliseconds, clock.sleep);
    await pause.ready(signal);
    expect(clock.slept).toEqual([]);
    pause.hold(2000);
    pause.hold(500);
    pause.hold(-1);
    await pause.ready(signal);
    await pause.ready(signal);
    expect(clock.slept).toEqual([2000]);
  });

  it('goes on waiting when the pause was made longer meanwhile', async () => {
    let now = 0;
    const pause = buildPause(
      () => now,
      (wait) => {
        if (now === 0) pause.hold(3000);
        now += wait;
        return Promise.resolve();
      },
    );
    pause.hold(1000);
    await pause.ready(signal);
    expect(now).toBe(3000);
  });

  it('stops waiting when it is told to', async () => {
    const clock = sleeper();
    const pause = buildPause(clock.milliseconds, clock.sleep);
    pause.hold(1000);
    await expect(pause.ready(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
