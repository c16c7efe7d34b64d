import { isGlobalNumber, parsePhoneNumber, PhoneNumberError } from '../domain/phone-number.js';
import { drawHex } from './draw.js';
import { isInArrears } from './faults.js';
import { queuePush } from './push-queue.js';
import type { SandboxApplication, SandboxNumber, SandboxState } from './state.js';

/** A text sent to X. */
export interface SmsOptions {
  readonly from: string;
  /** The X written to. */
  readonly to: string;
  readonly content: string;
}

/** Asks the customer's server (Block push) and gives its parsed JSON; `undefined` when no usable answer comes. */
export type Ask = (url: string | undefined, body: unknown) => Promise<unknown>;

/** A text that went through the sandbox. */
export interface SmsResult {
  /** `sendResult` by the documented table; 0 = sent. */
  readonly sendResult: number;
  /** Body of the Notify push. */
  readonly notice: Readonly<Record<string, unknown>>;
  /** IDs of its pushes. */
  readonly pushes: readonly string[];
}

interface SmsRoute {
  readonly sendResult: number;
  readonly direction: 0 | 1 | 2;
  readonly bindingId?: string | undefined;
  readonly called?: string | undefined;
  readonly userData?: string | undefined;
  /** The customer decides. */
  readonly block?: boolean | undefined;
  /** As it is billed, with what the platform adds or the sender's own `@number`. */
  readonly content: string;
}

const RESULT = { sent: 0, frozen: 1, noBinding: 2, suspended: 3, discarded: 6, unanswered: 7, noSms: 11 } as const;

/** Messages after splitting: 70 characters, or 67 each in a long one (UCS-2, the carriers' standard). */
export function countParts(content: string): number {
  return content.length <= 70 ? 1 : Math.ceil(content.length / 67);
}

function routeAx(state: SandboxState, options: SmsOptions): SmsRoute {
  const { content, from } = options;
  const binding = state.ax.find(({ x }) => x === options.to);
  if (binding === undefined) return { sendResult: RESULT.noBinding, direction: 2, content };
  const { id: bindingId, userData, sms } = binding;
  const fromA = binding.a === from;
  const base = { bindingId, userData, content, direction: fromA ? 1 : 0 } as const;
  if (sms === false) return { ...base, sendResult: RESULT.noSms };
  if (!fromA) return { ...base, sendResult: RESULT.sent, called: binding.a, content: `${content}[From${from}]` };
  const called = numberAtEnd(content);
  return called === undefined
    ? { ...base, sendResult: RESULT.unanswered, block: true }
    : { ...base, sendResult: RESULT.sent, called };
}

/** B of `…@13800000021`: half-width `@`, at the very end, without `+86`. */
function numberAtEnd(content: string): string | undefined {
  const digits = /@(\d{7,12})$/.exec(content)?.[1];
  if (digits === undefined) return undefined;
  try {
    return parsePhoneNumber(digits);
  } catch (error) {
    if (error instanceof PhoneNumberError) return undefined;
    throw error;
  }
}

function routeAxb(state: SandboxState, options: SmsOptions): SmsRoute {
  const { content, from, to } = options;
  const pair = state.axb.find(({ x, a, b }) => x === to && (a === from || b === from));
  if (pair === undefined) return { sendResult: RESULT.noBinding, direction: 2, content };
  const fromA = pair.a === from;
  const base = { bindingId: pair.id, userData: pair.userData, content, direction: fromA ? 1 : 0 } as const;
  if (pair.sms === false) return { ...base, sendResult: RESULT.noSms };
  return { ...base, sendResult: RESULT.sent, called: fromA ? pair.b : pair.a };
}

function route(state: SandboxState, options: SmsOptions, number: SandboxNumber, hasSms: boolean): SmsRoute {
  const { content } = options;
  if (number.status === '9' || number.status === '10') return { sendResult: RESULT.suspended, direction: 2, content };
  if (!number.sms || !hasSms) return { sendResult: RESULT.noSms, direction: 2, content };
  if (number.mode === 'ax') return routeAx(state, options);
  if (number.mode === 'axb') return routeAxb(state, options);
  return { sendResult: RESULT.unanswered, direction: 0, block: true, content };
}

/** What the customer's answer to a Block orders; `actions` may be a plain object, as one sample builds it. */
function obey(plan: SmsRoute, answer: unknown): SmsRoute {
  const actions: unknown =
    typeof answer === 'object' && answer !== null && 'actions' in answer ? answer.actions : undefined;
  const first: unknown = Array.isArray(actions) ? actions[0] : actions;
  if (typeof first !== 'object' || first === null) return plan;
  const action = first as { operation?: unknown; message?: { called?: unknown }; userData?: unknown };
  if (action.operation === 'DiscardMessage') return { ...plan, sendResult: RESULT.discarded };
  const called = action.message?.called;
  if (action.operation !== 'vNumberRoute' || typeof called !== 'string' || !isGlobalNumber(called)) return plan;
  const userData = typeof action.userData === 'string' ? action.userData : plan.userData;
  return { ...plan, sendResult: RESULT.sent, called, userData };
}

/**
 * Sends a text through X and queues the Notify. AXB forwards it; AX forwards a text to A, and one of A by the `@number` at its end,
 * else asks the customer; X mode always asks. A binding without SMS answers 11, as a number without SMS does (the platform's own
 * result for that is not documented). Changes `state`.
 * Source: privatenumber_02_0008, 0008_2, 0008_3 (read 2026-07).
 */
export async function sendSms(
  context: { state: SandboxState; application: SandboxApplication; number: SandboxNumber; ask: Ask; now: Date },
  options: SmsOptions,
): Promise<SmsResult> {
  const { state, application, number, ask, now } = context;
  const smsIdentifier = drawHex(state, 32);
  const body = (mode: 'Notify' | 'Block', at: SmsRoute): Record<string, unknown> => ({
    appKey: application.appKey,
    smsEvent: {
      smsIdentifier,
      notificationMode: mode,
      calling: options.from,
      ...(mode === 'Notify' && at.called !== undefined ? { called: at.called } : {}),
      virtualNumber: number.x,
      event: mode === 'Notify' ? 'Text SMS ' : 'TextSMS',
      timeStamp: now.toISOString(),
      ...(at.bindingId === undefined ? {} : { subscriptionId: at.bindingId }),
      ...(application.smsContent ? { smsContent: options.content } : {}),
      extInfo: {
        extParas: [
          { key: 'splitNum', value: String(mode === 'Notify' && at.sendResult !== 0 ? 0 : countParts(at.content)) },
          { key: 'direction', value: String(at.direction) },
        ],
      },
      sendResult: mode === 'Block' ? 0 : at.sendResult,
      ...(at.userData === undefined ? {} : { userData: at.userData }),
    },
  });
  let plan: SmsRoute = isInArrears(state, application)
    ? { sendResult: RESULT.frozen, direction: 2, content: options.content }
    : route(state, options, number, application.sms);
  if (plan.block === true) plan = obey(plan, await ask(application.push.smsBlock, body('Block', plan)));
  const notice = body('Notify', plan);
  const id = queuePush(state, { appKey: application.appKey, kind: 'sms', body: notice, at: now.getTime() });
  return { sendResult: plan.sendResult, notice, pushes: id === undefined ? [] : [id] };
}
