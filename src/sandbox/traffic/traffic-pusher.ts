import { type Deliver, signDelivery } from '../deliver.js';
import { takePushFault } from '../faults.js';
import { RETRY_MINUTES } from '../push-queue.js';
import type { QueuedPush, SandboxApplication, SandboxState } from '../state.js';
import type { Slots } from './slots.js';
import type { TrafficFigures } from './traffic-figures.js';

/** Pushes that may wait for their next try: about 20 MB of them. */
const MOST_WAITING = 20_000;

/** How a {@link TrafficPusher} sends. */
export interface PusherOptions {
  readonly state: SandboxState;
  readonly application: SandboxApplication;
  readonly deliver: Deliver;
  /** The host's time, for signatures. */
  readonly hostNow: () => Date;
  /** A clock that only goes on, milliseconds. */
  readonly milliseconds: () => number;
  readonly slots: Slots;
  readonly figures: TrafficFigures;
  /** Once aborted nothing more is sent; what is on its way comes to its end. */
  readonly signal: AbortSignal;
  /** Told of each answer, whatever its status. */
  readonly onAnswer: (latencyMs: number) => void;
}

interface Waiting {
  readonly push: QueuedPush;
  readonly firstMs: number;
  readonly dueMs: number;
}

/** Sends the pushes of a run, and again by the platform's timetable what was not answered with 200. */
export class TrafficPusher {
  readonly #options: PusherOptions;
  /** By how often a push was tried: in each of them they fall due in the order in which they came. */
  readonly #waiting: Waiting[][] = RETRY_MINUTES.map(() => []);

  constructor(options: PusherOptions) {
    this.#options = options;
  }

  /** Pushes that wait for their next try. */
  get waiting(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  /** Sends pushes one after the other. Never rejects. */
  async send(pushes: readonly QueuedPush[]): Promise<void> {
    const { figures, signal, state, milliseconds } = this.#options;
    const isOver = (): boolean => signal.aborted;
    for (const push of pushes) {
      figures.pushes += 1;
      if (isOver()) {
        figures.waiting += 1;
        continue;
      }
      const firstMs = milliseconds();
      await this.#try(push, firstMs);
      if (isOver() || !takePushFault(state, push.url)) continue;
      figures.copies += 1;
      await this.#deliver(push);
    }
  }

  /** Starts the tries that are due. Resolves when each has its place. */
  async retryDue(): Promise<void> {
    const { slots, figures, milliseconds, signal } = this.#options;
    const now = milliseconds();
    for (const queue of this.#waiting) {
      for (let first = queue[0]; first !== undefined && first.dueMs <= now && !signal.aborted; first = queue[0]) {
        queue.shift();
        const { push, firstMs } = first;
        figures.retried += 1;
        await slots.start(() => this.#try(push, firstMs));
      }
    }
  }

  async #try(push: QueuedPush, firstMs: number): Promise<void> {
    const { figures, state } = this.#options;
    const isAnswered = await this.#deliver(push);
    if (isAnswered) {
      figures.answered += 1;
      return;
    }
    const minutes = RETRY_MINUTES[push.attempts];
    const queue = this.#waiting[push.attempts];
    push.attempts += 1;
    if (minutes === undefined || queue === undefined || this.waiting >= MOST_WAITING) {
      figures.givenUp += 1;
      return;
    }
    queue.push({ push, firstMs, dueMs: firstMs + minutes * 60_000 * state.pushTimeScale });
  }

  async #deliver(push: QueuedPush): Promise<boolean> {
    const { application, deliver, figures, hostNow, milliseconds, onAnswer } = this.#options;
    figures.sent += 1;
    const start = milliseconds();
    try {
      const { status } = await deliver(signDelivery(application, push, hostNow()));
      onAnswer(milliseconds() - start);
      return status === 200;
    } catch {
      return false;
    }
  }
}
