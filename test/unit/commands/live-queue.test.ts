import { describe, expect, it } from 'vitest';
import { LiveQueue } from '../../../src/commands/live-queue.js';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('LiveQueue', () => {
  it('gives the first ones, what was pushed before, and what comes later, in order', async () => {
    const stop = new AbortController();
    const queue = new LiveQueue<number>(stop.signal);
    queue.push(2);
    const items = queue.from([1])[Symbol.asyncIterator]();
    expect(await items.next()).toEqual({ value: 1, done: false });
    expect(await items.next()).toEqual({ value: 2, done: false });
    const third = items.next();
    queue.push(3);
    expect(await third).toEqual({ value: 3, done: false });
  });

  it('ends once the signal aborts while it waits', async () => {
    const stop = new AbortController();
    const items = new LiveQueue<number>(stop.signal).from([])[Symbol.asyncIterator]();
    const next = items.next();
    stop.abort();
    expect(await next).toEqual({ value: undefined, done: true });
  });

  it('gives what came before the end', async () => {
    const stop = new AbortController();
    const queue = new LiveQueue<number>(stop.signal);
    queue.push(1);
    stop.abort();
    queue.push(2);
    expect(await all(queue.from([0]))).toEqual([0, 1, 2]);
  });

  it('leaves no listener behind', async () => {
    const stop = new AbortController();
    let listeners = 0;
    const signal = new Proxy(stop.signal, {
      get: (target, name) => {
        if (name === 'addEventListener') listeners += 1;
        if (name === 'removeEventListener') listeners -= 1;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    const queue = new LiveQueue<number>(signal);
    const items = queue.from([])[Symbol.asyncIterator]();
    for (let index = 0; index < 20; index += 1) {
      const next = items.next();
      queue.push(index);
      await next;
    }
    expect(listeners).toBe(0);
  });

  it('gathers what comes right after a batch, and keeps back neither the first item nor the last', async () => {
    const stop = new AbortController();
    const batches = new LiveQueue<number>(stop.signal, { gatherMs: 60_000 });
    const reader = batches.from([]).batches()[Symbol.asyncIterator]();
    const first = reader.next();
    batches.push(1);
    expect((await first).value).toEqual([1]);
    const second = reader.next();
    batches.push(2);
    await new Promise((resolve) => setImmediate(resolve));
    batches.push(3);
    stop.abort();
    expect((await second).value).toEqual([2, 3]);
    expect((await reader.next()).done).toBe(true);
  });
});
