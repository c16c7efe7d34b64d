import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import type { StateView } from '../control-client.js';
import { type Deliver, signDelivery } from '../deliver.js';
import type { RandomSource } from '../draw.js';
import { initialState } from '../initial-state.js';
import { makeCall } from '../make-call.js';
import { MOST_RECORDS } from '../push-queue.js';
import { type Ask, sendSms } from '../send-sms.js';
import { type SandboxApplication, type SandboxState, sandboxTime } from '../state.js';
import { drawCall, drawText } from './draw-act.js';
import { Slots } from './slots.js';
import { buildCast, type Cast } from './traffic-cast.js';
import { noFigures, type TrafficFigures } from './traffic-figures.js';
import { TrafficPusher } from './traffic-pusher.js';
import { nameTrafficRecording } from './traffic-recording.js';

/** CDRs wait so long for others to go out with. The platform's own figure is not published. */
const BATCH_MS = 1000;
const TICK_MS = 50;
/** What a run that fell behind makes up for at most; the rest is lost and shows in the rate reached. */
const MOST_BEHIND_MS = 1000;

/** What traffic is made, and how. */
export interface TrafficOptions {
  /** The sandbox as it is: bindings, numbers, clock and addresses come from it. It is not changed. */
  readonly view: StateView;
  readonly application: SandboxApplication;
  /** The same seed and the same sandbox give the same calls; sessions and other IDs differ by the time of the run. */
  readonly seed: number;
  /** Calls. */
  readonly ratePerSecond: number;
  readonly forMs: number;
  /** So long, after the last call, retries are waited for. */
  readonly drainMs: number;
  /** Calls and retries under way at once. */
  readonly concurrency: number;
  readonly deliver: Deliver;
  readonly hostNow: () => Date;
  /** Ends the run early: no more calls, nothing more sent. */
  readonly signal: AbortSignal;
  readonly onAnswer: (latencyMs: number) => void;
  /** Told of the figures now and then. */
  readonly onProgress: (figures: TrafficFigures, seconds: number) => void;
}

/** What came of a run. */
export interface TrafficResult {
  readonly figures: TrafficFigures;
  /** Length of the time in which calls were made. */
  readonly seconds: number;
}

/** A sandbox of the run's own: what it makes up is in nobody's way, and goes with it. */
function ownState({ view, application, seed, hostNow }: TrafficOptions): SandboxState {
  const startedAt = hostNow().getTime();
  const { ax, axb, axe, axyb, numbers, clock, faults, pushTimeScale, blockWaitMs } = structuredClone(view);
  return {
    ...initialState((seed ^ Math.floor(startedAt / 1000)) >>> 0),
    ...{ ax, axb, axe, axyb, numbers, clock, pushTimeScale, blockWaitMs },
    applications: [application],
    faults: faults.filter(({ kind }) => kind === 'push-twice' || kind === 'arrears'),
    // Calls are named by count and second: no other run may count in the same range.
    callCount: (Math.floor(startedAt / 1000) % 1_000_000) * 1_000_000,
  };
}

class TrafficRun {
  readonly #options: TrafficOptions;
  readonly #state: SandboxState;
  readonly #random: RandomSource;
  readonly #cast: Cast;
  readonly #figures = noFigures();
  readonly #slots: Slots;
  readonly #pusher: TrafficPusher;
  readonly #over = new AbortController();
  /** When the first CDR of the push that fills came. */
  #filledSinceMs: number | undefined;

