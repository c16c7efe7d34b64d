import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sleep } from '../../src/sleep.js';

describe('sleep', () => {
  it('wakes when the time is over', async () => {
    const { signal } = new AbortController();
    await expect(sleep(5, signal)).resolves.toBeUndefined();
    await expect(sleep(0, signal)).resolves.toBeUndefined();
  });

  it.each([2 ** 31, 1e15, Number.POSITIVE_INFINITY])(
    'does not take %d ms for none, and ends with its signal',
    async (ms) => {
      const stop = new AbortController();
      const slept = sleep(ms, stop.signal);
      const first = await Promise.race([slept.then(() => 'awake'), delay(50).then(() => 'asleep')]);
      expect(first).toBe('asleep');
      stop.abort(new Error('asked to stop'));
      await expect(slept).rejects.toThrow('asked to stop');
    },
  );

  it('does not begin when its signal has aborted', async () => {
    await expect(sleep(5, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });
});
