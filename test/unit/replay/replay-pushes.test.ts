import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sameText } from '../../../src/domain/text-pair.js';
import { AppError } from '../../../src/errors.js';
import { buildJudge } from '../../../src/replay/judge-answer.js';
import type { ReplayClock } from '../../../src/replay/pacer.js';
import { platformRetries } from '../../../src/replay/platform-retries.js';
import { replayPushes, type ReplayOptions } from '../../../src/replay/replay-pushes.js';
import type { ReplayVerdict } from '../../../src/replay/replay-verdict.js';
import { failureOf } from '../bindings/memory-books.js';
import { pushItem } from './items.js';
import type { ReplayItem } from '../../../src/replay/replay-item.js';
import { NoAnswer, type PushAnswer, type Sender } from '../../../src/replay/send-push.js';

/** A target whose answers the test gives one by one. */
class SlowTarget implements Sender {
  readonly sent: string[] = [];
  readonly #waiting = new Map<string, (answer: PushAnswer | AppError) => void>();
  most = 0;

  send(item: ReplayItem, signal: AbortSignal): Promise<PushAnswer> {
    this.sent.push(item.label);
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      this.#waiting.set(item.label, (answer) => {
        if (answer instanceof AppError) reject(answer);
        else resolve(answer);
      });
      this.most = Math.max(this.most, this.#waiting.size);
    });
  }

  answer(label: string, answer: Partial<PushAnswer> | AppError = {}): void {
    const give = this.#waiting.get(label);
    this.#waiting.delete(label);
    give?.(answer instanceof AppError ? answer : { status: 200, bodyText: '', latencyMs: 5, ...answer });
  }

  close(): void {
    this.#waiting.clear();
  }
}

/** A target that answers at once. */
function quickTarget(
  answerOf: (label: string) => Partial<PushAnswer> | AppError = () => ({}),
): Sender & { sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    send: ({ label }) => {
      sent.push(label);
      const answer = answerOf(label);
      if (answer instanceof AppError) return Promise.reject(answer);
      return Promise.resolve({ status: 200, bodyText: '', latencyMs: 5, ...answer });
    },
    close: () => undefined,
  };
}

