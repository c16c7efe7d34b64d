import type { Mode } from '../domain/mode.js';
import type { CallPlan } from './call-plan.js';

/** Base address of the sandbox inside the process. A reserved name: it is never resolved. */
export const SANDBOX_ENDPOINT = 'http://sandbox.invalid';

/** Where an application wants its pushes; an address left out gets none. */
export interface PushAddresses {
  cdr?: string | undefined;
  event?: string | undefined;
  /** SMS notices (Notify). */
  sms?: string | undefined;
  /** SMS questions (Block), AX and X. */
  smsBlock?: string | undefined;
  /** X number status; without it these go to `event`. */
  number?: string | undefined;
}

/** One application; its mode is fixed for good. */
export interface SandboxApplication {
  mode: Mode;
  appKey: string;
  appSecret: string;
  /** `off` answers 1010004, `frozen` 1010029. */
  condition: 'on' | 'off' | 'frozen';
  recording: boolean;
  sms: boolean;
  /** Whether SMS notices carry their text. */
  smsContent: boolean;
  /** Digits of an extension, 1-4; AXE. */
  extensionDigits: number;
  /** When not empty, requests from elsewhere answer 1020166. */
  allowedAddresses: string[];
  push: PushAddresses;
}

/** One number that can be X (or Y). */
export interface SandboxNumber {
  x: string;
  mode: Mode;
  city: string;
  /** City code with its leading 0. */
  areaCode: string;
  /** `5` normal, `9` suspended, `10` unusable, `11` binding frozen. */
  status: string;
  cause?: string | undefined;
  sms: boolean;
}

/** What the bindings of every mode have. Instants are milliseconds since 1970, by the clock of the sandbox. */
export interface BindingBase {
  id: string;
  appKey: string;
  a: string;
  x: string;
  record: boolean;
  recordTone?: string | undefined;
  userData?: string | undefined;
  boundAt: number;
  /** `null` = never. */
  expiresAt: number | null;
}

/** Tones and limits that AX and AXB share. */
export interface CallSettings {
  direction?: string | undefined;
  sms?: boolean | undefined;
  callerTone?: string | undefined;
  calleeTone?: string | undefined;
  maxCall?: number | undefined;
  lastMinuteTone?: string | undefined;
}

/** An A on its X. */
export interface AxBinding extends BindingBase, CallSettings {
  showCaller?: boolean | undefined;
  power?: boolean | undefined;
}

/** A pair on an X. */
export interface AxbBinding extends BindingBase, CallSettings {
  b: string;
  /** As set, seconds; 0 = never expires. */
  ttl: number;
}

/** An A behind an extension of an X. */
export interface AxeBinding extends BindingBase {
  extension: string;
  showCaller?: boolean | undefined;
  callbackTone?: string | undefined;
  callbackNumber?: string | undefined;
  /** Seconds; 0 or absent = a callback record stays. */
  callbackTtl?: number | undefined;
  /** What the bind sent; the query shows it even after an update. */
  sent: { timeUnit?: string; bindExpiredTime?: number; callbackExpiredTime?: number };
}

/** B's Y of an AXYB binding. */
export interface YbRelation {
  b: string;
  y: string;
  ybTtl: number;
  yTone?: string | undefined;
  expiresAt: number | null;
}

/** A on X, and every B that has a Y. */
export interface AxybBinding extends BindingBase {
  direction?: string | undefined;
  ttl: number;
  ybTtl: number;
  xTone?: string | undefined;
  relations: YbRelation[];
}

/** Whom the next call of A through X reaches, AX. */
export interface TemporaryCallee {
  bindingId: string;
  callee: string;
  userData?: string | undefined;
  expiresAt: number;
}

/** The last user who reached A through X and an extension, AXE. */
export interface CallbackRecord {
  bindingId: string;
  caller: string;
  expiresAt: number | null;
}

/** A recording; its sound is made from these figures whenever it is asked for. */
export interface SandboxRecording {
  fileName: string;
  domain: string;
  appKey: string;
  seconds: number;
  seed: number;
  createdAt: number;
}

/** A notice on its way. */
export interface QueuedPush {
  id: string;
  appKey: string;
  kind: 'event' | 'fee' | 'sms' | 'number-status';
  url: string;
  /** Empty once delivered or lost. */
  body: string;
  /** CDRs in it. */
  records?: number | undefined;
  queuedAt: number;
  dueAt: number;
  attempts: number;
  state: 'waiting' | 'delivered' | 'lost';
  /** Until when somebody is sending it. */
  leasedUntil: number;
  /** Status of the last answer, or why there was none. */
  lastAnswer?: string | undefined;
}

/** A push as it is taken for sending. */
export interface TakenPush extends QueuedPush {
  /** Sent a second time, as the fault `push-twice` has it; what becomes of it counts for nothing. */
  isCopy?: boolean | undefined;
}

/** What shall go wrong, and how often. */
export interface Fault {
  kind:
    | 'slow'
    | 'down'
    | '5xx'
    | '5xx-after'
    | 'flow-control'
    | 'locked'
    | 'lost-answer'
    | 'cut'
    | 'not-audio'
    | 'range-ignored'
    | 'etag-changed'
    | 'expired-address'
    | 'redirect'
    | 'stall'
    | 'drip'
    | 'arrears'
    | 'push-twice';
  /** How many requests it still hits; `undefined` = no limit. */
  count?: number | undefined;
  /** Share of the requests it hits, 0-1; `undefined` = all. */
  share?: number | undefined;
  /** Only requests whose path contains this; of `push-twice` the address pushed to. */
  path?: string | undefined;
  /** Length of `slow` and `stall`, pause between the bytes of `drip`, milliseconds. */
  delayMs?: number | undefined;
  /** Status of `5xx`, `5xx-after` and `redirect`. */
  status?: number | undefined;
}

/** The sandbox's own time: the real one, moved by a distance, or standing still. Milliseconds. */
export type SandboxClock = { kind: 'offset'; ms: number } | { kind: 'fixed'; at: number };

/** Everything the sandbox knows: plain data that survives JSON. The functions of this room change it in place. */
export interface SandboxState {
  version: 1;
  seed: number;
  /** Random values given so far. */
  draws: number;
  clock: SandboxClock;
  applications: SandboxApplication[];
  numbers: SandboxNumber[];
  ax: AxBinding[];
  axb: AxbBinding[];
  axe: AxeBinding[];
  axyb: AxybBinding[];
  temporaryCallees: TemporaryCallee[];
  callbacks: CallbackRecord[];
  /** Calls placed so far. */
  callCount: number;
  /** Running calls, and the last ones that ended. */
  calls: CallPlan[];
  recordings: SandboxRecording[];
  pushes: QueuedPush[];
  /** Factor on the retry minutes of pushes. */
  pushTimeScale: number;
  /** How long a question (Block) waits for its answer; the platform's own figure is not published. */
  blockWaitMs: number;
  faults: Fault[];
  /** Instants of failed authentications by remote address. */
  failures: Record<string, number[]>;
  /** Until when a remote address is blocked. */
  blockedUntil: Record<string, number>;
}

/** The sandbox's time while the real one is `real`. */
export function sandboxTime(state: SandboxState, real: Date): Date {
  return new Date(state.clock.kind === 'fixed' ? state.clock.at : real.getTime() + state.clock.ms);
}
