import { AppError } from '../errors.js';
import { CALL_OUTCOMES, type CallOptions, type CallOutcomeName, findOutcome } from './call-plan.js';
import { type ControlContext, type Fields, findNumber, flag, invalid, phone, text, whole } from './control-input.js';
import { makeCall } from './make-call.js';
import type { CallResult } from './place-call.js';
import { sendSms, type SmsResult } from './send-sms.js';

/** Longest talk. */
export const MOST_SECONDS = 86_400;
/** Longest ringing. */
export const MOST_RING_SECONDS = 600;
/** As many as go into one push of CDRs. */
export const MOST_CALLS = 50;

function callOptions(fields: Fields): CallOptions {
  const outcome = text(fields, 'outcome') ?? 'answered';
  if (findOutcome(outcome) === undefined) {
    throw invalid({
      zh: `outcome 必须是通话挂机原因值，如 7506，或 ${Object.keys(CALL_OUTCOMES).join('、')} 之一`,
      en: `outcome must be a hang-up cause such as 7506, or one of ${Object.keys(CALL_OUTCOMES).join(', ')}`,
    });
  }
  return {
    from: phone(fields, 'from'),
    to: phone(fields, 'to'),
    digits: text(fields, 'digits'),
    outcome: outcome as CallOutcomeName,
    talkSeconds: whole(fields, 'talkSeconds', MOST_SECONDS),
    ringSeconds: whole(fields, 'ringSeconds', MOST_RING_SECONDS),
    record: flag(fields, 'record'),
    running: flag(fields, 'running'),
  };
}

/**
 * `POST calls`: places a call, or `count` of them, whose CDRs go out together.
 * @returns the last call, all of them, and the IDs of all their pushes.
 * @throws AppError.
 */
export async function controlCall(
  context: ControlContext,
  fields: Fields,
): Promise<Partial<CallResult> & { calls: CallResult[]; pushes: string[] }> {
  const options = callOptions(fields);
  const count = whole(fields, 'count', MOST_CALLS) ?? 1;
  if (count === 0)
    throw invalid({
      zh: `count 必须是 1 到 ${MOST_CALLS} 的整数`,
      en: `count must be a whole number from 1 to ${MOST_CALLS}`,
    });
  const calls: CallResult[] = [];
  while (calls.length < count) {
    calls.push(await makeCall({ ...context, ...findNumber(context.state, options.to) }, options));
  }
  return { ...calls.at(-1), calls, pushes: [...new Set(calls.flatMap(({ pushes }) => pushes))] };
}

/** `POST sms`: sends a text. @returns what became of it and the IDs of its pushes. @throws AppError. */
export async function controlSms(context: ControlContext, fields: Fields): Promise<SmsResult> {
  const options = { from: phone(fields, 'from'), to: phone(fields, 'to'), content: text(fields, 'content') ?? '' };
  const { number, application } = findNumber(context.state, options.to);
  if (number.mode === 'axe' || number.mode === 'axyb') {
    throw new AppError('feature-not-enabled', {
      zh: `${number.mode.toUpperCase()} 模式没有短信`,
      en: `${number.mode.toUpperCase()} has no SMS`,
    });
  }
  return sendSms({ ...context, number, application }, options);
}
