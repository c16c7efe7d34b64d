import type { TextPair } from '../domain/text-pair.js';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../errors.js';
import type { CallOptions } from './call-plan.js';
import type { PushView } from './control.js';
import { IN_PROCESS, type SandboxRequest, type SandboxResponse } from './exchange.js';
import type { CallResult } from './place-call.js';
import { CONTROL_PATH } from './sandbox.js';
import type { SmsOptions, SmsResult } from './send-sms.js';
import type { Fault, PushAddresses, SandboxApplication, SandboxNumber, SandboxState } from './state.js';
import type { Mode } from '../domain/mode.js';

/** An application without its secret. */
export type ApplicationView = Omit<SandboxApplication, 'appSecret'>;

/** Everything the sandbox knows but its pushes and secrets; `now` is its own time, RFC 3339. */
export type StateView = Omit<SandboxState, 'applications' | 'pushes'> & {
  readonly now: string;
  readonly applications: readonly ApplicationView[];
};

/** A push, and what became of it. */
export type ControlledPush = Omit<PushView, 'queuedAt' | 'dueAt'> & { readonly queuedAt: Date; readonly dueAt: Date };

/** What can be changed of an application; without `mode` of every one. */
export interface ApplicationChange {
  readonly mode?: Mode | undefined;
  /** An address given as `null` is taken away. */
  readonly push?: { readonly [Name in keyof PushAddresses]?: string | null | undefined } | undefined;
  readonly condition?: SandboxApplication['condition'] | undefined;
  readonly recording?: boolean | undefined;
  readonly sms?: boolean | undefined;
  readonly smsContent?: boolean | undefined;
  readonly extensionDigits?: number | undefined;
  readonly allowedAddresses?: readonly string[] | undefined;
}

/** How the sandbox's clock is set; nothing given shows it. */
export interface ClockChange {
  /** RFC 3339. */
  readonly set?: string | undefined;
  /** Added to the time as it is, or to `set`; may be negative. */
  readonly advanceSeconds?: number | undefined;
  /** Whether it stands still afterwards; as before unless given. */
  readonly freeze?: boolean | undefined;
  /** Back to the host's time. */
  readonly real?: boolean | undefined;
}

/** A call as the steering gives it. */
export type PlacedCall = Omit<CallResult, 'pushes'>;

/** The steering of a sandbox, in the process or behind a server. All methods reject with `AppError`. */
export interface SandboxControl {
  state(): Promise<StateView>;
  /** Makes a call; with `pushes`, what became of its first pushes. */
  call(options: CallOptions): Promise<PlacedCall & { readonly pushes: readonly ControlledPush[] }>;
  /** Makes `count` calls, 50 at most, that end together: their CDRs are in one push. */
  calls(
    options: CallOptions,
    count: number,
  ): Promise<{ readonly calls: readonly PlacedCall[]; readonly pushes: readonly ControlledPush[] }>;
  sms(options: SmsOptions): Promise<Omit<SmsResult, 'pushes'> & { readonly pushes: readonly ControlledPush[] }>;
  /** Changes the state of an X and pushes the change; `changed`: it had another one before. */
  number(change: {
    readonly x: string;
    readonly status?: string | undefined;
    readonly cause?: string | undefined;
    readonly sms?: boolean | undefined;
  }): Promise<{
    readonly number: SandboxNumber;
    readonly changed: boolean;
    readonly pushes: readonly ControlledPush[];
  }>;
  /** Adds a fault. @returns every fault that stands. */
  fault(fault: Fault): Promise<readonly Fault[]>;
  clearFaults(): Promise<void>;
  /** @returns the sandbox's time, RFC 3339 in UTC. */
  clock(change?: ClockChange): Promise<string>;
  /** Forgets everything but the push addresses. */
  reset(seed?: number): Promise<void>;
  applications(change?: ApplicationChange): Promise<readonly ApplicationView[]>;
  /** Pushes waiting and the last ones done. `retry` sends the waiting ones now; `timeScale` stretches or shrinks the retry minutes;
   * `blockWaitMs` is how long a question waits for its answer. */
  pushes(change?: {
    readonly retry?: boolean | undefined;
    readonly timeScale?: number | undefined;
    readonly blockWaitMs?: number | undefined;
  }): Promise<readonly ControlledPush[]>;
}

