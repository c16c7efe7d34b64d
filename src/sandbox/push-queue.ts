import { drawHex } from './draw.js';
import { takePushFault } from './faults.js';
import type { QueuedPush, SandboxApplication, SandboxState, TakenPush } from './state.js';

/**
 * Minutes after the first push at which an unanswered one is pushed again. Whether the platform counts from the first or from the
 * previous push is not documented, nor whether number status has the same timetable.
 * Source: privatenumber_02_0006a (retries since 2020-11-05, read 2026-07).
 */
export const RETRY_MINUTES = [1, 4, 9, 106, 203, 300] as const;

/** CDRs in one push. Source: `feeLst` of privatenumber_02_0006a (read 2026-07). */
export const MOST_RECORDS = 50;

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

const FEE_HEAD = '{"eventType":"fee","feeLst":[';
const FEE_TAIL = ']}';

/** Adds the CDR of `body` to `push`. The platform puts calls that ended close together into one push. */
function joinFees(push: QueuedPush, body: string): QueuedPush {
  push.body = `${push.body.slice(0, -FEE_TAIL.length)},${body.slice(FEE_HEAD.length)}`;
  push.records = (push.records ?? 1) + 1;
  return push;
}

/**
 * Queues a push for the application's address of that kind; without an address nobody is told. A CDR joins those that wait for their
 * first push, up to {@link MOST_RECORDS}. Changes `state`.
 * @returns the ID of the push, `undefined` without an address.
 */
export function queuePush(state: SandboxState, push: NewPush): string | undefined {
  const { appKey, kind, at } = push;
  const application = state.applications.find((candidate) => candidate.appKey === appKey);
  const url = application === undefined ? undefined : addressFor(application, kind);
  if (url === undefined) return undefined;
  const body = JSON.stringify(push.body);
  const open =
    kind === 'fee'
      ? state.pushes.find(
          (other) =>
            other.kind === 'fee' &&
            other.state === 'waiting' &&
            other.attempts === 0 &&
            other.leasedUntil === 0 &&
            (other.records ?? 1) < MOST_RECORDS &&
            other.appKey === appKey &&
            other.url === url,
        )
      : undefined;
  if (open !== undefined) return joinFees(open, body).id;
  const id = drawHex(state, 16);
  const records = kind === 'fee' ? { records: 1 } : {};
  const fresh = { attempts: 0, state: 'waiting', leasedUntil: 0 } as const;
  state.pushes.push({ id, appKey, kind, url, body, ...records, queuedAt: at, dueAt: at, ...fresh });
  return id;
}

/**
 * Takes the pushes due at `now` for sending, oldest first; nobody else gets them for half a minute. Changes `state`.
 * @returns copies; twice what the fault `push-twice` hits.
 */
export function takeDuePushes(state: SandboxState, now: Date): TakenPush[] {
  const due = state.pushes.filter(
    (push) => push.state === 'waiting' && push.dueAt <= now.getTime() && push.leasedUntil <= now.getTime(),
  );
  for (const push of due) push.leasedUntil = now.getTime() + LEASE_MS;
  return due.flatMap((push) =>
    takePushFault(state, push.url) ? [{ ...push }, { ...push, isCopy: true }] : [{ ...push }],
  );
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
