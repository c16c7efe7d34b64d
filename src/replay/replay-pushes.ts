import { setMaxListeners } from 'node:events';
import { blockQuestionOf } from './block-answer.js';
import type { Judge } from './judge-answer.js';
import { Outbox } from './outbox.js';
import { Pacer, REAL_CLOCK, type ReplayClock } from './pacer.js';
import type { ReplayItem } from './replay-item.js';
import type { ReplayVerdict } from './replay-verdict.js';
import { NoAnswer, type Sender } from './send-push.js';
import { type Turn, Turns } from './turns.js';

/** How saved pushes are sent again. */
export interface ReplayOptions {
  readonly items: Iterable<ReplayItem> | AsyncIterable<ReplayItem>;
  readonly sender: Sender;
  readonly judge: Judge;
  /** Language of the reasons. */
  readonly lang: 'zh' | 'en';
  /** Most pushes a second; no limit unless given. */
  readonly ratePerSecond?: number | undefined;
  /** The pauses between the saved arrivals are divided by it; none are kept unless given. */
  readonly speed?: number | undefined;
  /** Pushes under way at once, from 1; those of one call or SMS stay in order all the same. */
  readonly concurrency: number;
  /**
   * What is not answered with HTTP 200 is sent again so many milliseconds after its first try; meanwhile others are sent, but none of
   * the same call or SMS. A Block `callin` is never sent again: its call is over. Without it each push is sent once.
   */
  readonly retryAfterMs?: readonly number[] | undefined;
  /** Told of each verdict as soon as it is known, before it is given, and waited for. What it throws ends the replay. */
  readonly onVerdict?: ((item: ReplayItem, verdict: ReplayVerdict) => Promise<void> | undefined) | undefined;
  /** Sends nothing and gives the verdict `ok` for each push. */
  readonly dryRun?: boolean | undefined;
  readonly signal: AbortSignal;
  /** The real one unless given. */
  readonly clock?: ReplayClock | undefined;
}

/** Pushes read ahead for each one under way: those of one call must wait for each other, those of others need not. */
const READ_AHEAD = 16;
/** Pushes held in memory while they wait for their next try. */
const MOST_WAITING = 10_000;
/** Bytes of pushes held while they are under way or wait; beyond it none is read until one is settled. */
const HELD_BYTES = 32 * 1024 * 1024;
/** What a push may keep alive beside its own bytes; Node 20 cuts small buffers from pools of this size. */
const SPARE_BYTES = 8192;

/**
 * Sends pushes and gives a verdict for each: in the order of the items, or as they come where pushes are tried again. A push that
 * fails is a verdict, not an error. Whoever stops reading stops the replay: what is under way is given up.
 * @throws the signal's reason once it aborts.
 */
export async function* replayPushes(options: ReplayOptions): AsyncGenerator<ReplayVerdict> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // Every push that waits for its next try listens to it; Node.js would warn of a leak on stderr.
  setMaxListeners(0, signal);
  const delivery = new Delivery({ ...options, signal });
  const pacer = new Pacer({ ...options, clock: delivery.clock });
  const turns = new Turns(options.concurrency);
  const outbox = new Outbox(options.retryAfterMs === undefined);
  const most = options.retryAfterMs === undefined ? Math.max(1, options.concurrency) * READ_AHEAD : MOST_WAITING;
  try {
    for await (const item of options.items) {
      signal.throwIfAborted();
      if (options.dryRun === true) {
        const { label, refused: reason } = item;
        yield { kind: 'ReplayVerdict', label, ok: reason === undefined, reason, dryRun: true };
        continue;
      }
      const due = pacer.wait(item, signal);
      if (due !== undefined) yield* takenUntil(due, outbox);
      outbox.add(
        delivery.deliver(options.retryAfterMs === undefined ? item : cutLoose(item), turns.enter(item.sessionKeys)),
      );
      yield* outbox.take();
      while (outbox.size >= most || delivery.heldBytes > HELD_BYTES) {
        await outbox.changed();
        yield* outbox.take();
      }
    }
    while (outbox.size > 0) {
      await outbox.changed();
      yield* outbox.take();
    }
    options.signal.throwIfAborted();
  } finally {
    stop.abort();
    await delivery.ended();
  }
}

