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
  readonly rings: boolean;
  readonly help: string;
}

/**
 * Outcomes that `sandbox call --outcome` knows. Hang-up causes and Q.850 causes are the documented ones; the SIP statuses, and which
 * Q.850 cause comes with which hang-up cause, are the sandbox's own.
 * Source of the codes: privatenumber_04_0010 (read 2026-07).
 */
export const CALL_OUTCOMES = {
  answered: { stateCode: 0, q850: 0, sip: 0, rings: true, help: 'both talk, one hangs up' },
  busy: { stateCode: 8102, q850: 17, sip: 486, rings: false, help: 'the callee is busy' },
  'no-answer': { stateCode: 8101, q850: 19, sip: 480, rings: true, help: 'it rings, nobody answers' },
  rejected: { stateCode: 7503, q850: 21, sip: 603, rings: true, help: 'the callee rejects the call' },
  off: { stateCode: 8104, q850: 20, sip: 480, rings: false, help: 'the callee is switched off' },
  unreachable: { stateCode: 8103, q850: 18, sip: 408, rings: false, help: 'the carrier cannot connect the callee' },
  'out-of-service': { stateCode: 8105, q850: 27, sip: 480, rings: false, help: 'the callee is out of service' },
  'no-such-number': {
    stateCode: 8100,
    q850: 1,
    sip: 404,
    rings: false,
    help: 'the number of the callee does not exist',
  },
  'caller-hung-up': { stateCode: 7502, q850: 0, sip: 487, rings: true, help: 'the caller hangs up while it rings' },
  'gave-up-early': { stateCode: 7501, q850: 0, sip: 487, rings: false, help: 'the caller hangs up before it rings' },
  refused: { stateCode: 7504, q850: 21, sip: 403, rings: false, help: 'do-not-disturb, a blacklist or a blocking app' },
  failed: { stateCode: 7508, q850: 3, sip: 503, rings: false, help: 'routing fails' },
} as const satisfies Record<string, CallOutcome>;

export type CallOutcomeName = keyof typeof CALL_OUTCOMES;

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
  readonly running: boolean;
}
