import { formatPlatformTime } from '../domain/instant.js';
import { HANGUP_CAUSES } from '../domain/catalogues/hangup-causes.js';
import { maskPhoneNumber } from '../domain/phone-number.js';
import type { CallPlan } from './call-plan.js';
import { withoutUndefined } from './modes/mode-request.js';

/** Body of a call event push. */
export interface EventBody {
  readonly eventType: string;
  readonly statusInfo: Readonly<Record<string, unknown>>;
}

/** Host and storage of the sandbox, under the reserved name `invalid`. */
export const HOST_NAME = 'callenabler.sandbox.invalid';
export const RECORD_DOMAIN = 'recordings.sandbox.invalid';
const RECORD_BUCKET = 'sandbox';

/** Calls shorter than this have no recording file. Source: pn_faq_spec07 (read 2026-07). */
const SHORTEST_RECORDING_SECONDS = 3;

const SERVICE_TYPES = { ax: '003', axb: '004', axe: '', axyb: '007', x: '004' } as const;

function time(instant: number | undefined): string {
  return instant === undefined ? '' : formatPlatformTime(new Date(instant));
}

/** `stateDesc`: documented for 0 only; for the rest the catalogue's words. */
function describeState(stateCode: number): string {
  if (stateCode === 0) return 'The user releases the call.';
  return HANGUP_CAUSES.find(({ code }) => code === String(stateCode))?.en?.slice(0, 128) ?? 'The call ended.';
}

/** Name of the recording of a call: its session without the host. */
export function recordingFileName(sessionId: string): string {
  return `${sessionId.slice(0, sessionId.indexOf('@'))}.wav`;
}

/** Whether the call has a recording file. */
export function hasRecording(plan: CallPlan): boolean {
  return (
    plan.recorded &&
    plan.answeredAt !== undefined &&
    plan.endedAt - plan.answeredAt >= SHORTEST_RECORDING_SECONDS * 1000
  );
}

function callin(plan: CallPlan): EventBody {
  // Before the extension is keyed in the platform cannot know the binding of an AXE call; X mode has none at all.
  const bindingKnown = (plan.mode !== 'axe' || plan.direction === 1) && plan.mode !== 'x';
  return {
    eventType: 'callin',
    statusInfo: withoutUndefined({
      sessionId: plan.sessionId,
      timestamp: time(plan.startedAt),
      caller: maskPhoneNumber(plan.caller),
      called: plan.dialled,
      subscriptionId: bindingKnown && plan.mode !== 'axe' ? (plan.bindingId ?? '') : undefined,
      userData: bindingKnown ? plan.userData : undefined,
      notifyMode: plan.mode === 'x' ? 'Block' : undefined,
    }),
  };
}

function later(plan: CallPlan, eventType: string, at: number, more: Record<string, unknown> = {}): EventBody {
  return {
    eventType,
    statusInfo: withoutUndefined({
      sessionId: plan.sessionId,
      timestamp: time(at),
      caller: maskPhoneNumber(plan.caller),
      called: plan.callee === undefined ? plan.dialled : maskPhoneNumber(plan.callee),
      ...more,
      subscriptionId: plan.mode === 'x' ? undefined : (plan.bindingId ?? ''),
      userData: plan.mode === 'axe' ? undefined : plan.userData,
    }),
  };
}

/** The last event of a call. */
export function describeDisconnect(plan: CallPlan): EventBody {
  const { stateCode } = plan.cause;
  return later(plan, 'disconnect', plan.endedAt, { stateCode, stateDesc: describeState(stateCode) });
}

/**
 * The events of a call so far, oldest first; `disconnect` only when it is over. Real numbers do not stand in events: masked stand-ins
 * take their place, as in the documented examples. `userData` of AXE comes with A's own `callin` only (the rest is not documented).
 * Source: privatenumber_02_0006, 0006_1, 0006_2, 0006_3 (read 2026-07).
 */
export function describeEvents(plan: CallPlan): EventBody[] {
  const events = [callin(plan)];
  if (plan.collectedAt !== undefined) {
    const statusInfo = {
      sessionId: plan.sessionId,
      timestamp: time(plan.collectedAt),
      digitInfo: plan.digits ?? '',
    };
    events.push({ eventType: 'collectInfo', statusInfo });
  }
  if (plan.forwardedAt !== undefined) events.push(later(plan, 'callout', plan.forwardedAt));
  if (plan.alertingAt !== undefined) events.push(later(plan, 'alerting', plan.alertingAt));
  if (plan.answeredAt !== undefined) events.push(later(plan, 'answer', plan.answeredAt));
  if (!plan.running) events.push(describeDisconnect(plan));
  return events;
}

/**
 * The CDR of a call that is over, its fields in the order of the documented example. All times are UTC; a step that did not happen has
 * an empty text. Talk cut at `maxDuration` has release point 8010, every other answered call 0.
 * Source: privatenumber_02_0006a, 0006_1a, 0006_2a, 0006_3a (read 2026-07).
 */
export function describeFee(plan: CallPlan): Record<string, unknown> {
  const answered = plan.answeredAt !== undefined;
  const file = hasRecording(plan);
  return withoutUndefined({
    direction: plan.direction,
    spId: 'sandbox',
    appKey: plan.appKey,
    icid: plan.icid,
    bindNum: plan.x,
    sessionId: plan.sessionId,
    subscriptionId: plan.bindingId ?? '',
    callerNum: plan.caller,
    calleeNum: plan.dialled,
    fwdDisplayNum: plan.forwardedAt === undefined ? '' : (plan.display ?? ''),
    fwdDstNum: plan.callee ?? '',
    callInTime: time(plan.startedAt),
    fwdStartTime: time(plan.forwardedAt),
    fwdAlertingTime: time(plan.alertingAt),
    fwdAnswerTime: time(plan.answeredAt),
    callEndTime: time(plan.endedAt),
    fwdUnaswRsn: answered ? 0 : plan.cause.q850,
    failTime: answered ? undefined : time(plan.endedAt),
    ulFailReason: plan.cause.stateCode,
    sipStatusCode: plan.cause.sip,
    callOutUnaswRsn: 0,
    recordFlag: plan.recorded && answered ? 1 : 0,
    recordStartTime: file ? time(plan.answeredAt) : '',
    recordDomain: file ? RECORD_DOMAIN : '',
    recordBucketName: file ? RECORD_BUCKET : '',
    recordObjectName: file ? (plan.recordingName ?? recordingFileName(plan.sessionId)) : '',
    ttsPlayTimes: 0,
    ttsTransDuration: 0,
    mptyId: plan.bindingId ?? '',
    serviceType: SERVICE_TYPES[plan.mode],
    hostName: HOST_NAME,
    extendNum: plan.extension,
    userData: plan.userData,
    notifyMode: plan.mode === 'x' ? 'Block' : undefined,
  });
}

/** Body of a CDR push with one record. */
export function describeFeePush(plan: CallPlan): { eventType: 'fee'; feeLst: Record<string, unknown>[] } {
  return { eventType: 'fee', feeLst: [describeFee(plan)] };
}
