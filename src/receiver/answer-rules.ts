import type { BlockKind, BlockQuestion } from './block-question.js';
import { DEFAULT_ANSWERS } from './default-answers.js';

/** One row of the table: when it applies, and what is answered. */
export interface AnswerRule {
  readonly kind: BlockKind;
  /** Its own name, else `calls[2]`. */
  readonly name: string;
  /** Line in the file of rules, from 1. */
  readonly line: number;
  /** Each condition that is given must hold. */
  readonly x?: ((number: string) => boolean) | undefined;
  readonly caller?: ((number: string) => boolean) | undefined;
  /** Parts of which the text must hold one. */
  readonly content?: readonly string[] | undefined;
  /** Spans of the day in Beijing in minutes from midnight, start included, end not; one whose end is not after its start runs over midnight. */
  readonly times?: readonly (readonly [start: number, end: number])[] | undefined;
  /** Body of the answer. */
  readonly answer: (question: BlockQuestion) => string;
}

/** What was decided. */
export interface Decision {
  /** `undefined`: no rule applies, the default is answered. */
  readonly rule: AnswerRule | undefined;
  readonly body: string;
}

const BEIJING_MINUTES = 8 * 60;
const DAY_MINUTES = 24 * 60;

/** The answer of the first rule that applies, from the top; else {@link DEFAULT_ANSWERS}: the call is closed, the SMS discarded. */
export function decideAnswer(rules: readonly AnswerRule[], question: BlockQuestion): Decision {
  const rule = rules.find((one) => applies(one, question));
  return { rule, body: rule?.answer(question) ?? DEFAULT_ANSWERS[question.kind] };
}

function applies(rule: AnswerRule, { kind, x, caller, content, at }: BlockQuestion): boolean {
  if (rule.kind !== kind) return false;
  if (rule.x?.(x ?? '') === false || rule.caller?.(caller ?? '') === false) return false;
  if (rule.content?.some((part) => content?.includes(part) === true) === false) return false;
  return rule.times?.some((span) => isWithin(minuteOfDay(at), span)) !== false;
}

function minuteOfDay(at: Date): number {
  return Math.floor(at.getTime() / 60_000 + BEIJING_MINUTES) % DAY_MINUTES;
}

function isWithin(minute: number, [start, end]: readonly [number, number]): boolean {
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}