  constructor(options: TrafficOptions) {
    this.#options = options;
    const { application, deliver, hostNow, onAnswer, signal } = options;
    this.#state = ownState(options);
    this.#random = { seed: options.seed, draws: 0 };
    this.#cast = buildCast(this.#state, this.#random, sandboxTime(this.#state, hostNow()).getTime());
    this.#slots = new Slots(options.concurrency);
    this.#pusher = new TrafficPusher({
      ...{ state: this.#state, application, deliver, hostNow, onAnswer, signal },
      milliseconds: () => performance.now(),
      slots: this.#slots,
      figures: this.#figures,
    });
  }

  async run(): Promise<TrafficResult> {
    const { application, forMs, drainMs, ratePerSecond, signal } = this.#options;
    if (this.#cast.callers.length === 0) {
      throw new AppError(
        'number-not-found',
        {
          zh: `没有使用中的 ${application.mode} 模式 X 号码：无法呼叫`,
          en: `no X of mode ${application.mode} is in use: nobody can be called`,
        },
        {
          hint: 'privacy-call sandbox number <x> --status 5',
        },
      );
    }
    const isOver = (): boolean => signal.aborted;
    const start = performance.now();
    const housekeeping = this.#housekeep(start);
    let dueMs = start;
    while (!isOver() && dueMs < start + forMs) {
      const now = performance.now();
      if (now >= start + forMs) break;
      if (dueMs > now) await delay(Math.min(dueMs - now, start + forMs - now), undefined, { signal }).catch(ignore);
      dueMs = Math.max(dueMs, performance.now() - MOST_BEHIND_MS) + 1000 / ratePerSecond;
      if (!isOver()) await this.#slots.start(() => this.#act());
    }
    if (!isOver()) await delay(Math.max(0, start + forMs - performance.now()), undefined, { signal }).catch(ignore);
    const seconds = (performance.now() - start) / 1000;
    await this.#slots.idle();
    this.#flush(0);
    await this.#slots.idle();
    const until = performance.now() + drainMs;
    while ((this.#pusher.waiting > 0 || this.#slots.busy) && performance.now() < until && !isOver()) {
      await delay(TICK_MS, undefined, { signal }).catch(ignore);
    }
    this.#over.abort();
    await housekeeping;
    await this.#slots.idle();
    this.#figures.waiting += this.#pusher.waiting;
    return { figures: this.#figures, seconds };
  }

  /** Retries, batches of CDRs and news of the run, until it is over. */
  async #housekeep(start: number): Promise<void> {
    const { onProgress } = this.#options;
    while (!this.#over.signal.aborted) {
      await this.#pusher.retryDue();
      this.#flush(BATCH_MS);
      onProgress(this.#figures, (performance.now() - start) / 1000);
      await delay(TICK_MS, undefined, { signal: this.#over.signal }).catch(ignore);
    }
  }

  /** One call, and now and then a text. */
  async #act(): Promise<void> {
    const { mode } = this.#options.application;
    const act = drawCall(this.#random, this.#cast);
    const text = mode === 'axe' || mode === 'axyb' ? undefined : drawText(this.#random, this.#cast);
    if (act.callee !== undefined) {
      const { bindingId, number: callee } = act.callee;
      this.#state.temporaryCallees = [{ bindingId, callee, expiresAt: Number.MAX_SAFE_INTEGER }];
    }
    const scene = this.#scene(act.options.to);
    if (scene === undefined) return;
    const call = await makeCall({ ...scene, nameRecording: nameTrafficRecording }, act.options);
    this.#figures.calls += 1;
    if (call.fee?.fwdAnswerTime !== '') this.#figures.answeredCalls += 1;
    if (call.fee?.recordObjectName !== '') this.#figures.recordings += 1;
    this.#state.calls = [];
    await this.#pusher.send(this.#take(call.pushes));
    const where = text === undefined ? undefined : this.#scene(text.to);
    if (text === undefined || where === undefined) return;
    const { pushes } = await sendSms(where, text);
    this.#figures.texts += 1;
    await this.#pusher.send(this.#take(pushes));
  }

  #scene(to: string) {
    const { application } = this.#options;
    const number = this.#state.numbers.find(({ x }) => x === to);
    if (number === undefined) return undefined;
    const now = sandboxTime(this.#state, this.#options.hostNow());
    return { state: this.#state, application, number, ask: this.#ask, now };
  }

  /** Takes the pushes of a call out of the state; its CDR stays until its push goes out. */
  #take(ids: readonly string[]) {
    const isTaken = ({ id, kind }: { id: string; kind: string }): boolean => kind !== 'fee' && ids.includes(id);
    const taken = this.#state.pushes.filter(isTaken);
    this.#state.pushes = this.#state.pushes.filter((push) => !isTaken(push));
    this.#flush(BATCH_MS);
    return taken;
  }

  /** Sends full pushes of CDRs, and any whose first CDR has waited for `waitMs`. */
  #flush(waitMs: number): void {
    const fees = this.#state.pushes.filter(({ kind }) => kind === 'fee');
    if (fees.length > 0) this.#filledSinceMs ??= performance.now();
    const isLate = performance.now() - (this.#filledSinceMs ?? 0) >= waitMs;
    const ready = fees.filter(({ records }) => isLate || records === MOST_RECORDS);
    if (ready.length === 0) return;
    this.#filledSinceMs = undefined;
    this.#state.pushes = this.#state.pushes.filter((push) => !ready.includes(push));
    for (const { records } of ready) this.#figures.cdrs += records ?? 1;
    void this.#slots.start(() => this.#pusher.send(ready));
  }

  readonly #ask: Ask = async (url, body) => {
    const { application, deliver, hostNow, onAnswer } = this.#options;
    if (url === undefined) return undefined;
    this.#figures.questions += 1;
    const start = performance.now();
    try {
      const delivery = signDelivery(application, { url, body: JSON.stringify(body) }, hostNow());
      const answer = await deliver({ ...delivery, timeoutMs: this.#state.blockWaitMs });
      onAnswer(performance.now() - start);
      if (answer.status === 200) return JSON.parse(answer.body) as unknown;
    } catch {
      // As with every question: no answer and one that cannot be read are the same.
    }
    this.#figures.unanswered += 1;
    return undefined;
  };
}

function ignore(): void {
  // The signal woke the sleeper.
}

/**
 * Makes plausible calls at a steady rate and pushes what comes of them, signed, with the platform's retries. Nothing is kept of a call
 * once its pushes are answered; at most 20,000 pushes wait for another try, the rest is given up. Sends over the network.
 * @throws AppError `number-not-found` when no X of the mode is in use.
 */
export function runTraffic(options: TrafficOptions): Promise<TrafficResult> {
  return new TrafficRun(options).run();
}
