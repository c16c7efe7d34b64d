import {
  CALL_OUTCOMES,
  type CallCause,
  type CallOutcome,
  type CallOptions,
  type CallOutcomeName,
  type CallPlan,
  type CallRoute,
  findOutcome,
  lacksBinding,
} from './call-plan.js';
import { describeEvents, describeFee, describeFeePush, type EventBody, HOST_NAME } from './describe-call.js';
import { drawHex, drawInteger } from './draw.js';
import { keepRecording } from './end-call.js';
import { queuePush } from './push-queue.js';
import type { SandboxApplication, SandboxNumber, SandboxState } from './state.js';

/** Seconds between 1900, where NTP counts from, and 1970. */
const NTP_OFFSET_SECONDS = 2_208_988_800;
/** A callee who does not answer rings this long, in seconds. */
const NO_ANSWER_SECONDS = 60;

/** Names of a call before it is known where it goes. */
export interface CallIdentity {
  readonly sessionId: string;
  readonly icid: string;
  /** Milliseconds, whole seconds. */
  readonly startedAt: number;
}

/** Steps of a call in whole seconds, each after the one before. */
export interface CallSteps {
  readonly collect: number;
  readonly forward: number;
  readonly alert: number;
  readonly ring: number;
  readonly talk: number;
}

/** A placed call, as `sandbox call` shows it. */
export interface CallResult {
  readonly sessionId: string;
  readonly events: readonly EventBody[];
  /** The CDR; `undefined` while the call is running. */
  readonly fee?: Readonly<Record<string, unknown>> | undefined;
  /** IDs of its pushes. */
  readonly pushes: readonly string[];
}

/** Draws how long each step takes; seconds given in the options count. Changes `state.draws`. */
export function drawSteps(state: SandboxState, options: CallOptions): CallSteps {
  const ring = drawInteger(state, 2, 15);
  return {
    collect: drawInteger(state, 3, 8),
    forward: drawInteger(state, 0, 1),
    alert: drawInteger(state, 1, 6),
    ring: options.ringSeconds ?? (options.outcome === 'no-answer' ? NO_ANSWER_SECONDS : ring),
    talk: options.talkSeconds ?? drawInteger(state, 20, 120),
  };
}

/** The call's names, in the documented forms. Changes `state.draws` and `state.callCount`. */
export function identifyCall(state: SandboxState, number: SandboxNumber, startedAt: number): CallIdentity {
  state.callCount += 1;
  const stamp = new Date(startedAt).toISOString().replace(/\D/g, '').slice(0, 14);
  const ntpSeconds = Math.floor(startedAt / 1000) + NTP_OFFSET_SECONDS;
  const prefix = number.mode === 'axe' ? '1202' : '1200';
  return {
    sessionId: `${prefix}_${1000 + state.callCount}_4294967295_${stamp}@${HOST_NAME}`,
    icid: `${drawHex(state, 32)}.${ntpSeconds}.${drawInteger(state, 100_000_000, 999_999_999)}.${drawInteger(state, 1, 9)}`,
    startedAt,
  };
}

interface Timeline {
  readonly cause: CallCause;
  readonly collected?: number | undefined;
  readonly forwarded?: number | undefined;
  readonly alerting?: number | undefined;
  readonly answered?: number | undefined;
  readonly ended: number;
}

function outcomeNamed(name: CallOutcomeName): CallOutcome {
  return findOutcome(name) ?? CALL_OUTCOMES.answered;
}

/** The route of a call that is told to find no binding, or not to be put through. */
function cutRoute(route: CallRoute, name: CallOutcomeName): CallRoute {
  const outcome = outcomeNamed(route.outcome ?? name);
  if (route.failure !== undefined || outcome.reaches !== 'dialled') return route;
  if (!lacksBinding(outcome)) return { ...route, callee: undefined };
  return { direction: 2, x: route.x, collected: route.collected };
}