/** A few bytes may be a part of the chunk of the file they were read in: it would stay in memory as long as they wait. */
function cutLoose(item: ReplayItem): ReplayItem {
  const { bytes } = item;
  if (bytes.buffer.byteLength <= 2 * bytes.length + SPARE_BYTES) return item;
  // Not out of Node's pool, which is 64 KiB from Node 24 on.
  const own = Buffer.allocUnsafeSlow(bytes.length);
  own.set(bytes);
  return { ...item, bytes: own };
}

/** Gives the verdicts that come until `due`. */
async function* takenUntil(due: Promise<void>, outbox: Outbox): AsyncGenerator<ReplayVerdict> {
  let isDue = false;
  const end = due.then(() => {
    isDue = true;
  });
  // Looked at again below; without this a reader who stops meanwhile would leave a rejection unhandled.
  end.catch(() => undefined);
  const over = (): boolean => isDue;
  while (!over() && outbox.size > 0) {
    await Promise.race([end, outbox.changed()]);
    yield* outbox.take();
  }
  await end;
}

/** Sends each push when it is its turn, again where it must be. */
class Delivery {
  readonly clock: ReplayClock;
  readonly #options: ReplayOptions;
  readonly #running = new Set<Promise<unknown>>();
  #heldBytes = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.clock = options.clock ?? REAL_CLOCK;
  }

  /** Of the pushes that are not settled. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  deliver(item: ReplayItem, turn: Turn): Promise<ReplayVerdict> {
    this.#heldBytes += item.bytes.length;
    // Given back before the verdict is seen: whoever waits for room looks again then.
    const run = this.#deliver(item, turn).finally(() => {
      this.#heldBytes -= item.bytes.length;
    });
    const settled = run.catch(() => undefined);
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    return run;
  }

  /** Resolves when nothing is under way. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #deliver(item: ReplayItem, turn: Turn): Promise<ReplayVerdict> {
    const { retryAfterMs, signal } = this.#options;
    const isOnce = item.refused !== undefined || blockQuestionOf(item.bytes)?.about === 'call';
    const retries = isOnce ? [] : (retryAfterMs ?? []);
    let firstAt: number | undefined;
    for (let attempts = 1; ; attempts += 1) {
      await turn.slot();
      let nextAfterMs: number | undefined;
      try {
        signal.throwIfAborted();
        firstAt ??= this.clock.milliseconds();
        const verdict = await this.#try(item);
        nextAfterMs = verdict.status === 200 ? undefined : retries[attempts - 1];
        if (nextAfterMs === undefined) {
          const final = retryAfterMs === undefined ? verdict : { ...verdict, attempts };
          await this.#options.onVerdict?.(item, final);
          return final;
        }
      } finally {
        if (nextAfterMs === undefined) turn.end();
        else turn.pause();
      }
      const leftMs = Math.max(0, firstAt + nextAfterMs - this.clock.milliseconds());
      await this.clock.sleep(leftMs, signal).catch((error: unknown) => {
        turn.leave();
        throw error;
      });
    }
  }

  async #try(item: ReplayItem): Promise<ReplayVerdict> {
    const { sender, judge, signal, lang } = this.#options;
    const { label, refused } = item;
    if (refused !== undefined) return { kind: 'ReplayVerdict', label, ok: false, reason: refused };
    try {
      const answer = await sender.send(item, signal);
      const { status, latencyMs } = answer;
      const reason = judge(item, answer)?.[lang];
      return { kind: 'ReplayVerdict', label, status, latencyMs, ok: reason === undefined, reason };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NoAnswer)) throw error;
      return { kind: 'ReplayVerdict', label, ok: false, reason: error.words[lang] };
    }
  }
}
