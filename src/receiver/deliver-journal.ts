import { setTimeout as delay } from 'node:timers/promises';
import { wordsOfError } from '../domain/text-error.js';
import { pairOf, type TextPair } from '../domain/text-pair.js';
import { isAppError } from '../errors.js';
import type { JournalConsumer, StoredPush } from '../store/journal.js';
import { Attempts } from './attempts.js';
import {
  DELIVERY_LIMITS,
  type DeliveryCounts,
  type DeliveryLimits,
  type DeliveryOutcome,
  pauseMs,
} from './delivery.js';
import type { LimitedLog } from './limited-log.js';

/** Options of {@link deliverJournal}. */
export interface DeliveryOptions {
  /** How lines for people name it: `shop.example`. No secrets. */
  readonly label: string;
  readonly open: () => Promise<JournalConsumer>;
  /** Pushes that are not wanted count as done. */
  readonly wants: (push: StoredPush) => boolean;
  /** What a push is about: of pushes that share one, the next is handed on when the one before is settled. */
  readonly sessionsOf: (push: StoredPush) => readonly string[];
  /** Never rejects but when `signal` is aborted. */
  readonly deliver: (push: StoredPush, signal: AbortSignal) => Promise<DeliveryOutcome>;
  readonly counts: DeliveryCounts;
  /** Pushes handed on at once. */
  readonly concurrency: number;
  /** Ends it: what is under way gets `graceMs` more, the rest stays for the next run. */
  readonly signal: AbortSignal;
  /** Lines for people. */
  readonly log: LimitedLog;
  readonly limits?: Partial<DeliveryLimits> | undefined;
}

const UNREAD: TextPair = { zh: '无法读取推送日志', en: 'the journal could not be read' };

/**
 * Hands the pushes of the journal on until it is stopped, each at least once: order is kept within a session, a push that fails holds
 * up only its own session, and while nobody is there one push after another is tried. Never rejects.
 */
export async function deliverJournal(options: DeliveryOptions): Promise<void> {
  const limits = { ...DELIVERY_LIMITS, ...options.limits };
  const { signal, label, log } = options;
  const isStopped = (): boolean => signal.aborted;
  let standingBy = false;
  while (!isStopped()) {
    try {
      const consumer = await options.open();
      standingBy = false;
      await new Delivery(options, limits, consumer).run();
    } catch (error) {
      if (isStopped()) return;
      if (isAppError(error, 'storage-locked')) {
        if (!standingBy)
          log(
            {
              zh: `${label}：另一个进程在转发；本进程待命`,
              en: `${label}: another process hands pushes on; this one stands by`,
            },
            'stand by',
          );
        standingBy = true;
      } else {
        const why = isAppError(error) ? wordsOfError(error) : UNREAD;
        log({ zh: `${label}：${why.zh}；将重试`, en: `${label}: ${why.en}; trying again` }, 'journal');
      }
      await delay(limits.standByMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

class Delivery {
  readonly #options: DeliveryOptions;
  readonly #limits: DeliveryLimits;
  readonly #consumer: JournalConsumer;
  readonly #attempts: Attempts;
  /** Settles with the last push of each session. */
  readonly #sessions = new Map<string, Promise<void>>();
  readonly #working = new Set<Promise<void>>();
  /** Aborted when the time of grace is over. */
  readonly #cut = new AbortController();
  #held = 0;
  #heldBytes = 0;
  #roomMade: () => void = () => undefined;

  constructor(options: DeliveryOptions, limits: DeliveryLimits, consumer: JournalConsumer) {
    this.#options = options;
    this.#limits = limits;
    this.#consumer = consumer;
    this.#attempts = new Attempts({ concurrency: options.concurrency, signal: options.signal, ...limits });
  }

  async run(): Promise<void> {
    const { signal, wants } = this.#options;
    try {
      for await (const push of this.#consumer.pushes(signal)) {
        if (!wants(push)) {
          this.#consumer.settle(push.id);
          continue;
        }
        await this.#room(push.bytes.length);
        if (signal.aborted) break;
        this.#begin(push);
      }
    } finally {
      // Whatever ended the reading, nothing may be under way when another reading begins.
      this.#attempts.stop();
      const grace = setTimeout(() => {
        this.#cut.abort();
      }, this.#limits.graceMs);
      await Promise.all(this.#working);
      clearTimeout(grace);
      this.#options.counts.waiting = 0;
      await this.#consumer.close();
    }
  }

  #room(bytes: number): Promise<void> {
    const { heldPushes, heldBytes } = this.#limits;
    const hasRoom = (): boolean =>
      this.#held === 0 || (this.#held < heldPushes && this.#heldBytes + bytes <= heldBytes);
    const { signal } = this.#options;
    if (hasRoom() || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.#roomMade = () => undefined;
        resolve();
      };
      this.#roomMade = () => {
        if (hasRoom()) done();
      };
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #begin(push: StoredPush): void {
    const keys = this.#options.sessionsOf(push);
    const before = keys.map((key) => this.#sessions.get(key)).filter((last) => last !== undefined);
    this.#held += 1;
    this.#heldBytes += push.bytes.length;
    this.#options.counts.waiting += 1;
    const work = (before.length === 0 ? this.#handOn(push) : Promise.all(before).then(() => this.#handOn(push))).then(
      () => {
        this.#held -= 1;
        this.#heldBytes -= push.bytes.length;
        this.#options.counts.waiting -= 1;
        this.#working.delete(work);
        for (const key of keys) if (this.#sessions.get(key) === work) this.#sessions.delete(key);
        this.#roomMade();
      },
    );
    this.#working.add(work);
    for (const key of keys) this.#sessions.set(key, work);
  }

  /** Until it is settled, or the delivery is stopped. */
  async #handOn(push: StoredPush): Promise<void> {
    const { counts, label, log } = this.#options;
    const begunMs = performance.now();
    for (let tries = 0; ;) {
      const outcome = await this.#attempts.make(() => this.#options.deliver(push, this.#cut.signal));
      if (outcome === undefined) return;
      counts.reachable = outcome.state !== 'unreachable';
      if (outcome.state === 'done') {
        counts.delivered += 1;
        this.#consumer.settle(push.id);
        return;
      }
      const why = pairOf(outcome.reason);
      const over = performance.now() - begunMs >= this.#limits.giveUpMs;
      if (outcome.state === 'failed' || over) {
        counts.failed += 1;
        const what = outcome.state === 'failed' ? { zh: '失败', en: 'failed' } : { zh: '已放弃', en: 'is given up' };
        log(
          {
            zh: `${label}：推送 ${push.id} ${what.zh}：${why.zh}；它在推送日志中`,
            en: `${label}: push ${push.id} ${what.en}: ${why.en}; it is in the journal`,
          },
          'given up',
        );
        this.#consumer.settle(push.id);
        return;
      }
      counts.retried += 1;
      log({ zh: `${label}：${why.zh}；将重试`, en: `${label}: ${why.en}; trying again` }, 'again');
      if (outcome.state === 'unreachable') continue;
      tries += 1;
      await this.#attempts.pause(Math.max(pauseMs(tries, this.#limits), outcome.afterMs ?? 0));
    }
  }
}
