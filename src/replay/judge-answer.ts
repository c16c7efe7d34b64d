import { isDeepStrictEqual } from 'node:util';
import { parseJson } from '../domain/parse-json.js';
import { sameText, type TextPair } from '../domain/text-pair.js';
import { AppError } from '../errors.js';
import { blockAnswerFault, blockQuestionOf, missing } from './block-answer.js';
import { parsePath } from './edit-body.js';
import { findSpans, type PathStep } from './json-spans.js';
import type { ReplayItem } from './replay-item.js';
import type { PushAnswer } from './send-push.js';

/** What an answer must be like. What is not given does not count. */
export interface Expectations {
  /** The only right status; any 2xx unless given. */
  readonly status?: number | undefined;
  /** The whole body without blanks around it, or a pattern for a part of it. */
  readonly body?: string | RegExp | undefined;
  readonly json?: readonly JsonExpectation[] | undefined;
  /** Milliseconds. */
  readonly maxLatencyMs?: number | undefined;
}

/** One `--expect-json path=value`. */
export interface JsonExpectation {
  readonly path: string;
  readonly steps: readonly PathStep[];
  readonly text: string;
}

/** Says what is wrong with an answer to a push, in a few words without numbers of the body; `undefined` when nothing is. */
export type Judge = (item: Pick<ReplayItem, 'bytes'>, answer: PushAnswer) => TextPair | undefined;

/** Builds the judge. The answer to a push that waits for an instruction must have the documented form, whatever else is expected. */
export function buildJudge(expectations: Expectations): Judge {
  const { maxLatencyMs } = expectations;
  return (item, answer) => {
    const { latencyMs } = answer;
    const wrong = statusFault(expectations.status, answer.status) ?? bodyFault(expectations, item, answer);
    if (wrong !== undefined) return wrong;
    if (maxLatencyMs === undefined || latencyMs <= maxLatencyMs) return undefined;
    const took = Math.ceil(latencyMs);
    return { zh: `${took} 毫秒，超过 ${maxLatencyMs} 毫秒`, en: `${took} ms, more than ${maxLatencyMs} ms` };
  };
}

/** Reads `--expect-body`: `/part/i` is a pattern, anything else the whole body. @throws AppError `flag-invalid`. */
export function parseBodyExpectation(typed: string): string | RegExp {
  const pattern = /^\/(.*)\/([a-z]*)$/s.exec(typed);
  if (pattern === null) return typed;
  try {
    return new RegExp(pattern[1] ?? '', pattern[2] ?? '');
  } catch (error) {
    throw new AppError(
      'flag-invalid',
      { zh: `--expect-body ${typed}：不是正则表达式`, en: `--expect-body ${typed}: is no pattern` },
      { cause: error },
    );
  }
}

/** Reads `--expect-json operation=connect`. @throws AppError `flag-invalid`. */
export function parseJsonExpectation(typed: string): JsonExpectation {
  const equals = typed.indexOf('=');
  const path = typed.slice(0, Math.max(0, equals));
  const steps = parsePath(path);
  if (equals < 1 || steps === undefined)
    throw new AppError('flag-invalid', {
      zh: '--expect-json：必须是 path=value，如 operation=connect',
      en: '--expect-json: must be path=value, such as operation=connect',
    });
  return { path, steps, text: typed.slice(equals + 1) };
}

function statusFault(wanted: number | undefined, status: number): TextPair | undefined {
  if (wanted === undefined) return status >= 200 && status <= 299 ? undefined : sameText(`HTTP ${status}`);
  return status === wanted ? undefined : { zh: `HTTP ${status}，不是 ${wanted}`, en: `HTTP ${status}, not ${wanted}` };
}

function bodyFault(
  { body, json }: Expectations,
  { bytes }: Pick<ReplayItem, 'bytes'>,
  { status, bodyText }: PushAnswer,
): TextPair | undefined {
  const question = status >= 200 && status <= 299 ? blockQuestionOf(bytes) : undefined;
  const fault = question === undefined ? undefined : blockAnswerFault(question, bodyText);
  if (fault !== undefined)
    return { zh: `对 Block 推送的答复不对：${fault.zh}`, en: `wrong answer to a Block push: ${fault.en}` };
  if (typeof body === 'string' && bodyText.trim() !== body.trim())
    return { zh: '响应体与期望的不同', en: 'the body is another one' };
  if (body instanceof RegExp && bodyText.search(body) < 0)
    return { zh: `响应体中没有 ${String(body)}`, en: `nothing in the body is ${String(body)}` };
  for (const expectation of json ?? []) {
    const wrong = jsonFault(expectation, bodyText);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function jsonFault({ path, steps, text }: JsonExpectation, bodyText: string): TextPair | undefined {
  const bytes = Buffer.from(bodyText, 'utf8').toString('latin1');
  if (parseJson(bodyText) === undefined) return { zh: '响应体不是 JSON', en: 'the body is no JSON' };
  const spans = findSpans(bytes, steps);
  if (spans.length === 0) return missing(path);
  const found = spans.map(({ start, end }) => Buffer.from(bytes.slice(start, end), 'latin1').toString('utf8'));
  if (found.every((value) => isSame(value, text))) return undefined;
  return { zh: `${path} 不是 ${text}`, en: `${path} is not ${text}` };
}

/** Text may be typed with its quotes or without; numbers are compared as they are written first, so that long ones count whole. */
function isSame(found: string, typed: string): boolean {
  if (found === typed || parseJson(found) === typed) return true;
  const wanted = parseJson(typed);
  if (typeof wanted === 'number' && !Number.isSafeInteger(wanted) && Number.isInteger(wanted)) return false;
  return wanted !== undefined && isDeepStrictEqual(parseJson(found), wanted);
}
