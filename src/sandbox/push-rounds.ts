import type { SandboxCore } from './sandbox.js';
import { sandboxTime } from './state.js';

/** Due pushes are looked for at these distances at most and at least; in between when the next one falls due. */
const EVERY_MS = 1000;
const LEAST_MS = 20;

/** What the rounds of a served sandbox need. */
export interface PushRoundsOptions {
  readonly core: SandboxCore;
  /** The host's time. */
  readonly now: () => Date;
  /** Called after a round that may have changed the state. */
  readonly changed: () => void;
}

/** Sends the pushes of a served sandbox as they fall due. */
export interface PushRounds {
  /** Sends at once what is due, one round at a time, and then by itself from time to time. Resolves when that round is over. */
  push(): Promise<void>;
  /** No round begins by itself any more. */
  stop(): void;
}

/** Milliseconds until the next push falls due, within the bounds. */
function nextRoundMs({ state }: SandboxCore, hostNow: Date): number {
  const at = sandboxTime(state, hostNow).getTime();
  const waiting = state.pushes.filter((push) => push.state === 'waiting');
  const next = waiting.reduce((least, { dueAt }) => Math.min(least, dueAt - at), EVERY_MS);
  return Math.max(LEAST_MS, next);
}

/** Nothing is sent before the first `push`. */
export function buildPushRounds({ core, now, changed }: PushRoundsOptions): PushRounds {
  let last: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function runRound(): Promise<void> {
    const { pushes, calls } = core.state;
    const mayChange = pushes.some((push) => push.state === 'waiting') || calls.some((call) => call.running);
    await core.deliverDue();
    if (mayChange) changed();
  }

  async function push(): Promise<void> {
    last = last.then(runRound);
    await last;
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void push(), nextRoundMs(core, now()));
  }

  return {
    push,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
