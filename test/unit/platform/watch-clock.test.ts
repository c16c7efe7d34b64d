import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Transport, WireRequest } from '../../../src/platform/transport.js';
import { watchClock } from '../../../src/platform/watch-clock.js';

const OURS = new Date('2026-11-22T08:00:00Z');
const REQUEST: WireRequest = {
  method: 'GET',
  url: new URL('https://example.com/'),
  headers: {},
  timeoutMs: 1000,
  signal: new AbortController().signal,
};

/** Answers with these heads, one after another. */
function answering(...heads: Record<string, string>[]): Transport {
  return { send: () => Promise.resolve({ status: 200, headers: heads.shift() ?? {}, body: Readable.from([]) }) };
}

describe('watchClock', () => {
  it.each([
    ['no Date', {}, 0],
    ['a Date that is none', { date: 'soon' }, 0],
    ['less than a minute', { date: 'Sun, 22 Nov 2026 08:00:59 GMT' }, 0],
    ['ten minutes ahead', { date: 'Sun, 22 Nov 2026 08:10:00 GMT' }, 600_000],
    ['a day behind', { date: 'Sat, 21 Nov 2026 08:00:00 GMT' }, -86_400_000],
    ['an answer from a cache', { date: 'Sat, 21 Nov 2026 08:00:00 GMT', age: '86400' }, 0],
  ])('%s', async (_, headers, skewMs) => {
    const { transport, platformNow } = watchClock(answering(headers), () => OURS);
    expect(platformNow()).toEqual(OURS);
    await transport.send(REQUEST);
    expect(platformNow().getTime() - OURS.getTime()).toBe(skewMs);
  });

  it('D20 counts each answer anew, so that our clock may be set in between', async () => {
    const date = 'Sun, 22 Nov 2026 08:00:00 GMT';
    let ours = OURS;
    const { transport, platformNow } = watchClock(answering({ date }, { date }, { date }), () => ours);
    for (const hours of [0, -24, 24]) {
      ours = new Date(OURS.getTime() + hours * 3_600_000);
      await transport.send(REQUEST);
      expect(platformNow()).toEqual(OURS);
    }
  });
});
