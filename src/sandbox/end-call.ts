import type { CallPlan } from './call-plan.js';
import {
  describeDisconnect,
  describeFeePush,
  hasRecording,
  RECORD_DOMAIN,
  recordingFileName,
} from './describe-call.js';
import { drawInteger } from './draw.js';
import { queuePush } from './push-queue.js';
import type { SandboxState } from './state.js';

/** Keeps the recording of a call that is over, if it has one. Changes `state`. */
export function keepRecording(state: SandboxState, plan: CallPlan): void {
  if (!hasRecording(plan)) return;
  state.recordings.push({
    fileName: recordingFileName(plan.sessionId),
    domain: RECORD_DOMAIN,
    appKey: plan.appKey,
    seconds: Math.floor((plan.endedAt - (plan.answeredAt ?? plan.endedAt)) / 1000),
    seed: drawInteger(state, 0, 0xff_ffff),
    createdAt: plan.endedAt,
  });
}

/** Ends a running call at `at` (milliseconds): the last event and the CDR are queued. Changes `state`. */
export function endCall(state: SandboxState, plan: CallPlan, at: number): CallPlan {
  const ended: CallPlan = { ...plan, running: false, endedAt: at };
  state.calls = state.calls.map((call) => (call === plan ? ended : call));
  keepRecording(state, ended);
  queuePush(state, { appKey: ended.appKey, kind: 'event', body: describeDisconnect(ended), at });
  queuePush(state, { appKey: ended.appKey, kind: 'fee', body: describeFeePush(ended), at });
  return ended;
}

/** Ends every running call whose talk is over at `now`. */
export function endDueCalls(state: SandboxState, now: Date): void {
  for (const call of state.calls) {
    if (call.running && call.endedAt <= now.getTime()) endCall(state, call, call.endedAt);
  }
}
