import { formatPlatformTime, parsePlatformTime } from '../domain/instant.js';
import { AppError } from '../errors.js';
import { fieldSpans, findSpans, type PathStep, type Span } from './json-spans.js';
import type { ReplayItem } from './replay-item.js';

/** One `--set path=value`. */
export interface FieldChange {
  /** As typed. */
  readonly path: string;
  readonly steps: readonly PathStep[];
  readonly text: string;
}

/**
 * Reads `statusInfo.called=+8613800000001` or `feeLst[0].icid=7`; `*` stands for every element of a list.
 * @throws AppError `flag-invalid`.
 */
export function parseFieldChange(flag: string, typed: string): FieldChange {
  const equals = typed.indexOf('=');
  const path = typed.slice(0, Math.max(0, equals));
  const steps = parsePath(path);
  if (equals < 1 || steps === undefined)
    throw new AppError('flag-invalid', {
      zh: `${flag}：必须是 path=value，如 feeLst[0].icid=i1 或 feeLst[*].areaCode=755`,
      en: `${flag}: must be path=value, such as feeLst[0].icid=i1 or feeLst[*].areaCode=755`,
    });
  return { path, steps, text: typed.slice(equals + 1) };
}

/** Steps of a path such as `actions[0].operation`, `actions.0.operation`; `undefined` when it is none. */
export function parsePath(path: string): readonly PathStep[] | undefined {
  if (!/^[^.[\]]+(\.[^.[\]]+|\[(\d+|\*)\])*$/.test(path)) return undefined;
  return [...path.matchAll(/[^.[\]]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step));
}

/**
 * Writes a value into a body; every other byte stays. It takes the type of what stands there: text stays text, and a number, `true`,
 * `null`, an object or a list is written where such a thing (or no text) stood.
 * @throws AppError `flag-invalid` when the body has no such field.
 */
export function setField(item: ReplayItem, change: FieldChange): ReplayItem {
  const text = textOf(item);
  const spans = text === undefined ? [] : findSpans(text, change.steps);
  if (text === undefined || spans.length === 0) {
    throw new AppError(
      'flag-invalid',
      {
        zh: `--set ${change.path}：${item.label} 没有该字段`,
        en: `--set ${change.path}: ${item.label} has no such field`,
      },
      {
        hint: {
          zh: '用 --kind 和其他筛选参数选择有该字段的推送。',
          en: '--kind and the other filters choose the pushes that have it.',
        },
      },
    );
  }
  const parts = spans.map((span) => ({ span, text: valueFor(text.slice(span.start, span.end), change.text) }));
  return { ...item, bytes: replaceSpans(text, parts) };
}

/** Moves the times in the bodies so that the latest one of the first push that has any becomes `to`; the distances stay. */
export class TimeShift {
  readonly #to: Date;
  #shiftMs: number | undefined;

  constructor(to: Date) {
    this.#to = to;
  }

  /** The push with its times moved, each in the form it had. A push without times stays as it is. */
  apply(item: ReplayItem): ReplayItem {
    const text = textOf(item);
    if (text === undefined) return item;
    const found = [...timesIn(text)];
    if (found.length === 0) return item;
    this.#shiftMs ??= this.#to.getTime() - found.reduce((latest, { at }) => Math.max(latest, at.getTime()), -Infinity);
    const shiftMs = this.#shiftMs;
    const parts = found.map(({ span, at, typed }) => ({
      span,
      text: JSON.stringify(inFormOf(typed, new Date(at.getTime() + shiftMs))),
    }));
    return { ...item, bytes: replaceSpans(text, parts) };
  }
}

/** Source: field tables of privatenumber_02_0006a (callInTime …), 0006 (timestamp), 0008 (timeStamp) (read 2026-07). */
const TIME_FIELD = /time(stamp)?$/i;

function* timesIn(text: string): Generator<{ readonly span: Span; readonly at: Date; readonly typed: string }> {
  for (const { name, span } of fieldSpans(text)) {
    if (!TIME_FIELD.test(name) || text[span.start] !== '"') continue;
    const typed = text.slice(span.start + 1, span.end - 1);
    const at = parsePlatformTime(typed);
    if (at !== undefined) yield { span, at, typed };
  }
}

function inFormOf(typed: string, at: Date): string {
  if (!typed.includes('T')) return formatPlatformTime(at);
  const iso = at.toISOString();
  return /[.,]\d/.test(typed) ? iso : iso.replace(/\.\d+Z$/, 'Z');
}

/** One character a byte; `undefined` when the body is no JSON. */
function textOf({ bytes }: ReplayItem): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    JSON.parse(buffer.toString('utf8'));
    return buffer.toString('latin1');
  } catch {
    return undefined;
  }
}

function valueFor(old: string, typed: string): string {
  if (old.startsWith('"')) return JSON.stringify(typed);
  try {
    JSON.parse(typed);
    return typed;
  } catch {
    return JSON.stringify(typed);
  }
}

function replaceSpans(text: string, parts: readonly { readonly span: Span; readonly text: string }[]): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { span, text: written } of [...parts].sort((one, other) => one.span.start - other.span.start)) {
    pieces.push(Buffer.from(text.slice(at, span.start), 'latin1'), Buffer.from(written, 'utf8'));
    at = span.end;
  }
  pieces.push(Buffer.from(text.slice(at), 'latin1'));
  return Buffer.concat(pieces);
}
