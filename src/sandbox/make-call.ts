import { maskPhoneNumber } from '../domain/phone-number.js';
import type { CallOptions, CallPlan } from './call-plan.js';
import { isInArrears } from './faults.js';
import type { ModeRequest } from './modes/mode-request.js';
import { type CallResult, drawSteps, identifyCall, layOut, placeCall } from './place-call.js';
import { refusedCaller, routeByAnswer, routeCall } from './route-call.js';
import type { Ask } from './send-sms.js';
import type { SandboxApplication, SandboxNumber, SandboxState } from './state.js';

/** Hang-up cause of an account that is frozen, e.g. in arrears. Source: privatenumber_04_0010 (read 2026-07). */
const ARREARS = 7108;

/** In which sandbox a call is made, and to which number. */
export interface CallScene {
  readonly state: SandboxState;
  readonly application: SandboxApplication;
  readonly number: SandboxNumber;
  /** Asks the customer's server, X mode. */
  readonly ask: Ask;
  /** By the clock of the sandbox. */
  readonly now: Date;
  /** Name of its recording where it is not that of its session. */
  readonly nameRecording?: ((plan: CallPlan) => string) | undefined;
}

/**
 * Makes a call: finds its way by the bindings, in X mode by the customer's answer, and lays it out to end now. Changes the state.
 * @returns the call; its pushes are queued.
 */
export async function makeCall(scene: CallScene, options: CallOptions): Promise<CallResult> {
  const { state, application, number, ask, now, nameRecording } = scene;
  const steps = drawSteps(state, options);
  const refused = isInArrears(state, application)
    ? ({ direction: 2, x: number.x, failure: ARREARS } as const)
    : refusedCaller(number, options.from);
  if (number.mode !== 'x') {
    const request: ModeRequest = { state, application, values: {}, body: {}, now };
    const route = refused ?? routeCall(request, options, number);
    return placeCall(state, { application, number, options, route, steps, nameRecording }, now);
  }
  const total = layOut({ direction: 0, x: number.x }, options.outcome ?? 'answered', steps).ended;
  const identity = identifyCall(state, number, Math.floor(now.getTime() / 1000) * 1000 - total * 1000);
  const statusInfo = {
    sessionId: identity.sessionId,
    timestamp: new Date(identity.startedAt).toISOString().slice(0, 19).replace('T', ' '),
    caller: maskPhoneNumber(options.from),
    called: number.x,
    notifyMode: 'Block',
  };
  const route =
    refused ?? routeByAnswer(number, await ask(application.push.event, { eventType: 'callin', statusInfo }));
  return placeCall(state, { application, number, options, route, steps, identity, nameRecording }, now);
}