/** Seconds from the start of leg 1 to each step, by where the call goes and how it ends. */
export function layOut(route: CallRoute, outcomeName: CallOutcomeName, steps: CallSteps): Timeline {
  const collected = route.collected === true ? steps.collect : undefined;
  const before = collected ?? 0;
  if (route.failure !== undefined) {
    return { cause: { stateCode: route.failure, q850: 0, sip: 0 }, collected, ended: before + 1 };
  }
  const { stateCode, q850, sip, reaches, waitSeconds = 0 } = outcomeNamed(route.outcome ?? outcomeName);
  const causes = { stateCode, q850, sip };
  if (reaches === 'dialled') {
    // Who hangs up before the extension is asked for keys none in.
    return stateCode === 7516 ? { cause: causes, ended: 1 } : { cause: causes, collected, ended: before + 1 };
  }
  const forwarded = before + steps.forward;
  const reached = forwarded + steps.alert + waitSeconds;
  if (reaches === 'forwarded') return { cause: causes, collected, forwarded, ended: reached };
  const answered = reached + steps.ring;
  if (reaches === 'ringing') return { cause: causes, collected, forwarded, alerting: reached, ended: answered };
  const limit = (route.maxCall ?? 0) * 60;
  const cut = limit > 0 && steps.talk > limit;
  return {
    cause: cut ? { stateCode: 8010, q850: 0, sip: 0 } : causes,
    collected,
    forwarded,
    alerting: reached,
    answered,
    ended: answered + (cut ? limit : steps.talk),
  };
}

/** Everything {@link placeCall} needs to know. */
export interface Placement {
  readonly application: SandboxApplication;
  readonly number: SandboxNumber;
  readonly options: CallOptions;
  readonly route: CallRoute;
  readonly steps: CallSteps;
  /** Given where the call had to be named before its route was known (X mode). */
  readonly identity?: CallIdentity | undefined;
  /** Name of the recording where it is not that of the session; the recording is then not kept. */
  readonly nameRecording?: ((plan: CallPlan) => string) | undefined;
}

/**
 * Makes a call happen: its events and its CDR are queued, its recording is kept. The call ends at `now` (a running one is answered at
 * `now`), so that no time of it lies in the future. Changes `state`.
 */
export function placeCall(state: SandboxState, placement: Placement, now: Date): CallResult {
  const { application, number, options, steps } = placement;
  const route = cutRoute(placement.route, options.outcome ?? 'answered');
  const timeline = layOut(route, options.outcome ?? 'answered', steps);
  const running = options.running === true && timeline.answered !== undefined;
  const anchor = running ? (timeline.answered ?? 0) : timeline.ended;
  const wholeNow = Math.floor(now.getTime() / 1000) * 1000;
  const identity = placement.identity ?? identifyCall(state, number, wholeNow - anchor * 1000);
  const at = (seconds: number | undefined): number | undefined =>
    seconds === undefined ? undefined : identity.startedAt + seconds * 1000;
  const { x, direction, bindingId, callee, display, extension, userData } = route;
  const unnamed: CallPlan = {
    ...{ x, direction, bindingId, callee, display, extension, userData },
    sessionId: identity.sessionId,
    icid: identity.icid,
    mode: number.mode,
    appKey: application.appKey,
    caller: options.from,
    dialled: options.to,
    digits: options.digits,
    cause: timeline.cause,
    startedAt: identity.startedAt,
    collectedAt: at(timeline.collected),
    forwardedAt: at(timeline.forwarded),
    alertingAt: at(timeline.alerting),
    answeredAt: at(timeline.answered),
    endedAt: identity.startedAt + timeline.ended * 1000,
    recorded: application.recording && (options.record ?? route.record ?? false),
    running,
  };
  const { nameRecording } = placement;
  const plan = nameRecording === undefined ? unnamed : { ...unnamed, recordingName: nameRecording(unnamed) };
  state.calls.push(plan);
  const { appKey } = application;
  const events = describeEvents(plan);
  const pushes: string[] = [];
  const queue = (kind: 'event' | 'fee', body: unknown): void => {
    const id = queuePush(state, { appKey, kind, body, at: now.getTime() });
    if (id !== undefined) pushes.push(id);
  };
  for (const body of events) {
    // The customer has had this one already: it was the question.
    const asked = number.mode === 'x' && body.eventType === 'callin' && placement.identity !== undefined;
    if (!asked) queue('event', body);
  }
  if (running) return { sessionId: plan.sessionId, events, pushes };
  if (nameRecording === undefined) keepRecording(state, plan);
  queue('fee', describeFeePush(plan));
  return { sessionId: plan.sessionId, events, fee: describeFee(plan), pushes };
}
