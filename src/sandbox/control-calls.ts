import { maskPhoneNumber } from '../domain/phone-number.js';
import { AppError } from '../errors.js';
import { CALL_OUTCOMES, type CallOptions, type CallOutcomeName } from './call-plan.js';
import { type ControlContext, type Fields, findNumber, flag, invalid, phone, text, whole } from './control-input.js';
import type { ModeRequest } from './modes/mode-request.js';
import { type CallResult, drawSteps, identifyCall, layOut, placeCall } from './place-call.js';
import { refusedCaller, routeByAnswer, routeCall } from './route-call.js';
import { sendSms, type SmsResult } from './send-sms.js';

const MOST_SECONDS = 86_400;

function callOptions(fields: Fields): CallOptions {
  const outcome = text(fields, 'outcome') ?? 'answered';
  if (!Object.hasOwn(CALL_OUTCOMES, outcome)) {
    throw invalid(`outcome must be one of ${Object.keys(CALL_OUTCOMES).join(', ')}`);
  }
  return {
    from: phone(fields, 'from'),
    to: phone(fields, 'to'),
    digits: text(fields, 'digits'),
    outcome: outcome as CallOutcomeName,
    talkSeconds: whole(fields, 'talkSeconds', MOST_SECONDS),
    ringSeconds: whole(fields, 'ringSeconds', 600),
    record: flag(fields, 'record'),
    running: flag(fields, 'running'),
  };
}

/** `POST calls`: places a call. @returns the call and the IDs of its pushes. @throws AppError. */
export async function controlCall(context: ControlContext, fields: Fields): Promise<CallResult & { pushes: string[] }> {
  const { state, now, ask } = context;
  const options = callOptions(fields);
  const { number, application } = findNumber(state, options.to);
  const before = state.pushes.length;
  const steps = drawSteps(state, options);
  const request: ModeRequest = { state, application, values: {}, body: {}, now };
  let result: CallResult;
  if (number.mode === 'x') {
    const total = layOut({ direction: 0, x: number.x }, options.outcome ?? 'answered', steps).ended;
    const identity = identifyCall(state, number, Math.floor(now.getTime() / 1000) * 1000 - total * 1000);
    const statusInfo = {
      sessionId: identity.sessionId,
      timestamp: new Date(identity.startedAt).toISOString().slice(0, 19).replace('T', ' '),
      caller: maskPhoneNumber(options.from),
      called: number.x,
      notifyMode: 'Block',
    };
    const refused = refusedCaller(number, options.from);
    const answer = refused ?? (await ask(application.push.event, { eventType: 'callin', statusInfo }));
    const route = refused ?? routeByAnswer(number, answer);
    result = placeCall(state, { application, number, options, route, steps, identity }, now);
  } else {
    const route = routeCall(request, options, number);
    result = placeCall(state, { application, number, options, route, steps }, now);
  }
  return { ...result, pushes: state.pushes.slice(before).map(({ id }) => id) };
}

/** `POST sms`: sends a text. @returns what became of it and the IDs of its pushes. @throws AppError. */
export async function controlSms(context: ControlContext, fields: Fields): Promise<SmsResult & { pushes: string[] }> {
  const options = { from: phone(fields, 'from'), to: phone(fields, 'to'), content: text(fields, 'content') ?? '' };
  const { number, application } = findNumber(context.state, options.to);
  if (number.mode === 'axe' || number.mode === 'axyb') {
    throw new AppError('feature-not-enabled', `${number.mode.toUpperCase()} has no SMS`);
  }
  const before = context.state.pushes.length;
  const result = await sendSms({ ...context, number, application }, options);
  return { ...result, pushes: context.state.pushes.slice(before).map(({ id }) => id) };
}
