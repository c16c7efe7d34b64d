import { drawHex } from './draw.js';
import type { QueuedPush, SandboxApplication, SandboxState } from './state.js';

/**
 * Minutes after the first push at which an unanswered one is pushed again. Whether the platform counts from the first or from the
 * previous push is not documented, nor whether number status has the same timetable.
 * Source: privatenumber_02_0006a (retries since 2020-11-05, read 2026-07).
 */
export const RETRY_MINUTES = [1, 4, 9, 106, 203, 300] as const;

/** How long a push that somebody took may stay without a word before another may take it. */
const LEASE_MS = 30_000;

/** A notice to be pushed. */
export interface NewPush {
  readonly appKey: string;
  readonly kind: QueuedPush['kind'];
  readonly body: unknown;
  /** Milliseconds, by the sandbox's clock. */
  readonly at: number;
}

function addressFor(application: SandboxApplication, kind: QueuedPush['kind']): string | undefined {
  const { push } = application;
  if (kind === 'fee') return push.cdr;
  if (kind === 'event') return push.event;
  return kind === 'sms' ? push.sms : (push.number ?? push.event);
}

/** Queues a push for the application's address of that kind; without an address nobody is told. Changes `state`. */
export function queuePush(state: SandboxState, push: NewPush): void {
  const application = state.applications.find(({ appKey }) => appKey === push.appKey);
  const url = application === undefined ? undefined : addressFor(application, push.kind);
  if (url === undefined) return;
  state.pushes.push({
    id: drawHex(state, 16),
    appKey: push.appKey,
    kind: push.kind,
    url,
    body: JSON.stringify(push.body),
    queuedAt: push.at,
    dueAt: push.at,
    attempts: 0,
    state: 'waiting',
    leasedUntil: 0,
  });
}

/**
 * Takes the pushes due at `now` for sending, oldest first; nobody else gets them for half a minute. Changes `state`.
 * @returns copies.
 */
export function takeDuePushes(state: SandboxState, now: Date): QueuedPush[] {
  const due = state.pushes.filter(
    (push) => push.state === 'waiting' && push.dueAt <= now.getTime() && push.leasedUntil <= now.getTime(),
  );
  for (const push of due) push.leasedUntil = now.getTime() + LEASE_MS;
  return due.map((push) => ({ ...push }));
}

/**
 * Notes what became of a try: HTTP 200 delivers; anything else plans the next try, after the sixth retry the push is lost.
 * @param answer status or reason, for people.
 */
export function settlePush(state: SandboxState, id: string, result: { delivered: boolean; answer: string }): void {
  const push = state.pushes.find((candidate) => candidate.id === id);
  if (push === undefined) return;
  push.leasedUntil = 0;
  push.lastAnswer = result.answer;
  const minutes = RETRY_MINUTES[push.attempts];
  push.attempts += 1;
  if (result.delivered || minutes === undefined) {
    push.state = result.delivered ? 'delivered' : 'lost';
    push.body = '';
    return;
  }
  push.dueAt = push.queuedAt + minutes * 60_000 * state.pushTimeScale;
}