async function readAll(body: SandboxResponse['body']): Promise<string> {
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** An error as the steering tells it: in English, and the same in Chinese; not of older versions. */
interface ControlError extends ControlWords {
  readonly code?: string;
  readonly zh?: ControlWords;
}

interface ControlWords {
  readonly message?: string;
  readonly hint?: string;
}

function bothOf(en: string, zh = en): TextPair {
  return { zh, en };
}

function errorOf(answer: unknown): AppError {
  const told = (answer as { error?: ControlError } | undefined)?.error;
  const known = told?.code !== undefined && Object.hasOwn(ERROR_CATALOGUE, told.code);
  const code = known ? (told.code as ErrorCode) : 'internal';
  const { message, hint, zh } = told ?? {};
  if (message === undefined)
    return new AppError(code, { zh: '沙箱没有给出可用的应答', en: 'the sandbox gave no usable answer' });
  return new AppError(code, bothOf(message, zh?.message), {
    hint: hint === undefined ? undefined : bothOf(hint, zh?.hint),
  });
}

function pushesIn(answer: unknown): ControlledPush[] {
  const { pushes } = answer as { pushes: readonly PushView[] };
  return pushes.map((push) => ({ ...push, queuedAt: new Date(push.queuedAt), dueAt: new Date(push.dueAt) }));
}

/** Steers a sandbox through its own requests, so that it does not matter where it runs. */
export function buildSandboxControl(handle: (request: SandboxRequest) => Promise<SandboxResponse>): SandboxControl {
  const ask = async (method: string, endpoint: string, body?: object): Promise<unknown> => {
    const response = await handle({
      method,
      target: `${CONTROL_PATH}${endpoint}`,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
      remote: IN_PROCESS,
    });
    const answer: unknown = JSON.parse(await readAll(response.body));
    if (response.status !== 200) throw errorOf(answer);
    return answer;
  };
  const pushesOf = async (ids: readonly string[]): Promise<ControlledPush[]> => {
    if (ids.length === 0) return [];
    return pushesIn(await ask('GET', 'pushes')).filter(({ id }) => ids.includes(id));
  };
  const withPushes = async <T extends { readonly pushes: readonly string[] }>(
    answer: T,
  ): Promise<Omit<T, 'pushes'> & { pushes: ControlledPush[] }> => ({
    ...answer,
    pushes: await pushesOf(answer.pushes),
  });
  const makeCalls = async (
    options: CallOptions,
    count: number,
  ): Promise<{ calls: PlacedCall[]; pushes: ControlledPush[] }> =>
    withPushes((await ask('POST', 'calls', { ...options, count })) as { calls: PlacedCall[]; pushes: string[] });
  return {
    state: async () => (await ask('GET', 'state')) as StateView,
    call: async (options) => {
      const { calls, pushes } = await makeCalls(options, 1);
      const [call] = calls;
      if (call === undefined) throw errorOf(undefined);
      return { ...call, pushes };
    },
    calls: makeCalls,
    sms: async (options) => withPushes((await ask('POST', 'sms', options)) as SmsResult),
    number: async (change) =>
      withPushes(
        (await ask('POST', 'number', change)) as { number: SandboxNumber; changed: boolean; pushes: string[] },
      ),
    fault: async (fault) => ((await ask('POST', 'fault', fault)) as { faults: Fault[] }).faults,
    clearFaults: async () => {
      await ask('DELETE', 'fault');
    },
    clock: async (change) => {
      const answer = await (change === undefined ? ask('GET', 'clock') : ask('POST', 'clock', change));
      return (answer as { now: string }).now;
    },
    reset: async (seed) => {
      await ask('POST', 'reset', { seed });
    },
    applications: async (change) => {
      const answer = await (change === undefined ? ask('GET', 'applications') : ask('POST', 'applications', change));
      return (answer as { applications: ApplicationView[] }).applications;
    },
    pushes: async (change) => {
      const answer = await (change === undefined ? ask('GET', 'pushes') : ask('POST', 'pushes', change));
      const pushes = pushesIn(answer);
      return change?.retry === true ? pushesOf(pushes.map(({ id }) => id)) : pushes;
    },
  };
}
