import { decideCall } from './call-outcome.js';
import type { Cause } from './cause.js';
import { feeCode } from './fee-code.js';
import { fieldText, textField } from './field.js';
import { parsePlatformTime } from './instant.js';
import type { Mode } from './mode.js';
import type { Outcome } from './outcome.js';

export { OUTCOMES, type Outcome } from './outcome.js';

/** Who called whom: A the other party, the other party A, or `abnormal` (no binding, for one). */
export type CallDirection = 'a-to-b' | 'b-to-a' | 'abnormal';

/** Where the recording of a call is. Recorded calls of under 3 seconds have no file. */
export interface RecordingReference {
  readonly fileName?: string | undefined;
  readonly domain?: string | undefined;
  /** Direct address; sent where `fileName` and `domain` are empty. */
  readonly url?: string | undefined;
  readonly startedAt?: Date | undefined;
}

/**
 * One call detail record (CDR), normalised. Everything but `kind` and `raw` may be missing in what the platform sends.
 * Source: FeeInfo, privatenumber_02_0006a / 0006_1a / 0006_2a / 0006_3a.
 */
export interface CallRecord {
  readonly kind: 'CallRecord';
  readonly sessionId?: string | undefined;
  readonly icid?: string | undefined;
  readonly mode?: Mode | undefined;
  readonly direction?: CallDirection | undefined;
  /** Real numbers of the one who called and the one who was called at last. */
  readonly caller?: string | undefined;
  readonly callee?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly extension?: string | undefined;
  readonly subscriptionId?: string | undefined;
  readonly startedAt?: Date | undefined;
  readonly ringingAt?: Date | undefined;
  readonly answeredAt?: Date | undefined;
  readonly endedAt?: Date | undefined;
  /** Ringing until answered, or until the end of an unanswered call; whole seconds. */
  readonly ringSeconds?: number | undefined;
  /** Answer to hang-up, whole seconds; 0 for a call never answered. */
  readonly talkSeconds?: number | undefined;
  /** Started minutes of the talk; 0 for a call never answered. */
  readonly billedMinutes?: number | undefined;
  readonly outcome: Outcome;
  readonly cause?: Cause | undefined;
  /** Present when the platform marked the call as recorded. */
  readonly recording?: RecordingReference | undefined;
  readonly userData?: string | undefined;
  /** The fee object as it came, unknown fields and all. */
  readonly raw: Readonly<Record<string, unknown>>;
}

// Maps, for a code of the platform may be any text, `constructor` too.
const MODE_OF_SERVICE: ReadonlyMap<string, Mode> = new Map([
  ['003', 'ax'],
  ['004', 'axb'],
  ['007', 'axyb'],
]);
const DIRECTIONS: ReadonlyMap<string, CallDirection> = new Map([
  ['0', 'b-to-a'],
  ['1', 'a-to-b'],
  ['2', 'abnormal'],
]);

/** `direction` of a CDR or an SMS in words; `undefined` for any other code. Source: privatenumber_02_0006a (read 2026-07). */
export function callDirection(code: string | undefined): CallDirection | undefined {
  return DIRECTIONS.get(code ?? '');
}

/**
 * Reads one CDR. Nothing in it is demanded: what is missing or unreadable is `undefined`, unknown fields stay in `raw`.
 * The times of the platform are UTC. The end of an unanswered call without `callEndTime` is its `failTime`.
 * Source: FeeInfo, privatenumber_02_0006a / 0006_1a / 0006_2a / 0006_3a (read 2026-07).
 */
