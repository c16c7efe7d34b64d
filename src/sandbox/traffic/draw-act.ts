import type { CallOptions, CallOutcomeName } from '../call-plan.js';
import { draw, drawInteger, type RandomSource } from '../draw.js';
import type { SmsOptions } from '../send-sms.js';
import type { Caller, Cast } from './traffic-cast.js';

/** Share of each outcome in a hundred calls that are put through. The sandbox's own figures: none are published. */
const OUTCOME_SHARES: Partial<Record<CallOutcomeName, number>> = {
  answered: 62,
  'no-answer': 11,
  busy: 8,
  'caller-hung-up': 5,
  rejected: 4,
  off: 3,
  unreachable: 2,
  'gave-up-early': 1,
  refused: 1,
  'out-of-service': 1,
  'no-such-number': 1,
  failed: 1,
};

/** So many calls in a hundred come from somebody who has no binding, from a landline, or are wrong in another way of the mode. */
const STRANGERS = 2;
const LANDLINES = 0.5;
const WRONG = 2;
/** One text for so many calls, where the mode has SMS. */
const CALLS_PER_TEXT = 10;

const STRANGER = '+8613899999999';
const LANDLINE = '+8675528000001';
const TEXTS: readonly string[] = ['我到楼下了', '请放在门口，谢谢', 'I am on my way', '马上到，请稍等五分钟'];

/** A call to be made. */
export interface CallAct {
  readonly options: CallOptions;
  /** Named for A of AX before it calls. */
  readonly callee?: Caller['callee'];
}

/** Every second one of the bindings that the sandbox has, if it has any. */
function drawCaller(random: RandomSource, { callers, bound }: Cast): Caller | undefined {
  const pool = bound.length > 0 && draw(random) < 0.5 ? bound : callers;
  return pool[drawInteger(random, 0, pool.length - 1)];
}

function drawOutcome(random: RandomSource): CallOutcomeName {
  const shares = Object.entries(OUTCOME_SHARES) as [CallOutcomeName, number][];
  let left = draw(random) * shares.reduce((sum, [, share]) => sum + share, 0);
  return shares.find(([, share]) => (left -= share) < 0)?.[0] ?? 'answered';
}

/** Most talks are short, a few long: 5 seconds to 20 minutes, half of them under 50 seconds. */
function drawTalkSeconds(random: RandomSource): number {
  const [one, other] = [draw(random), draw(random)];
  return Math.max(5, Math.min(1200, Math.round(50 * Math.exp(1.1 * (one + other - 1) * 2))));
}

/** The next call. Changes `random`; the same seed gives the same calls. */
export function drawCall(random: RandomSource, cast: Cast): CallAct {
  const caller = drawCaller(random, cast);
  if (caller === undefined) throw new Error('nobody can call');
  const oddity = draw(random) * 100;
  const outcome = drawOutcome(random);
  const talkSeconds = drawTalkSeconds(random);
  const options = {
    from: caller.from,
    to: caller.to,
    digits: caller.digits,
    outcome,
    talkSeconds,
    ringSeconds: outcome === 'no-answer' ? undefined : drawInteger(random, 2, 20),
  };
  if (oddity < STRANGERS) return { options: { ...options, from: STRANGER } };
  if (oddity < STRANGERS + LANDLINES) return { options: { ...options, from: LANDLINE } };
  if (oddity < STRANGERS + LANDLINES + WRONG) {
    // AXE: the wrong extension, or none; A of AX: nobody named to reach.
    return { options: { ...options, digits: caller.digits === undefined ? undefined : oddity < 3 ? '' : '9' } };
  }
  return { options, callee: caller.callee };
}

/** A text, or `undefined` where this time there is none. Changes `random`. */
export function drawText(random: RandomSource, cast: Cast): SmsOptions | undefined {
  if (drawInteger(random, 1, CALLS_PER_TEXT) !== 1) return undefined;
  const caller = drawCaller(random, cast);
  const text = TEXTS[drawInteger(random, 0, TEXTS.length - 1)] ?? '';
  if (caller === undefined) return undefined;
  const b = draw(random) < 0.5 ? caller.callee?.number : undefined;
  const content = b === undefined ? text : `${text}@${b.replace('+86', '')}`;
  return { from: draw(random) * 100 < STRANGERS ? STRANGER : caller.from, to: caller.to, content };
}
