import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../errors.js';
import type { ReplayItem } from './replay-item.js';
import type { Sender } from './send-push.js';

/** What became of one push. */
export interface ReplayVerdict {
  readonly kind: 'ReplayVerdict';
  readonly label: string;
  /** HTTP status; `undefined` when there was no answer, or in a dry run. */
  readonly status?: number | undefined;
  /** Milliseconds. */
  readonly latencyMs?: number | undefined;
  readonly ok: boolean;
  /** Why it is not ok. */
  readonly reason?: string | undefined;
  /** Present in a dry run: nothing was sent. */
  readonly dryRun?: true | undefined;
}

/** The time of a replay: monotonic milliseconds and waiting. */
export interface ReplayClock {
  readonly milliseconds: () => number;
  /** Waits; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** How saved pushes are sent again. */
export interface ReplayOptions {
  readonly items: Iterable<ReplayItem> | AsyncIterable<ReplayItem>;
  readonly sender: Sender;
  /** Most pushes a second; no limit unless given. */
  readonly ratePerSecond?: number | undefined;
  /** `1x` keeps the pauses between the saved arrivals, `10x` a tenth of them, `max` none (the default). */
  readonly speed?: '1x' | '10x' | 'max' | undefined;
  /** Pushes under way at once, from 1; those of one call or SMS stay in order all the same. */
  readonly concurrency: number;
  /** The status that is ok; any 2xx unless given. */
  readonly expectStatus?: number | undefined;
  /** A slower answer is not ok. */
  readonly maxLatencyMs?: number | undefined;
  /** Sends nothing and gives the verdict `ok` for each push. */
  readonly dryRun?: boolean | undefined;
  readonly signal: AbortSignal;
  /** The real one unless given. */
  readonly clock?: ReplayClock | undefined;
}

const REAL_CLOCK: ReplayClock = {
  milliseconds: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, { signal });
  },
};

const SPEEDS = { '1x': 1, '10x': 10, max: Number.POSITIVE_INFINITY } as const;

/**
 * Sends pushes and gives a verdict for each, in the order of the items. A push that fails is a verdict, not an error.
 * Whoever stops reading stops the replay: what is under way is given up.
 * @throws the signal's reason once it aborts.
 */
export async function* replayPushes(options: ReplayOptions): AsyncGenerator<ReplayVerdict> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const pacer = new Pacer(options);
  const sessions = new Sessions();
  const pending: Promise<ReplayVerdict>[] = [];
  try {
    for await (const item of options.items) {
      signal.throwIfAborted();
      if (options.dryRun === true) {
        yield { kind: 'ReplayVerdict', label: item.label, ok: true, dryRun: true };
        continue;
      }
      yield* firstDoneBefore(pacer.wait(item, signal), pending);
      pending.push(sessions.after(item.sessionKeys, () => deliver(item, { ...options, signal })));
      while (pending.length >= Math.max(1, options.concurrency)) yield await takeFirst(pending);
    }
    while (pending.length > 0) yield await takeFirst(pending);
    options.signal.throwIfAborted();
  } finally {
    stop.abort();
    await Promise.allSettled(pending);
  }
}

/** Gives the verdicts that are ready, in order, until `due`. */
async function* firstDoneBefore(due: Promise<void>, pending: Promise<ReplayVerdict>[]): AsyncGenerator<ReplayVerdict> {
  const isDue = due.then(() => 'due' as const);
  // Looked at again below; without this a reader who stops meanwhile would leave a rejection unhandled.
  isDue.catch(() => undefined);
  while (pending[0] !== undefined) {
    const first = await Promise.race([isDue, pending[0]]);
    if (first === 'due') return;
    yield await takeFirst(pending);
  }
  await isDue;
}

async function takeFirst(pending: Promise<ReplayVerdict>[]): Promise<ReplayVerdict> {
  const verdict = await pending.shift();
  if (verdict === undefined) throw new AppError('internal', 'replay: a verdict is missing');
  return verdict;
}

async function deliver(item: ReplayItem, options: ReplayOptions): Promise<ReplayVerdict> {
  const { label } = item;
  try {
    const { status, latencyMs } = await options.sender.send(item, options.signal);
    const reason = complaint(options, status, latencyMs);
    return { kind: 'ReplayVerdict', label, status, latencyMs, ok: reason === undefined, reason };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    return { kind: 'ReplayVerdict', label, ok: false, reason: error.message };
  }
}

function complaint(options: ReplayOptions, status: number, latencyMs: number): string | undefined {
  const { expectStatus, maxLatencyMs } = options;
  if (expectStatus === undefined && (status < 200 || status > 299)) return `HTTP ${status}`;
  if (expectStatus !== undefined && status !== expectStatus) return `HTTP ${status}, not ${expectStatus}`;
  if (maxLatencyMs !== undefined && latencyMs > maxLatencyMs) {
    return `${Math.round(latencyMs)} ms, more than ${maxLatencyMs}`;
  }
  return undefined;
}

/** Starts the pushes of one session one after another. */
class Sessions {
  readonly #last = new Map<string, Promise<unknown>>();

  after(keys: readonly string[], start: () => Promise<ReplayVerdict>): Promise<ReplayVerdict> {
    const before = keys.map((key) => this.#last.get(key)).filter((last) => last !== undefined);
    const run = before.length === 0 ? start() : Promise.allSettled(before).then(start);
    const settled = run.catch(() => undefined);
    for (const key of keys) {
      this.#last.set(key, settled);
      void settled.then(() => {
        if (this.#last.get(key) === settled) this.#last.delete(key);
      });
    }
    return run;
  }
}

/** Says when the next push may leave, by rate and by the saved arrivals. */
class Pacer {
  readonly #clock: ReplayClock;
  readonly #gapMs: number;
  readonly #speed: number;
  #nextMs: number | undefined;
  #origin: { readonly arrivedMs: number; readonly sentMs: number } | undefined;

  constructor(options: ReplayOptions) {
    this.#clock = options.clock ?? REAL_CLOCK;
    this.#gapMs = options.ratePerSecond === undefined ? 0 : 1000 / options.ratePerSecond;
    this.#speed = SPEEDS[options.speed ?? 'max'];
  }

  async wait(item: ReplayItem, signal: AbortSignal): Promise<void> {
    const now = this.#clock.milliseconds();
    const at = Math.max(now, this.#nextMs ?? now, this.#dueByArrival(item, now));
    this.#nextMs = at + this.#gapMs;
    if (at > now) await this.#clock.sleep(at - now, signal);
  }

  #dueByArrival(item: ReplayItem, now: number): number {
    const arrivedMs = item.receivedAt?.getTime();
    if (arrivedMs === undefined || this.#speed === Number.POSITIVE_INFINITY) return now;
    this.#origin ??= { arrivedMs, sentMs: now };
    return this.#origin.sentMs + (arrivedMs - this.#origin.arrivedMs) / this.#speed;
  }
}