export function parseCallRecord(fee: Record<string, unknown>): CallRecord {
  const mode = callMode({
    blocked: fieldText(fee.notifyMode)?.toLowerCase() === 'block',
    extended: fieldText(fee.extendNum) !== undefined,
    service: fieldText(fee.serviceType),
  });
  const direction = callDirection(fieldText(fee.direction));
  const subscriptionId = fieldText(fee.subscriptionId);
  const answeredAt = parsePlatformTime(fee.fwdAnswerTime);
  const ringingAt = parsePlatformTime(fee.fwdAlertingTime);
  const failedAt = answeredAt === undefined ? fee.failTime : undefined;
  const endedAt = parsePlatformTime(fee.callEndTime) ?? parsePlatformTime(failedAt);
  const talkSeconds = answeredAt === undefined && endedAt !== undefined ? 0 : secondsBetween(answeredAt, endedAt);
  const { outcome, cause } = decideCall({
    answered: answeredAt !== undefined,
    release: feeCode(fee, 'ulFailReason'),
    q850: feeCode(fee, 'fwdUnaswRsn'),
    unbound: isUnbound({
      bindingId: subscriptionId !== undefined ? 'given' : Object.hasOwn(fee, 'subscriptionId') ? 'empty' : 'absent',
      mode,
      direction,
      rang: ringingAt !== undefined,
    }),
  });
  // Written out in one piece: a million of these are made, and spreading the parts together takes as long as all the rest.
  return {
    kind: 'CallRecord',
    sessionId: fieldText(fee.sessionId),
    icid: fieldText(fee.icid),
    mode,
    direction,
    caller: fieldText(fee.callerNum),
    callee: fieldText(fee.fwdDstNum),
    x: fieldText(fee.bindNum) ?? fieldText(fee.calleeNum),
    y: mode === 'axyb' && direction === 'b-to-a' ? fieldText(fee.fwdDisplayNum) : undefined,
    extension: fieldText(fee.extendNum),
    subscriptionId,
    startedAt: parsePlatformTime(fee.callInTime),
    ringingAt,
    answeredAt,
    endedAt,
    ringSeconds: secondsBetween(ringingAt, answeredAt ?? endedAt),
    talkSeconds,
    billedMinutes: talkSeconds === undefined ? undefined : Math.ceil(talkSeconds / 60),
    outcome,
    cause,
    recording: recordingOf(fee),
    userData: fieldText(fee.userData),
    raw: fee,
  };
}

/**
 * What makes a CDR the same when it comes again: `icid`, else session, direction and time of the call's start.
 * @returns `undefined` for a record that has neither.
 */
export function callRecordKey({ icid, sessionId, raw }: CallRecord): string | undefined {
  return icid ?? keyOfSession(sessionId, raw);
}

/** The same of a CDR as it came, that nobody has read. */
export function feeKey(fee: Readonly<Record<string, unknown>>): string | undefined {
  return fieldText(fee.icid) ?? keyOfSession(fieldText(fee.sessionId), fee);
}

function keyOfSession(sessionId: string | undefined, fee: Readonly<Record<string, unknown>>): string | undefined {
  if (sessionId === undefined) return undefined;
  return [sessionId, textField(fee, 'direction') ?? '', textField(fee, 'callInTime') ?? ''].join('|');
}

/**
 * The mode that a CDR tells of.
 * @param signs `blocked`: `notifyMode` is Block. `extended`: there is an extension. `service`: `serviceType`, with or without leading zeros.
 * @returns `undefined` for a service that is not documented, and without one.
 * Source: FeeInfo, privatenumber_02_0006a / 0006_1a / 0006_2a / 0006_3a (read 2026-07).
 */
export function callMode(signs: {
  readonly blocked: boolean;
  readonly extended: boolean;
  readonly service: string | undefined;
}): Mode | undefined {
  if (signs.blocked) return 'x';
  if (signs.extended) return 'axe';
  return MODE_OF_SERVICE.get(signs.service?.padStart(3, '0') ?? '');
}

/**
 * Whether the platform found no binding for a call: the binding ID is there and empty, or the direction is abnormal without one. Calls of X mode have
 * no bindings, and a call that rang had one.
 */
export function isUnbound(call: {
  readonly bindingId: 'given' | 'empty' | 'absent';
  readonly mode: Mode | undefined;
  readonly direction: CallDirection | undefined;
  readonly rang: boolean;
}): boolean {
  if (call.bindingId === 'given' || call.mode === 'x' || call.rang) return false;
  return call.bindingId === 'empty' || call.direction === 'abnormal';
}

function secondsBetween(from: Date | undefined, to: Date | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));
}

function recordingOf(fee: Readonly<Record<string, unknown>>): RecordingReference | undefined {
  const flag = fieldText(fee.recordFlag)?.toLowerCase();
  if (flag !== '1' && flag !== 'true') return undefined;
  return {
    fileName: fieldText(fee.recordObjectName),
    domain: fieldText(fee.recordDomain),
    url: fieldText(fee.recordFileDownloadUrl),
    startedAt: parsePlatformTime(fee.recordStartTime),
  };
}
