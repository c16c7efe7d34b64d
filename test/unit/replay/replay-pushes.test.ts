import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.js';
import {
  replayPushes,
  type ReplayClock,
  type ReplayOptions,
  type ReplayVerdict,
} from '../../../src/replay/replay-pushes.js';
import { failureOf } from '../bindings/memory-books.js';
import { pushItem } from './items.js';
import type { ReplayItem } from '../../../src/replay/replay-item.js';
import type { PushAnswer, Sender } from '../../../src/replay/send-push.js';

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
  return { concurrency: 1, signal: new AbortController().signal, ...more };
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

const THREE = ['1', '2', '3'].map((label) => pushItem(label));

describe('replayPushes', () => {
  it('gives a verdict for each push', async () => {
    const sender = quickTarget((label) =>
      label === '2'
        ? { status: 500 }
        : label === '3'
          ? new AppError('network-timeout', 'h: no answer')
          : { status: 204 },
    );
    expect(await run(options({ items: THREE, sender }))).toEqual([
      { kind: 'ReplayVerdict', label: '1', status: 204, latencyMs: 5, ok: true },
      { kind: 'ReplayVerdict', label: '2', status: 500, latencyMs: 5, ok: false, reason: 'HTTP 500' },
      { kind: 'ReplayVerdict', label: '3', ok: false, reason: 'h: no answer' },
    ]);
  });

  it.each([
    [{ expectStatus: 200 }, { status: 204 }, 'HTTP 204, not 200'],
    [{ expectStatus: 503 }, { status: 503 }, undefined],
    [{ maxLatencyMs: 100 }, { latencyMs: 100 }, undefined],
    [{ maxLatencyMs: 100 }, { latencyMs: 100.6 }, '101 ms, more than 100'],
    [{}, { status: 302 }, 'HTTP 302'],
  ])('judges with %o an answer of %o: %s', async (expectations, answer, reason) => {
    const [verdict] = await run(
      options({ items: [pushItem('1')], sender: quickTarget(() => answer), ...expectations }),
    );
    expect(verdict).toMatchObject({ ok: reason === undefined, reason });
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
    sender.answer('a1', new AppError('network-timeout', 'x'));
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
    await run(options({ items, sender: quickTarget(), speed, clock }));
    expect(clock.slept).toEqual(slept);
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
    expect(sender.sent).toEqual(['1', '2']);
  });
});
