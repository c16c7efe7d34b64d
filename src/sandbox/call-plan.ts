import { HANGUP_CAUSES } from '../domain/catalogues/hangup-causes.js';
import type { Mode } from '../domain/mode.js';

/** Why a call ended, in the three tables of the platform. */
export interface CallCause {
  /** Hang-up cause (`stateCode`), and release point (`ulFailReason`) of a call never answered. */
  readonly stateCode: number;
  /** Q.850 (`fwdUnaswRsn`). */
  readonly q850: number;
  /** SIP status (`sipStatusCode`). */
  readonly sip: number;
}

/** How a call that is put through can go. */
export interface CallOutcome extends CallCause {
  /** How far the call comes. */
  readonly reaches: 'dialled' | 'forwarded' | 'ringing' | 'answered';
  /** Seconds that pass before it is given up, where that is not at once. */
  readonly waitSeconds?: number | undefined;
  readonly help: string;
}

/**
 * Outcomes that `sandbox call --outcome` knows by name. Hang-up causes and Q.850 causes are the documented ones; the SIP statuses, and which
 * Q.850 cause comes with which hang-up cause, are the sandbox's own.
 * Source of the codes: privatenumber_04_0010 (read 2026-07).
 */
export const CALL_OUTCOMES = {
  answered: { stateCode: 0, q850: 0, sip: 0, reaches: 'answered', help: 'both talk, one hangs up' },
  busy: { stateCode: 8102, q850: 17, sip: 486, reaches: 'forwarded', help: 'the callee is busy' },
  'no-answer': { stateCode: 8101, q850: 19, sip: 480, reaches: 'ringing', help: 'it rings, nobody answers' },
  rejected: { stateCode: 7503, q850: 21, sip: 603, reaches: 'ringing', help: 'the callee rejects the call' },
  off: { stateCode: 8104, q850: 20, sip: 480, reaches: 'forwarded', help: 'the callee is switched off' },
  unreachable: {
    stateCode: 8103,
    q850: 18,
    sip: 408,
    reaches: 'forwarded',
    help: 'the carrier cannot connect the callee',
  },
  'out-of-service': { stateCode: 8105, q850: 27, sip: 480, reaches: 'forwarded', help: 'the callee is out of service' },
  'no-such-number': {
    stateCode: 8100,
    q850: 1,
    sip: 404,
    reaches: 'forwarded',
    help: 'the number of the callee does not exist',
  },
  'caller-hung-up': {
    stateCode: 7502,
    q850: 0,
    sip: 487,
    reaches: 'ringing',
    help: 'the caller hangs up while it rings',
  },
  'gave-up-early': {
    stateCode: 7501,
    q850: 0,
    sip: 487,
    reaches: 'forwarded',
    help: 'the caller hangs up before it rings',
  },
  refused: {
    stateCode: 7504,
    q850: 21,
    sip: 403,
    reaches: 'forwarded',
    help: 'do-not-disturb, a blacklist or a blocking app',
  },
  timeout: {
    stateCode: 8035,
    q850: 102,
    sip: 504,
    reaches: 'forwarded',
    waitSeconds: 90,
    help: 'nothing comes of the forwarding for 90 seconds',
  },
  network: { stateCode: 7506, q850: 38, sip: 500, reaches: 'forwarded', help: 'the network of the callee is at fault' },
  'before-extension': {
    stateCode: 7516,
    q850: 0,
    sip: 487,
    reaches: 'dialled',
    help: 'the caller hangs up first, AXE',
  },
  blacklisted: { stateCode: 7005, q850: 0, sip: 0, reaches: 'dialled', help: 'the caller is on the blacklist' },
  'too-often': { stateCode: 8047, q850: 0, sip: 0, reaches: 'dialled', help: 'the caller calls too often' },
  arrears: { stateCode: 7108, q850: 0, sip: 0, reaches: 'dialled', help: 'the account is frozen' },
  'cut-off': { stateCode: 8010, q850: 0, sip: 0, reaches: 'answered', help: 'the longest call is over' },
  failed: { stateCode: 7508, q850: 3, sip: 503, reaches: 'forwarded', help: 'routing fails' },
} as const satisfies Record<string, CallOutcome>;

/** A name of {@link CALL_OUTCOMES}, or a documented hang-up cause: `7506`. */
export type CallOutcomeName = keyof typeof CALL_OUTCOMES | `${number}`;

