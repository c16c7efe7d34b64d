import { decideCall } from './call-outcome.js';
import type { Cause } from './cause.js';
import { textField } from './field.js';
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

type Fee = Readonly<Record<string, unknown>>;

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
  const mode = modeOf(fee);
  const direction = callDirection(textField(fee, 'direction'));
  const times = timesOf(fee);
  const subscriptionId = textField(fee, 'subscriptionId');
  const unbound = subscriptionId === undefined && (Object.hasOwn(fee, 'subscriptionId') || direction === 'abnormal');
  return {
    kind: 'CallRecord',
    sessionId: textField(fee, 'sessionId'),
    icid: textField(fee, 'icid'),
    mode,
    direction,
    caller: textField(fee, 'callerNum'),
    callee: textField(fee, 'fwdDstNum'),
    x: textField(fee, 'bindNum') ?? textField(fee, 'calleeNum'),
    y: mode === 'axyb' && direction === 'b-to-a' ? textField(fee, 'fwdDisplayNum') : undefined,
    extension: textField(fee, 'extendNum'),
    subscriptionId,
    ...times,
    ...lengthsOf(times),
    ...decideCall({
      answered: times.answeredAt !== undefined,
      release: codeField(fee, 'ulFailReason'),
      q850: codeField(fee, 'fwdUnaswRsn'),
      unbound: unbound && mode !== 'x' && times.ringingAt === undefined,
    }),
    recording: recordingOf(fee),
    userData: textField(fee, 'userData'),
    raw: fee,
  };
}

/**
 * What makes a CDR the same when it comes again: `icid`, else session, direction and time of the call's start.
 * @returns `undefined` for a record that has neither.
 */
export function callRecordKey(record: CallRecord): string | undefined {
  if (record.icid !== undefined) return record.icid;
  if (record.sessionId === undefined) return undefined;
  return [record.sessionId, textField(record.raw, 'direction') ?? '', textField(record.raw, 'callInTime') ?? ''].join(
    '|',
  );
}

function modeOf(fee: Fee): Mode | undefined {
  if (textField(fee, 'notifyMode')?.toLowerCase() === 'block') return 'x';
  if (textField(fee, 'extendNum') !== undefined) return 'axe';
  return MODE_OF_SERVICE.get(textField(fee, 'serviceType')?.padStart(3, '0') ?? '');
}

/** A code without leading zeros or a fraction, so that `8014`, `"8014"` and `"08014"` are one. */
function codeField(fee: Fee, name: string): string | undefined {
  return textField(fee, name)
    ?.replace(/^0+(?=\d)/, '')
    .replace(/\.0*$/, '');
}

type Times = Pick<CallRecord, 'startedAt' | 'ringingAt' | 'answeredAt' | 'endedAt'>;

function timesOf(fee: Fee): Times {
  const answeredAt = parsePlatformTime(fee.fwdAnswerTime);
  const failedAt = answeredAt === undefined ? parsePlatformTime(fee.failTime) : undefined;
  return {
    startedAt: parsePlatformTime(fee.callInTime),
    ringingAt: parsePlatformTime(fee.fwdAlertingTime),
    answeredAt,
    endedAt: parsePlatformTime(fee.callEndTime) ?? failedAt,
  };
}

function lengthsOf({
  ringingAt,
  answeredAt,
  endedAt,
}: Times): Pick<CallRecord, 'ringSeconds' | 'talkSeconds' | 'billedMinutes'> {
  const talkSeconds = answeredAt === undefined && endedAt !== undefined ? 0 : secondsBetween(answeredAt, endedAt);
  return {
    ringSeconds: secondsBetween(ringingAt, answeredAt ?? endedAt),
    talkSeconds,
    billedMinutes: talkSeconds === undefined ? undefined : Math.ceil(talkSeconds / 60),
  };
}

function secondsBetween(from: Date | undefined, to: Date | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));
}

function recordingOf(fee: Fee): RecordingReference | undefined {
  const flag = textField(fee, 'recordFlag')?.toLowerCase();
  if (flag !== '1' && flag !== 'true') return undefined;
  return {
    fileName: textField(fee, 'recordObjectName'),
    domain: textField(fee, 'recordDomain'),
    url: textField(fee, 'recordFileDownloadUrl'),
    startedAt: parsePlatformTime(fee.recordStartTime),
  };
}