/** Time that passes only by sleeping. */
function fakeClock(): ReplayClock & { slept: number[] } {
  let now = 1000;
  const slept: number[] = [];
  return {
    slept,
    milliseconds: () => now,
    sleep: (milliseconds) => {
      slept.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

function options(more: Pick<ReplayOptions, 'items' | 'sender'> & Partial<ReplayOptions>): ReplayOptions {
  return { concurrency: 1, judge: buildJudge({}), lang: 'en', signal: new AbortController().signal, ...more };
}

async function run(replay: ReplayOptions): Promise<ReplayVerdict[]> {
  const verdicts: ReplayVerdict[] = [];
  for await (const verdict of replayPushes(replay)) verdicts.push(verdict);
  return verdicts;
}

/** Lets everything go on that can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const SPEEDS = { '1x': 1, '10x': 10, max: undefined } as const;
const THREE = ['1', '2', '3'].map((label) => pushItem(label));

describe('replayPushes', () => {
  it('gives a verdict for each push', async () => {
    const sender = quickTarget((label) =>
      label === '2'
        ? { status: 500 }
        : label === '3'
          ? new NoAnswer('network-timeout', { zh: 'h 没有应答', en: 'h: no answer' })
          : { status: 204 },
    );
    expect(await run(options({ items: THREE, sender }))).toEqual([
      { kind: 'ReplayVerdict', label: '1', status: 204, latencyMs: 5, ok: true },
      { kind: 'ReplayVerdict', label: '2', status: 500, latencyMs: 5, ok: false, reason: 'HTTP 500' },
      { kind: 'ReplayVerdict', label: '3', ok: false, reason: 'h: no answer' },
    ]);
  });

  it('sends nothing in a dry run', async () => {
    const sender = quickTarget();
    expect(await run(options({ items: THREE.slice(0, 1), sender, dryRun: true }))).toEqual([
      { kind: 'ReplayVerdict', label: '1', ok: true, dryRun: true },
    ]);
    expect(sender.sent).toEqual([]);
  });

  it('keeps to its concurrency and gives verdicts in order', async () => {
    const sender = new SlowTarget();
    const labels = ['1', '2', '3', '4'];
    const running = run(options({ items: labels.map((label) => pushItem(label)), sender, concurrency: 2 }));
    await settle();
    expect(sender.sent).toEqual(['1', '2']);
    sender.answer('2', { status: 202 });
    sender.answer('1');
    await settle();
    sender.answer('3');
    sender.answer('4');
    await settle();
    sender.answer('4');
    expect((await running).map(({ label, status }) => [label, status])).toEqual([
      ['1', 200],
      ['2', 202],
      ['3', 200],
      ['4', 200],
    ]);
    expect(sender.most).toBe(2);
  });

  it('keeps the order of one call, also through a push of several calls', async () => {
    const sender = new SlowTarget();
    const items = [
      pushItem('a1', { sessionKeys: ['a'] }),
      pushItem('b1', { sessionKeys: ['b'] }),
      pushItem('fees', { sessionKeys: ['a', 'b'] }),
      pushItem('b2', { sessionKeys: ['b'] }),
      pushItem('c1', { sessionKeys: ['c'] }),
    ];
    const running = run(options({ items, sender, concurrency: 5 }));
    await settle();
    expect(sender.sent).toEqual(['a1', 'b1', 'c1']);
    sender.answer('a1', new NoAnswer('network-timeout', sameText('x')));
    await settle();
    expect(sender.sent).toHaveLength(3);
    sender.answer('b1');
    await settle();
    expect(sender.sent.at(-1)).toBe('fees');
    sender.answer('fees');
    sender.answer('c1');
    await settle();
    expect(sender.sent.at(-1)).toBe('b2');
    sender.answer('b2');
    expect((await running).map(({ label }) => label)).toEqual(['a1', 'b1', 'fees', 'b2', 'c1']);
  });

  it('keeps to its rate', async () => {
    const clock = fakeClock();
    await run(options({ items: THREE, sender: quickTarget(), ratePerSecond: 4, clock }));
    expect(clock.slept).toEqual([250, 250]);
  });

  it.each([
    ['1x', [2000, 500]],
    ['10x', [200, 50]],
    ['max', []],
  ] as const)('keeps the pauses at speed %s', async (speed, slept) => {
    const clock = fakeClock();
    const at = (ms: number): Date => new Date(Date.UTC(2026, 6, 20) + ms);
    const items = [
      pushItem('1', { receivedAt: at(0) }),
      pushItem('2', { receivedAt: at(2000) }),
      pushItem('3', { receivedAt: at(2500) }),
      pushItem('4', { receivedAt: at(1000) }),
      pushItem('5'),
    ];
    await run(options({ items, sender: quickTarget(), speed: SPEEDS[speed], clock }));
    expect(clock.slept).toEqual(slept);
  });

  it.each([
    ['sent once', undefined],
    ['that wait for their next try', platformRetries(1)],
  ])('holds 32 MiB of pushes %s, however few they are', async (_, retryAfterMs) => {
    const sender = new SlowTarget();
    const size = 1024 * 1024;
    let read = 0;
    const items = (function* () {
      for (; read < 100;) {
        read += 1;
        yield pushItem(String(read), { bytes: Buffer.alloc(size, 0x20) });
      }
    })();
    const running = run(options({ items, sender, concurrency: 64, retryAfterMs }));
    await settle();
    expect(read).toBe(33);
    sender.answer('2');
    await settle();
    expect(read).toBe(34);
    for (let label = 1; label <= 100; label += 1) {
      await settle();
      sender.answer(String(label));
    }
    expect(await running).toHaveLength(100);
  });

  it('holds no more than its own bytes of a push that waits for its next try', async () => {
    const held: number[] = [];
    const sender: Sender = {
      send: ({ bytes }) => {
        held.push(bytes.buffer.byteLength);
        return Promise.resolve({ status: 200, bodyText: '', latencyMs: 5 });
      },
      close: () => undefined,
    };
    const chunk = Buffer.alloc(256 * 1024, 0x20);
    await run(options({ items: [pushItem('1', { bytes: chunk.subarray(7, 17) })], sender, retryAfterMs: [] }));
    expect(held).toEqual([10]);
  });

  it('gives a verdict that is there while the next push has to wait', async () => {
    const never: ReplayClock = {
      milliseconds: () => 0,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        }),
    };
    const replay = replayPushes(
      options({ items: THREE, sender: quickTarget(), concurrency: 3, ratePerSecond: 1, clock: never }),
    );
    expect((await replay.next()).value).toMatchObject({ label: '1', ok: true });
    await replay.return(undefined);
  });

  it('keeps a pause of a month: the next push does not leave with the first', async () => {
    const stop = new AbortController();
    const at = (receivedAt: string): Partial<ReplayItem> => ({ receivedAt: new Date(receivedAt) });
    const items = [pushItem('1', at('2026-10-01T00:00:00Z')), pushItem('2', at('2026-11-01T00:00:00Z'))];
    const sender = quickTarget();
    const running = run(options({ items, sender, speed: 1, signal: stop.signal }));
    await Promise.race([running, delay(50)]);
    expect(sender.sent).toEqual(['1']);
    stop.abort(new AppError('interrupted', 'stopped'));
    expect((await failureOf(running)).code).toBe('interrupted');
  });

  it('stops with the reason it is told', async () => {
    const stop = new AbortController();
    const sender = new SlowTarget();
    const running = run(options({ items: THREE, sender, concurrency: 2, signal: stop.signal }));
    await settle();
    stop.abort(new AppError('interrupted', 'stopped'));
    expect((await failureOf(running)).code).toBe('interrupted');
    expect(sender.sent).toEqual(['1', '2']);
  });

  it('gives up what is under way when the reader stops', async () => {
    const sender = new SlowTarget();
    const replay = replayPushes(options({ items: THREE, sender, concurrency: 2 }));
    const first = replay.next();
    await settle();
    sender.answer('1');
    expect((await first).value).toMatchObject({ label: '1' });
    await replay.return(undefined);
    const { length } = sender.sent;
    sender.answer('2');
    sender.answer('3');
    await settle();
    expect(sender.sent).toHaveLength(length);
    expect((await replay.next()).done).toBe(true);
  });

  it("tries again by the platform's timetable, counted from the first try", async () => {
    const clock = fakeClock();
    const tries: number[] = [];
    let left = 3;
    const sender: Sender = {
      send: () => {
        tries.push(clock.milliseconds());
        left -= 1;
        const status = left >= 0 ? 500 : 200;
        return Promise.resolve({ status, bodyText: '', latencyMs: 5 });
      },
      close: () => undefined,
    };
    const verdicts = await run(options({ items: [pushItem('1')], sender, clock, retryAfterMs: platformRetries(600) }));
    expect(verdicts).toEqual([{ kind: 'ReplayVerdict', label: '1', status: 200, latencyMs: 5, ok: true, attempts: 4 }]);
    expect(tries.map((at) => at - 1000)).toEqual([0, 100, 400, 900]);
    expect(platformRetries()).toEqual([60_000, 240_000, 540_000, 6_360_000, 12_180_000, 18_000_000]);
  });

  it('gives a push up after seven tries, and the call of a Block callin after one', async () => {
    const block = '{"eventType":"callin","statusInfo":{"sessionId":"s2","notifyMode":"Block"}}';
    const items = [pushItem('1', { sessionKeys: ['s1'] }), pushItem('2', { bytes: Buffer.from(block) })];
    const sender = quickTarget(() => ({ status: 503 }));
    const verdicts = await run(
      options({ items, sender, clock: fakeClock(), retryAfterMs: platformRetries(), concurrency: 2 }),
    );
    expect(verdicts.map(({ label, attempts, ok }) => [label, attempts, ok])).toEqual([
      ['2', 1, false],
      ['1', 7, false],
    ]);
  });

  it('sends others, but nothing of the same call, while a push waits for its next try', async () => {
    const failedOnce = new Set<string>();
    const sender = quickTarget((label) => {
      if (label !== 'a1' || failedOnce.has(label)) return {};
      failedOnce.add(label);
      return { status: 500 };
    });
    const items = [
      pushItem('a1', { sessionKeys: ['a'] }),
      pushItem('a2', { sessionKeys: ['a'] }),
      pushItem('b1', { sessionKeys: ['b'] }),
    ];
    const verdicts = await run(options({ items, sender, retryAfterMs: [20] }));
    expect(sender.sent).toEqual(['a1', 'b1', 'a1', 'a2']);
    expect(verdicts.map(({ label }) => label)).toEqual(['b1', 'a1', 'a2']);
  });

  it('stops while pushes wait for their next try and others wait for them', async () => {
    const stop = new AbortController();
    const sender = quickTarget(() => ({ status: 500 }));
    const items = ['a1', 'a2', 'a3'].map((label) => pushItem(label, { sessionKeys: ['a'] }));
    const running = run(options({ items, sender, retryAfterMs: [60_000], signal: stop.signal }));
    await settle();
    stop.abort(new AppError('interrupted', 'stopped'));
    expect((await failureOf(running)).code).toBe('interrupted');
    expect(sender.sent).toEqual(['a1']);
  });

  it('keeps the order of all with one slot, whatever the calls', async () => {
    const items = ['a', 'a', 'b', 'a', 'c', 'b', 'c'].map((key, index) =>
      pushItem(`${key}${index}`, { sessionKeys: [key] }),
    );
    for (const retryAfterMs of [undefined, [10]]) {
      const sender = quickTarget();
      await run(options({ items, sender, retryAfterMs }));
      expect(sender.sent).toEqual(items.map(({ label }) => label));
    }
  });

  it('tells of each verdict before it is given, and ends with what that throws', async () => {
    const told: string[] = [];
    const items = THREE.map((item, index) => ({ ...item, number: index + 1 }));
    const onVerdict = ({ number }: ReplayItem, { label }: ReplayVerdict): undefined => {
      told.push(`${String(number)}=${label}`);
    };
    await run(options({ items, sender: quickTarget(), onVerdict }));
    expect(told).toEqual(['1=1', '2=2', '3=3']);
    const refuse = (): never => {
      throw new AppError('disk-full', 'full');
    };
    expect((await failureOf(run(options({ items, sender: quickTarget(), onVerdict: refuse })))).code).toBe('disk-full');
  });
});