/** Causes that speak of a binding which is not there. */
const WITHOUT_BINDING = [8012, 8014, 8018, 8022, 8025, 8030];
/** Causes that end a talk; the other causes of platform, control and tenant keep a call from being forwarded. */
const WHILE_TALKING = [8007, 8015, 8041];

/**
 * How a call goes that ends with a hang-up cause of the catalogue. Which part of the call a cause ends is the sandbox's own reading of
 * the cause's group; its Q.850 is 41 (temporary failure) behind the platform, else 0.
 */
function outcomeOfCause(code: string): CallOutcome | undefined {
  const cause = HANGUP_CAUSES.find((entry) => entry.code === code);
  if (cause === undefined) return undefined;
  const stateCode = Number(code);
  const named = Object.values(CALL_OUTCOMES).find((outcome) => outcome.stateCode === stateCode);
  if (named !== undefined) return named;
  const behind = cause.group === 'callee' || (cause.group === 'network' && code !== '7505');
  const reaches = WHILE_TALKING.includes(stateCode) ? 'answered' : behind ? 'forwarded' : 'dialled';
  return { stateCode, q850: behind ? 41 : 0, sip: behind ? 480 : 0, reaches, help: cause.en ?? cause.zh ?? code };
}

/** The outcome of a name or hang-up cause; `undefined` when there is none. */
export function findOutcome(name: string): CallOutcome | undefined {
  return Object.hasOwn(CALL_OUTCOMES, name) ? CALL_OUTCOMES[name as keyof typeof CALL_OUTCOMES] : outcomeOfCause(name);
}

/** Whether a call with this outcome has found no binding. */
export function lacksBinding({ stateCode }: CallOutcome): boolean {
  return WITHOUT_BINDING.includes(stateCode);
}

/** A call to be placed. */
export interface CallOptions {
  /** Who calls, global format. */
  readonly from: string;
  /** The X (or Y) dialled. */
  readonly to: string;
  /** Digits keyed in, AXE. */
  readonly digits?: string | undefined;
  /** What happens once the call is put through; `answered` unless given. */
  readonly outcome?: CallOutcomeName | undefined;
  /** Length of the talk of an answered call, whole seconds; drawn from 20-120 unless given. */
  readonly talkSeconds?: number | undefined;
  /** Length of the ringing, whole seconds; drawn unless given. */
  readonly ringSeconds?: number | undefined;
  /** Overrides the binding: record or not. */
  readonly record?: boolean | undefined;
  /** The call is answered now and goes on: until the platform is asked to stop it, or until the talk is over. */
  readonly running?: boolean | undefined;
}

/** Where a call goes, or why it goes nowhere. */
export interface CallRoute {
  /** `0` other user → A, `1` A → other user, `2` abnormal. */
  readonly direction: 0 | 1 | 2;
  readonly bindingId?: string | undefined;
  /** X that stands in `bindNum`. */
  readonly x: string;
  /** Real number of leg 2; `undefined` when the call is not put through. */
  readonly callee?: string | undefined;
  /** Number shown on leg 2. */
  readonly display?: string | undefined;
  readonly extension?: string | undefined;
  /** Whether digits were asked for, AXE. */
  readonly collected?: boolean | undefined;
  readonly userData?: string | undefined;
  readonly record?: boolean | undefined;
  /** Minutes; 0 or `undefined` = no limit. */
  readonly maxCall?: number | undefined;
  /** Hang-up cause of a call that the platform itself ends. */
  readonly failure?: number | undefined;
  /** Overrides the outcome asked for, e.g. an X switched off. */
  readonly outcome?: CallOutcomeName | undefined;
}

/** A call with all its instants (milliseconds, by the sandbox's clock): what its events and its CDR are made from. */
export interface CallPlan extends CallRoute {
  readonly sessionId: string;
  readonly icid: string;
  readonly mode: Mode;
  readonly appKey: string;
  readonly caller: string;
  /** What was dialled: X, or Y of AXYB. */
  readonly dialled: string;
  readonly digits?: string | undefined;
  readonly cause: CallCause;
  readonly startedAt: number;
  readonly collectedAt?: number | undefined;
  readonly forwardedAt?: number | undefined;
  readonly alertingAt?: number | undefined;
  readonly answeredAt?: number | undefined;
  /** Of a running call: when the talk will be over. */
  readonly endedAt: number;
  readonly recorded: boolean;
  /** Name of its recording where it is not that of the session. */
  readonly recordingName?: string | undefined;
  readonly running: boolean;
}
